'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useLive } from '../live/live-provider.tsx';
import { clusterPath, panels } from '../panels/panels.ts';

/** The main tabs of a cluster. */
export function ClusterNav({ clusterId }: { readonly clusterId: string }) {
  const pathname = usePathname();
  const { snapshot } = useLive();
  const waiting = snapshot?.draftChanges ?? 0;
  return (
    <nav
      aria-label="Panels of the cluster"
      className="relative overflow-x-auto border-b border-line bg-surface px-2"
    >
      <ul className="flex min-w-max">
        {panels.map((panel) => {
          const href = clusterPath(clusterId, panel.path);
          const here = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={panel.path}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={clsx(
                  'flex h-10 items-center gap-1.5 border-b-2 px-3 text-sm font-semibold whitespace-nowrap max-lg:px-2 max-lg:text-xs focus-visible:-outline-offset-2',
                  here ? 'border-accent text-text' : 'border-transparent text-muted hover:text-text',
                )}
              >
                {panel.title}
                {panel.path === 'changes' && waiting > 0 && (
                  <span className="rounded-full bg-accent px-1.5 text-xs leading-4.5 text-on-accent">
                    {waiting}
                    <span className="sr-only"> waiting</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
