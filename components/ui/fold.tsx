'use client';
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';

interface FoldProps {
  readonly title: string;
  /** One line beside the title while it is closed: what is in there. */
  readonly contents: string;
  readonly startsOpen: boolean;
  /** Opens it and keeps it from hiding a fault; the user may close it again. */
  readonly opens: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A section of a page that is closed until somebody wants it. */
export function Fold({ title, contents, startsOpen, opens, className, children }: FoldProps) {
  const [open, setOpen] = useState(startsOpen || opens);
  useEffect(() => {
    if (opens) setOpen(true);
  }, [opens]);
  return (
    <section
      aria-label={title}
      className={clsx('min-w-0 overflow-hidden rounded-lg border border-line bg-surface', className)}
    >
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex min-h-11 list-none items-center gap-2 px-4 py-1.5 -outline-offset-2 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden="true"
            className={clsx('size-4 shrink-0 text-muted', open && 'rotate-90')}
          />
          <h2 className="text-base font-semibold">{title}</h2>
          {!open && <span className="min-w-0 truncate text-sm text-muted">{contents}</span>}
        </summary>
        <div className="border-t border-line">{children}</div>
      </details>
    </section>
  );
}
