'use client';
import { lazy, type ReactNode, Suspense } from 'react';
import type { FieldValues, Saved, SaveResult } from '#lib/console/contract.ts';
import type { Panel } from '#lib/lvs/directive.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import type { StoredForm } from './use-form.ts';

export interface BlockDialogProps {
  readonly scope: Scope;
  readonly panel: Panel;
  readonly title: string;
  readonly description?: ReactNode;
  readonly verb: string;
  /** All groups of the panel, for a block that has no page of its own. Otherwise the first one alone. */
  readonly whole?: boolean;
  readonly name: { readonly label: string; readonly help: string };
  /** `name` stands among the values. What is left out has the value that an absent directive has. */
  readonly stored: StoredForm;
  readonly save: (version: number, name: string, values: FieldValues) => Promise<SaveResult>;
  readonly onClose: () => void;
  readonly onSaved: (saved: Saved) => void;
}

const LazyBlockForm = lazy(() =>
  import('./block-form.tsx').then(({ BlockForm }) => ({ default: BlockForm })),
);

/**
 * Adds or edits a block (a virtual server, a real server): its name and fields of a panel. The table of
 * directives comes with the first dialog; the list behind it does not need it.
 */
export function BlockDialog(props: BlockDialogProps) {
  return (
    <Suspense fallback={null}>
      <LazyBlockForm {...props} />
    </Suspense>
  );
}
