import clsx from 'clsx';
import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type NoticeTone = 'good' | 'info' | 'warn' | 'bad';

const looks = {
  good: { Icon: CircleCheck, className: 'border-good/40 bg-good-soft', ink: 'text-good', word: 'Done' },
  info: { Icon: Info, className: 'border-info/40 bg-info-soft', ink: 'text-info', word: 'Note' },
  warn: { Icon: TriangleAlert, className: 'border-warn/40 bg-warn-soft', ink: 'text-warn', word: 'Warning' },
  bad: { Icon: CircleX, className: 'border-bad/40 bg-bad-soft', ink: 'text-bad', word: 'Error' },
} as const satisfies Record<NoticeTone, unknown>;

interface NoticeProps {
  readonly tone: NoticeTone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Announced by screen readers when it appears; off for notices that are part of the page from the start. */
  readonly announce?: boolean;
  readonly className?: string;
}

/** A sentence in the page about something that happened or has to be done. */
export function Notice({ tone, title, children, actions, announce = true, className }: NoticeProps) {
  const { Icon, className: tint, ink, word } = looks[tone];
  return (
    <div
      {...(announce ? { role: tone === 'bad' ? 'alert' : 'status' } : {})}
      className={clsx(
        'flex flex-wrap items-start gap-x-2.5 gap-y-2 rounded-md border px-3 py-2 text-text',
        tint,
        className,
      )}
    >
      <Icon aria-label={word} role="img" className={clsx('mt-0.5 size-4 shrink-0', ink)} />
      <div className="min-w-0 grow basis-56 break-words">
        {title !== undefined && <div className="font-semibold">{title}</div>}
        {children}
      </div>
      {actions !== undefined && <div className="flex shrink-0 flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
