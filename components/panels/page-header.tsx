import type { ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** What this page is for, in a sentence. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHeader({ title, children, actions }: PageHeaderProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start gap-x-6 gap-y-2">
      <div className="min-w-0 grow basis-96">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children !== undefined && <p className="mt-0.5 max-w-4xl text-muted">{children}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
