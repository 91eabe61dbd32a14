import type { TrailView } from '#lib/console/contract.ts';
import { Moment } from '../live/age.tsx';
import { sentence } from '../ui/sentence.ts';
import { Cell, Column, RowHead, Table } from '../ui/table.tsx';
import { kindOf } from './trail-words.ts';

/** Who did what when. */
export function TrailTable({ entries }: { readonly entries: TrailView['entries'] }) {
  return (
    <Table label="Trail">
      <thead>
        <tr>
          <Column>When</Column>
          <Column>Who</Column>
          <Column>Cluster</Column>
          <Column>Kind</Column>
          <Column>What</Column>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id} className="align-top">
            <RowHead className="font-normal">
              <Moment at={entry.at} />
            </RowHead>
            <Cell className="max-w-40 font-medium break-words">{entry.by}</Cell>
            <Cell className="max-w-64 min-w-44 break-words">
              {entry.cluster ?? <span className="text-muted">–</span>}
            </Cell>
            <Cell className="text-muted">{kindOf(entry.action)}</Cell>
            <Cell className="min-w-72 wrap-anywhere">{sentence(entry.message)}</Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
