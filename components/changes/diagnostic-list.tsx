import { CircleX, Info, TriangleAlert } from 'lucide-react';
import type { Diagnostic, Severity } from '#lib/lvs/diagnostics.ts';
import { toneInk } from '../ui/badge.tsx';
import { Card } from '../ui/card.tsx';
import { Prose } from '../ui/prose.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';

const looks = {
  error: { Icon: CircleX, ink: toneInk.bad, word: 'Error' },
  warning: { Icon: TriangleAlert, ink: toneInk.warn, word: 'Warning' },
  hint: { Icon: Info, ink: toneInk.info, word: 'Hint' },
} as const satisfies Record<Severity, unknown>;

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, hint: 2 };

/** What is wrong with the whole configuration, the worst first. */
export function DiagnosticList({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  return (
    <Card title="What the check of the configuration says">
      <ul className="divide-y divide-line/70">
        <DiagnosticItems diagnostics={diagnostics} className="px-4 py-2" />
      </ul>
    </Card>
  );
}

interface DiagnosticItemsProps {
  readonly diagnostics: readonly Diagnostic[];
  readonly className: string;
}

/** An entry of a list for each, the worst first. */
export function DiagnosticItems({ diagnostics, className }: DiagnosticItemsProps) {
  const sorted = [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity]);
  return sorted.map((diagnostic) => {
    const { Icon, ink, word } = looks[diagnostic.severity];
    return (
      <li
        key={`${diagnostic.line} ${diagnostic.code} ${diagnostic.path?.join('.')} ${diagnostic.message}`}
        className={`flex gap-2 ${className}`}
      >
        <Icon role="img" aria-label={word} className={`mt-0.5 size-4 shrink-0 ${ink}`} />
        <span className="min-w-0 break-words">
          {diagnostic.line !== undefined && <span className="text-muted">Line {diagnostic.line}: </span>}
          <Prose text={sentence(diagnostic.message)} />{' '}
          <span className="text-muted">{sentenceOf(diagnostic.hint)}</span>
        </span>
      </li>
    );
  });
}
