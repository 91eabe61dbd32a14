import { clsx } from 'clsx';
import type { ReactNode } from 'react';

interface ScrollListProps {
  readonly label: string;
  /** Its greatest height, and what else differs. */
  readonly className: string;
  readonly children: ReactNode;
}

/** Sentences, one below the other, that may be many: it scrolls, by keyboard too. */
export const ScrollList = ({ label, className, children }: ScrollListProps) => (
  <ul
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
    tabIndex={0}
    className={clsx('list-disc overflow-y-auto break-words focus-visible:-outline-offset-2', className)}
  >
    {children}
  </ul>
);
