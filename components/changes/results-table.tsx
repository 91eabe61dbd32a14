import type { RouterPushResult } from '#lib/console/contract.ts';
import { outcomeLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { sentence } from '../ui/sentence.ts';
import { Cell, Column, RowHead, Table } from '../ui/table.tsx';

/** What each router made of a push. */
export function ResultsTable({
  label,
  results,
}: {
  readonly label: string;
  readonly results: readonly RouterPushResult[];
}) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Column>Router</Column>
          <Column>Result</Column>
          <Column>What happened</Column>
          <Column align="right">Time</Column>
        </tr>
      </thead>
      <tbody>
        {results.map((result) => (
          <tr key={result.routerId}>
            <RowHead>
              {result.name} <span className="font-normal text-muted">{result.role}</span>
            </RowHead>
            <Cell>
              <StateBadge look={outcomeLook[result.outcome]} />
            </Cell>
            <Cell>{sentence(result.message)}</Cell>
            <Cell align="right" className="whitespace-nowrap">
              {result.durationMs === null ? '–' : `${Math.round(result.durationMs)} ms`}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
