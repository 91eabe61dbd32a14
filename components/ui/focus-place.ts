/** Where the keyboard is, and where it goes when that place is gone from the page. */

interface Surrounding {
  readonly parent: Element;
  readonly next: Element | null;
  readonly previous: Element | null;
}

export interface FocusPlace {
  readonly element: HTMLElement;
  /** From the inside out. */
  readonly around: readonly Surrounding[];
}

/** Rows stand for each other: who was at one that is gone goes on at its neighbour. */
const rows = 'tr, li';
const wholes = 'section, form, dialog, [role="dialog"], main';

/** The place of an element, to be remembered while it is there. */
export function placeOf(element: HTMLElement): FocusPlace {
  const around: Surrounding[] = [];
  let node: Element = element;
  while (node.parentElement !== null) {
    around.push({
      parent: node.parentElement,
      next: node.nextElementSibling,
      previous: node.previousElementSibling,
    });
    node = node.parentElement;
  }
  return { element, around };
}

/** What stands nearest to a place that is gone: the row beside it, else the part of the page that it was in. */
function nearest({ around }: FocusPlace): HTMLElement | null {
  const edge = around.find(({ parent }) => parent.isConnected);
  const beside = [edge?.next, edge?.previous].find((each) => each?.isConnected && each.matches(rows));
  const found = beside ?? edge?.parent.closest(wholes) ?? document.getElementById('content');
  return found instanceof HTMLElement ? found : null;
}

/**
 * Puts the keyboard back to a place, or next to it. What stands in for it is no button: a key that is pressed
 * twice does nothing to the neighbour.
 */
export function goTo(place: FocusPlace): void {
  if (place.element.isConnected && !place.element.matches(':disabled')) {
    place.element.focus();
    return;
  }
  const target = nearest(place);
  if (target === null) return;
  if (!target.hasAttribute('tabindex')) {
    target.tabIndex = -1;
    target.addEventListener('blur', () => target.removeAttribute('tabindex'), { once: true });
  }
  // A whole part of the page is in sight already, more or less: it must not jump.
  target.focus({ preventScroll: !target.matches(rows) });
}
