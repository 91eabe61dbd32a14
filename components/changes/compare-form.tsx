'use client';
import { useRouter } from 'next/navigation';
import { useId } from 'react';
import type { RevisionName } from '#lib/console/contract.ts';
import { comparePath } from '../panels/panels.ts';
import { Select } from '../ui/select.tsx';

/** A revision's number, or the draft. */
export type Side = number | 'draft';

interface CompareFormProps {
  readonly clusterId: string;
  readonly serials: readonly RevisionName[];
  readonly from: Side;
  readonly to: Side;
}

/** Picks the two that are compared; the address holds them, so that it can be sent to somebody. */
export function CompareForm({ clusterId, serials, from, to }: CompareFormProps) {
  const router = useRouter();
  const id = useId();
  const pick = (which: 'from' | 'to', value: string) => {
    const side: Side = value === 'draft' ? 'draft' : Number(value);
    const next = which === 'from' ? { from: side, to } : { from, to: side };
    router.push(comparePath(clusterId, next.from, next.to));
  };
  return (
    <div className="flex flex-wrap items-end gap-3">
      {(['from', 'to'] as const).map((which) => (
        <div key={which} className="flex min-w-0 flex-col gap-1">
          <label htmlFor={`${id}${which}`} className="text-sm font-medium">
            {which === 'from' ? 'From' : 'To'}
          </label>
          <Select
            id={`${id}${which}`}
            value={which === 'from' ? from : to}
            onChange={(event) => pick(which, event.target.value)}
          >
            <option value="draft">The draft</option>
            {serials.map(({ serial, author, at }) => (
              <option key={serial} value={serial}>
                Revision {serial}, {author}, {at.slice(0, 16).replace('T', ' ')} UTC
              </option>
            ))}
          </Select>
        </div>
      ))}
    </div>
  );
}
