import clsx from 'clsx';
import { ArrowRight, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

const looks = {
  accent: { className: 'border-accent/40 bg-accent-soft', ink: 'text-accent' },
  warn: { className: 'border-warn/40 bg-warn-soft', ink: 'text-warn' },
} as const;

interface ClusterBarProps {
  readonly tone: keyof typeof looks;
  readonly Icon: LucideIcon;
  readonly href: string;
  /** Where it leads. */
  readonly to: string;
  readonly children: ReactNode;
}

/** One line over the pages of a cluster: what waits for somebody, and the way there. */
export function ClusterBar({ tone, Icon, href, to, children }: ClusterBarProps) {
  const { className, ink } = looks[tone];
  return (
    <div className={clsx('flex flex-wrap items-center gap-x-2 border-b px-4 py-1.5 text-sm', className)}>
      <Icon aria-hidden="true" className={clsx('size-4 shrink-0', ink)} />
      <span className="min-w-0 grow basis-64">{children}</span>
      <Link
        href={href}
        className="ml-auto inline-flex items-center gap-1 rounded font-semibold whitespace-nowrap text-accent hover:underline"
      >
        {to}
        <ArrowRight aria-hidden="true" className="size-4" />
      </Link>
    </div>
  );
}
