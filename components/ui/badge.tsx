import clsx from 'clsx';
import type { LucideIcon } from 'lucide-react';

export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'neutral' | 'accent';

export const toneInk = {
  good: 'text-good',
  info: 'text-info',
  warn: 'text-warn',
  bad: 'text-bad',
  neutral: 'text-muted',
  accent: 'text-accent',
} as const satisfies Record<Tone, string>;

const tint = {
  good: 'border-good/40 bg-good-soft',
  info: 'border-info/40 bg-info-soft',
  warn: 'border-warn/45 bg-warn-soft',
  bad: 'border-bad/45 bg-bad-soft',
  neutral: 'border-line bg-sunken',
  accent: 'border-accent/40 bg-accent-soft',
} as const satisfies Record<Tone, string>;

interface BadgeProps {
  readonly tone: Tone;
  readonly Icon?: LucideIcon;
  readonly children: string;
  readonly large?: boolean;
}

/** A state as word, shape and colour. */
export function Badge({ tone, Icon, children, large }: BadgeProps) {
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1 rounded border font-semibold whitespace-nowrap',
        large ? 'px-2 py-0.5 text-base' : 'px-1.5 text-xs leading-5',
        toneInk[tone],
        tint[tone],
      )}
    >
      {Icon && <Icon aria-hidden="true" className={large ? 'size-4' : 'size-3.5'} strokeWidth={2.4} />}
      {children}
    </span>
  );
}
