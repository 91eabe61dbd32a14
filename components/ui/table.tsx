import clsx from 'clsx';
import type { ReactNode, TdHTMLAttributes, ThHTMLAttributes } from 'react';

interface TableProps {
  /** Name of the table for screen readers and tests: "Routing table of r1". */
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** Scrolls up and down by itself, too; the keyboard can then reach it. For tables without buttons. */
  readonly tall?: boolean;
}

/** A dense table. It scrolls sideways by itself, so that the page never does. */
export function Table({ label, children, className, tall }: TableProps) {
  return (
    <div
      {...(tall ? { tabIndex: 0 } : {})}
      className={clsx(
        '@container relative focus-visible:-outline-offset-2',
        tall ? 'max-h-[36rem] overflow-auto' : 'overflow-x-auto',
      )}
    >
      <table aria-label={label} className={clsx('w-full border-collapse text-sm', className)}>
        {children}
      </table>
    </div>
  );
}

type Align = { readonly align?: 'left' | 'right' };

const side = ({ align }: Align) => (align === 'right' ? 'text-right' : 'text-left');

/** Class of a column that gives way where the table is narrow. */
export const wideOnly = 'hidden @4xl:table-cell';

/** Class of a column that gives way on a phone. */
export const midOnly = 'hidden @2xl:table-cell';

/** Head of a column. */
export function Column({ align, className, ...rest }: ThHTMLAttributes<HTMLTableCellElement> & Align) {
  return (
    <th
      scope="col"
      {...rest}
      className={clsx(
        'border-b border-line px-3 py-1.5 text-xs font-semibold whitespace-nowrap text-muted first:pl-4 last:pr-4',
        side({ ...(align ? { align } : {}) }),
        className,
      )}
    />
  );
}

/** Head of a row: what the row is about. */
export function RowHead({ className, ...rest }: ThHTMLAttributes<HTMLTableCellElement>) {
  return (
    <th
      scope="row"
      {...rest}
      className={clsx(
        'border-b border-line/70 px-3 py-1.5 text-left font-medium first:pl-4 last:pr-4',
        className,
      )}
    />
  );
}

export function Cell({ align, className, ...rest }: TdHTMLAttributes<HTMLTableCellElement> & Align) {
  return (
    <td
      {...rest}
      className={clsx(
        'border-b border-line/70 px-3 py-1.5 first:pl-4 last:pr-4',
        side({ ...(align ? { align } : {}) }),
        className,
      )}
    />
  );
}
