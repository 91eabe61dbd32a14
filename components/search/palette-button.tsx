'use client';
import { Search } from 'lucide-react';
import { useParams } from 'next/navigation';
import { lazy, Suspense, useEffect, useState } from 'react';
import { buttonLook } from '../ui/button.tsx';
import type { PaletteCluster } from './palette-entries.ts';

const load = () => import('./palette.tsx').then(({ Palette }) => ({ default: Palette }));
const LazyPalette = lazy(load);

/** Whether a key is part of what a person types somewhere. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Opens the command palette: by the button, by Ctrl-K or ⌘-K everywhere, by `/` where nothing is typed. */
export function PaletteButton({ clusters }: { readonly clusters: readonly PaletteCluster[] }) {
  const { id } = useParams<{ id?: string }>();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k';
      const isSlash =
        event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
      // A dialog that is open keeps the keyboard.
      if ((!isShortcut && !isSlash) || document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      <button
        type="button"
        className={buttonLook({ tone: 'plain' })}
        aria-keyshortcuts="Control+K Meta+K /"
        onPointerEnter={load}
        onFocus={load}
        onClick={() => setOpen(true)}
      >
        <Search aria-hidden="true" />
        <span className="max-sm:sr-only">Search</span>
        <span aria-hidden="true" className="rounded border border-line px-1 text-xs text-muted max-sm:hidden">
          Ctrl K
        </span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <LazyPalette clusters={clusters} currentId={id ?? null} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
