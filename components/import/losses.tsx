'use client';
import type { NotCarried } from '#lib/import/result.ts';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import { Card } from '../ui/card.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import { Cell, Column, RowHead, Table } from '../ui/table.tsx';

interface LossesProps {
  readonly losses: readonly NotCarried[];
  readonly accepted: boolean;
  readonly onAccept: (accepted: boolean) => void;
  readonly onShow: (line: number) => void;
}

/** What the text has and the cluster will not have, one line each; nothing is lost in silence. */
export function Losses({ losses, accepted, onAccept, onShow }: LossesProps) {
  const count = losses.length === 1 ? '1 thing is' : `${losses.length} things are`;
  return (
    <Card
      title="What is not carried over"
      aside={<span className="text-sm text-muted">{losses.length}</span>}
    >
      <Table label="What is not carried over" tall>
        <thead>
          <tr>
            <Column align="right">Line</Column>
            <Column>What</Column>
            <Column>Why, and what stands in its place</Column>
          </tr>
        </thead>
        <tbody>
          {losses.map((loss) => (
            <tr key={`${loss.line} ${loss.what} ${loss.reason}`}>
              <Cell align="right">
                <button
                  type="button"
                  onClick={() => onShow(loss.line)}
                  aria-label={`Line ${loss.line}: show it`}
                  className="rounded px-1 font-mono text-accent hover:underline"
                >
                  {loss.line}
                </button>
              </Cell>
              <RowHead className="font-mono text-xs font-normal break-all">{loss.what}</RowHead>
              <Cell>{sentence(loss.reason)}</Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      <label className="flex items-start gap-2 border-t border-line px-4 py-2.5">
        <input
          type="checkbox"
          checked={accepted}
          onChange={(event) => onAccept(event.target.checked)}
          className="mt-1 size-4 accent-(--accent)"
        />
        <span>I have read this: {count} not carried over, and the cluster goes without.</span>
      </label>
    </Card>
  );
}

interface ToCompleteProps {
  readonly gaps: readonly PlacedDiagnostic[];
  /** An lvs.cf says everything; what is missing or wrong stands in its text. */
  readonly isOwnFormat: boolean;
}

/** What stands between the draft and its first push; it is imported all the same and can be seen to on the panels. */
export function ToComplete({ gaps, isOwnFormat }: ToCompleteProps) {
  return (
    <Card
      title={isOwnFormat ? 'To be mended before the first push' : 'To be completed after the import'}
      aside={<span className="text-sm text-muted">{gaps.length}</span>}
    >
      <p className="px-4 pt-2.5 text-sm text-muted">
        {isOwnFormat
          ? 'Piranha runs with these errors; Shoal does not. Mend them here in the text, or import it as it is and mend them on the panels of the cluster. Until then nothing can be pushed.'
          : 'The text does not say these; the panels of the cluster will ask for them. Until then nothing can be pushed.'}
      </p>
      <ul className="list-disc py-2 pr-4 pl-9 text-sm">
        {gaps.map((gap) => (
          <li key={`${gap.code} ${gap.line} ${gap.message}`} className="py-0.5">
            {isOwnFormat && `Line ${gap.line}. `}
            {sentence(gap.message)} <span className="text-muted">{sentenceOf(gap.hint)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
