import clsx from 'clsx';
import type { ReactNode } from 'react';

interface CardProps {
  readonly title: string;
  /** Name of the section when the visible title alone does not say enough. */
  readonly label?: string;
  /** Beside the title: state, counts. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A titled section of a page. */
export function Card({ title, label, aside, actions, children, className }: CardProps) {
  return (
    <section
      aria-label={label ?? title}
      className={clsx('min-w-0 overflow-hidden rounded-lg border border-line bg-surface', className)}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
        <h2 className="text-base font-semibold">{title}</h2>
        {aside}
        {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** One fact: a word on the left, what is known on the right. Use inside <dl>. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3 py-1">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="min-w-0 text-sm break-words">{children}</dd>
    </div>
  );
}

/** A page or a list with nothing in it yet: says what belongs here and how it begins. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="flex max-w-3xl flex-col items-start gap-3 px-4 py-5">
      <h3 className="text-base font-semibold">{title}</h3>
      <div className="flex flex-col gap-2 text-muted">{children}</div>
      {action}
    </div>
  );
}
