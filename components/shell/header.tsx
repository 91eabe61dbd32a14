import Link from 'next/link';
import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';
import type { Theme } from './theme.ts';
import { ThemeMenu } from './theme-menu.tsx';
import { UserMenu } from './user-menu.tsx';

interface HeaderProps {
  readonly user: string | null;
  readonly theme: Theme;
  /** The cluster switch. */
  readonly children?: ReactNode;
}

export function Header({ user, theme, children }: HeaderProps) {
  return (
    <header className="flex h-12 items-center gap-3 border-b border-line bg-surface px-4 max-sm:gap-1.5">
      <a
        href="#content"
        className="sr-only rounded bg-raised px-3 py-1 focus:not-sr-only focus:absolute focus:z-50"
      >
        Skip to the content
      </a>
      <Link href="/" aria-label="Shoal, all clusters" className="flex items-center gap-2 font-semibold">
        <Logo />
        <span className="max-sm:hidden">Shoal</span>
      </Link>
      {children}
      <div className="ml-auto flex items-center gap-1">
        <ThemeMenu initial={theme} />
        {user !== null && <UserMenu name={user} />}
      </div>
    </header>
  );
}
