import clsx from 'clsx';
import type { TextChange } from '#lib/console/contract.ts';
import { foldDiff } from './fold-diff.ts';

const looks = {
  same: { sign: ' ', word: '', className: 'text-muted' },
  added: { sign: '+', word: 'added: ', className: 'bg-good-soft text-text' },
  removed: { sign: '−', word: 'removed: ', className: 'bg-bad-soft text-text' },
} as const satisfies Record<Exclude<TextChange['kind'], 'skipped' | 'cut'>, unknown>;

/** A difference of two lvs.cf texts; long stretches without a change are folded. */
export function TextDiff({ lines }: { readonly lines: readonly TextChange[] }) {
  return (
    <section
      aria-label="Difference as lvs.cf"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
      tabIndex={0}
      className="max-h-[32rem] overflow-auto py-2 font-mono text-xs leading-5"
    >
      {foldDiff(lines).map((part) =>
        part.kind === 'fold' ? (
          <div
            key={`fold ${part.line}`}
            className="border-y border-line/70 bg-sunken px-4 text-muted select-none"
          >
            … {part.count} lines without a change
          </div>
        ) : part.kind === 'cut' ? (
          <div key="cut" className="border-t border-line/70 bg-sunken px-4 text-muted">
            … {part.text} more lines of the difference. Download lvs.cf to read them.
          </div>
        ) : (
          <div key={part.line} className={clsx('flex px-4 whitespace-pre', looks[part.kind].className)}>
            <span aria-hidden="true" className="w-5 shrink-0 select-none">
              {looks[part.kind].sign}
            </span>
            <span className="sr-only">{looks[part.kind].word}</span>
            <span>{part.text || ' '}</span>
          </div>
        ),
      )}
    </section>
  );
}
