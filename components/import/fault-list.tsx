import type { Severity } from '#lib/lvs/diagnostics.ts';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import { rankOf } from './severity.ts';
import { SeverityIcon } from './severity-icon.tsx';

/** As many as a person goes through one by one; those that are mended make room for the next. */
const MOST_SHOWN = 200;

const plurals = { error: 'errors', warning: 'warnings', hint: 'hints' } as const satisfies Record<
  Severity,
  string
>;

const counted = (severity: Severity, count: number): string =>
  `${count} ${count === 1 ? severity : plurals[severity]}`;

/** "2 errors, 1 warning"; "no faults". */
export function faultSummary(faults: readonly PlacedDiagnostic[]): string {
  const counts = (['error', 'warning', 'hint'] as const).flatMap((severity) => {
    const count = faults.filter((fault) => fault.severity === severity).length;
    return count === 0 ? [] : [counted(severity, count)];
  });
  return counts.length === 0 ? 'no faults' : counts.join(', ');
}

interface FaultListProps {
  readonly faults: readonly PlacedDiagnostic[];
  readonly onShow: (fault: PlacedDiagnostic) => void;
}

/** The faults of a text, the worst first; each leads to its place. */
export function FaultList({ faults, onShow }: FaultListProps) {
  const sorted = faults.toSorted((a, b) => rankOf(a.severity) - rankOf(b.severity) || a.line - b.line);
  return (
    <>
      <ul aria-label="Faults of the text" className="divide-y divide-line/70">
        {sorted.slice(0, MOST_SHOWN).map((fault) => (
          <li key={`${fault.line} ${fault.column} ${fault.code} ${fault.message}`}>
            <button
              type="button"
              onClick={() => onShow(fault)}
              className="flex w-full gap-2 px-4 py-2 text-left text-sm hover:bg-sunken focus-visible:-outline-offset-2"
            >
              <SeverityIcon severity={fault.severity} className="mt-0.5" />
              <span className="min-w-0 break-words">
                <span className="font-semibold">Line {fault.line}.</span> {sentence(fault.message)}{' '}
                <span className="text-muted">{sentenceOf(fault.hint)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {sorted.length > MOST_SHOWN && (
        <p className="border-t border-line px-4 py-2 text-sm text-muted">
          and {sorted.length - MOST_SHOWN} more, marked in the text.
        </p>
      )}
    </>
  );
}
