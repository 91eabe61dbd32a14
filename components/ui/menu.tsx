'use client';
import { lazy, type ReactNode, Suspense, useState } from 'react';

interface Shown {
  /** Unique within the menu. */
  readonly text: string;
  readonly icon?: ReactNode;
  readonly isCurrent?: boolean;
  /** A line stands above it. */
  readonly isApart?: boolean;
}

export type MenuEntry =
  | { readonly kind: 'label'; readonly text: string }
  | (Shown & { readonly kind: 'link'; readonly href: string })
  | (Shown & { readonly kind: 'action'; readonly onSelect: () => void });

export interface MenuProps {
  readonly trigger: { readonly label: string; readonly className: string; readonly content: ReactNode };
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

const load = () => import('./menu-list.tsx').then(({ MenuList }) => ({ default: MenuList }));
const LazyMenuList = lazy(load);

/** A button that opens a menu. The menu's code comes when the pointer or the keyboard reaches the button. */
export function Menu(props: MenuProps) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const { label, className, content } = props.trigger;
  const button = (
    <button
      type="button"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      className={className}
      onPointerEnter={load}
      onFocus={load}
      onClick={({ currentTarget }) => setPlace(landmarkOf(currentTarget))}
    >
      {content}
    </button>
  );
  return place === null ? (
    button
  ) : (
    <Suspense fallback={button}>
      <LazyMenuList {...props} place={place} />
    </Suspense>
  );
}

/** Where a menu belongs: who goes by landmarks finds it with its button. */
const landmarkOf = (button: HTMLElement): HTMLElement =>
  button.closest<HTMLElement>('main') ?? button.closest<HTMLElement>('header') ?? document.body;
