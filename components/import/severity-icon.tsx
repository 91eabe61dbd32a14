import clsx from 'clsx';
import type { Severity } from '#lib/lvs/diagnostics.ts';
import { severityLooks } from './severity.ts';

/** A severity as shape and colour; its word stands beside it or is read out. */
export function SeverityIcon({
  severity,
  className,
}: {
  readonly severity: Severity;
  readonly className?: string;
}) {
  const { ink, shape, word } = severityLooks[severity];
  return (
    <svg
      viewBox="0 0 24 24"
      role="img"
      aria-label={word}
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={clsx('size-4 shrink-0', ink, className)}
    >
      {shape.map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}
