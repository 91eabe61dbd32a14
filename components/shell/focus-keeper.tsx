'use client';
import { useEffect } from 'react';
import { type FocusPlace, goTo, placeOf } from '../ui/focus-place.ts';

/**
 * When what has the focus goes from the page or moves in it (its row was deleted or moved up, its notice was read, its
 * page was left), or is switched off, browsers leave the keyboard nowhere. It goes on there, or beside it.
 */
export function FocusKeeper() {
  useEffect(() => {
    let place: FocusPlace | null = null;
    let isLost = false;
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      place = placeOf(target);
      isLost = false;
    };
    // A click beside everything leaves the place of its own will.
    const forget = () => {
      place = null;
    };
    const keep = (records: readonly MutationRecord[]) => {
      if (place === null) return;
      const { element } = place;
      const { activeElement, body } = document;
      const isOff = activeElement === element && element.matches(':disabled');
      if (activeElement !== body && !isOff) return;
      isLost ||=
        isOff || records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(element)));
      if (isLost) goTo(place);
    };
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    document.addEventListener('pointerdown', forget, { capture: true });
    document.addEventListener('focusin', remember);
    return () => {
      observer.disconnect();
      document.removeEventListener('pointerdown', forget, { capture: true });
      document.removeEventListener('focusin', remember);
    };
  }, []);
  return null;
}
