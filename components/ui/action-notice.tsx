'use client';
import { X } from 'lucide-react';
import type { ActionResult } from '#lib/console/contract.ts';
import { Notice } from './notice.tsx';
import { Prose } from './prose.tsx';
import { sentence } from './sentence.ts';

/** What became of an action, until it is put away. */
export function ActionNotice({
  result,
  onClose,
}: {
  readonly result: ActionResult | null;
  readonly onClose: () => void;
}) {
  if (result === null) return null;
  return (
    <Notice
      tone={result.ok ? 'good' : 'bad'}
      actions={
        <button
          type="button"
          aria-label="Put this message away"
          onClick={onClose}
          className="rounded text-muted hover:text-text"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      }
    >
      <Prose text={sentence(result.message)} />
    </Notice>
  );
}
