'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

interface SubNavProps {
  readonly label: string;
  readonly items: readonly { readonly href: string; readonly title: string }[];
}

/** Second row of tabs: parts of the thing that the page is about. */
export function SubNav({ label, items }: SubNavProps) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="relative mb-4 overflow-x-auto border-b border-line">
      <ul className="flex min-w-max gap-1">
        {items.map(({ href, title }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={pathname === href ? 'page' : undefined}
              className={clsx(
                '-mb-px flex h-9 items-center border-b-2 px-3 text-sm font-semibold whitespace-nowrap focus-visible:-outline-offset-2',
                pathname === href
                  ? 'border-accent text-text'
                  : 'border-transparent text-muted hover:text-text',
              )}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
