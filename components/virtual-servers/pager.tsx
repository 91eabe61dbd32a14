import Link from 'next/link';
import { buttonLook } from '../ui/button.tsx';

interface PagerProps {
  /** Where it stands, for a list that has two. */
  readonly place: 'above' | 'below';
  readonly page: number;
  readonly pages: number;
  /** Address of a page. */
  readonly hrefOf: (page: number) => string;
}

/** Leads through the pages of a long list. */
export function Pager({ place, page, pages, hrefOf }: PagerProps) {
  if (pages < 2) return null;
  const link = (to: number, text: string, label: string) =>
    to < 1 || to > pages || to === page ? (
      <button type="button" disabled aria-label={label} className={buttonLook({ size: 'small' })}>
        {text}
      </button>
    ) : (
      <Link href={hrefOf(to)} prefetch={false} aria-label={label} className={buttonLook({ size: 'small' })}>
        {text}
      </Link>
    );
  return (
    <nav aria-label={`Pages of the list, ${place}`} className="flex flex-wrap items-center gap-2">
      {link(1, 'First', 'First page')}
      {link(page - 1, 'Previous', 'Previous page')}
      <span className="px-1 text-sm text-muted">
        Page {page} of {pages}
      </span>
      {link(page + 1, 'Next', 'Next page')}
      {link(pages, 'Last', 'Last page')}
    </nav>
  );
}
