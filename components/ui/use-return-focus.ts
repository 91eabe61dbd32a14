'use client';
import { useRef } from 'react';
import { type FocusPlace, goTo, placeOf } from './focus-place.ts';

/** What stays there: of a menu that closes, the button that opened it. */
function lasting(element: HTMLElement): HTMLElement {
  const menu = element.closest('[role="menu"]');
  return document.getElementById(menu?.getAttribute('aria-labelledby') ?? '') ?? element;
}

/** For what Radix opens over the page without a trigger of its own: the keyboard goes back to where it came from. */
export function useReturnFocus() {
  const opener = useRef<FocusPlace | null>(null);
  return {
    onOpenAutoFocus: () => {
      const { activeElement } = document;
      if (activeElement instanceof HTMLElement) opener.current = placeOf(lasting(activeElement));
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (opener.current !== null) goTo(opener.current);
    },
  };
}
