/** A person without a mouse: keys alone. After each of them the focus is looked at: it has to be where one sees it. */
import { expect, type JSHandle, type Locator, type Page } from '@playwright/test';

/** Where the focus is, and what is wrong with that; runs in the page. */
function lookAtFocus(target: Element | null) {
  const element = document.activeElement;
  // Between the end of a page and its beginning.
  // What is drawn anew is another element of the same name.
  const isStale = target !== null && !target.isConnected;
  if (element === null || element === document.body)
    return { where: 'nowhere', fault: null, isThere: false, isStale };
  const label = element.getAttribute('aria-label') ?? (element.textContent?.trim() || element.id);
  const where = `${element.tagName.toLowerCase()} “${label.slice(0, 40)}”`;
  const found = (fault: string | null) => ({ where, fault, isThere: element === target, isStale });
  // A part of the page, such as its content after a jump, takes no keys itself.
  if (element.matches('main, section, form, tr, li, div') && element.getAttribute('tabindex') === '-1')
    return found(null);
  const box = element.getBoundingClientRect();
  const [left, right] = [Math.max(0, box.left), Math.min(window.innerWidth, box.right)];
  const [top, bottom] = [Math.max(0, box.top), Math.min(window.innerHeight, box.bottom)];
  if (right - left < 1 || bottom - top < 1) return found('is outside the window');
  const parts = [0.1, 0.5, 0.9];
  const isInSight = parts.some((x) =>
    parts.some((y) => {
      const above = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return above !== null && (element.contains(above) || above.contains(element));
    }),
  );
  if (!isInSight) return found('is covered');
  const hasRing = (each: Element | null, steps: number): boolean => {
    if (each === null || steps === 0) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return (
      (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) ||
      hasRing(each.parentElement, steps - 1)
    );
  };
  // The label around a radio button and the frame of the editor show it for what is in them.
  return found(hasRing(element, 3) ? null : 'shows no ring');
}

/** Notes where the focus is; whether it has been there before. Runs in the page. */
function note(seen: Set<Element>): boolean {
  const element = document.activeElement ?? document.body;
  const isAgain = seen.has(element);
  seen.add(element);
  return isAgain;
}

/** What can be used with a mouse and was not among what the keyboard reached. Runs in the page. */
function missed(seen: Set<Element>): string[] {
  const usable = [
    ...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary'),
  ];
  const groups = new Set([...seen].flatMap((each) => (each instanceof HTMLInputElement ? each.name : [])));
  return usable
    .filter(
      (each) => !seen.has(each) && each.tabIndex >= 0 && !each.matches(':disabled') && each.checkVisibility(),
    )
    .filter((each) => !(each instanceof HTMLInputElement && each.type === 'radio' && groups.has(each.name)))
    .map((each) => each.outerHTML.slice(0, 120));
}

export class Keyboard {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async #look(target: JSHandle<Element | null> | null = null) {
    let seen = await this.page.evaluate(lookAtFocus, target);
    // The editor and menus draw it a moment later.
    for (let again = 0; seen.fault !== null && again < 20; again += 1) {
      await this.page.waitForTimeout(50);
      seen = await this.page.evaluate(lookAtFocus, target);
    }
    const { where, fault } = seen;
    if (fault !== null) throw new Error(`The focus is at ${where}, which ${fault}.`);
    return seen;
  }

  /** Presses Tab (or another key) until the element has the focus. */
  async reach(target: Locator, key = 'Tab', most = 160): Promise<void> {
    const one = target.first();
    await expect(one).toBeEnabled();
    let handle = await one.elementHandle();
    const way: string[] = [];
    for (let step = 0; step <= most; step += 1) {
      const { where, isThere, isStale } = await this.#look(handle);
      if (isThere) return;
      way.push(where);
      await this.page.keyboard.press(key);
      if (isStale) handle = await one.elementHandle();
    }
    throw new Error(`${most} times ${key} did not reach ${target}, but ${way.slice(-12).join(', ')}`);
  }

  async press(target: Locator, key = 'Enter', way = 'Tab'): Promise<void> {
    await this.reach(target, way);
    await this.page.keyboard.press(key);
  }

  /** Types over what stands in a field. */
  async write(target: Locator, text: string, way = 'Tab'): Promise<void> {
    await this.reach(target, way);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }

  /** Opens a menu and takes one of its entries by the arrow keys. */
  async choose(trigger: Locator, entry: string): Promise<void> {
    await this.press(trigger);
    const item = this.page.getByRole('menuitem', { name: entry, exact: true });
    await expect(item).toBeVisible();
    await this.press(item, 'Enter', 'ArrowDown');
    await expect(item).toBeHidden();
  }

  /** The dialog that has opened; it has the focus. */
  async dialog(name: string | RegExp): Promise<Locator> {
    const dialog = this.page.getByRole('dialog', { name });
    await expect(dialog).toBeVisible();
    const hasFocus = () => dialog.evaluate((element) => element.contains(document.activeElement));
    await expect.poll(hasFocus, { message: `the focus in the dialog ${name}` }).toBe(true);
    return dialog;
  }

  /** Presses a button of a dialog, which closes it; the focus is on the page again. */
  async answer(dialog: Locator, button: string): Promise<void> {
    await this.press(dialog.getByRole('button', { name: button, exact: true }));
    await expect(dialog).toBeHidden();
    await this.expectSomewhere();
  }

  /** The focus is at something, and one sees it. */
  async expectSomewhere(): Promise<void> {
    const where = async () => (await this.#look()).where;
    await expect.poll(where, { message: 'the place of the focus' }).not.toBe('nowhere');
  }

  /** Goes somewhere by the command palette. `option`: what is chosen of what the words find. */
  async go(words: string, url: RegExp, option = words): Promise<void> {
    const { page } = this;
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('combobox', { name: 'Search everything' })).toBeFocused();
    await this.#look();
    await page.keyboard.type(words);
    const wanted = page.getByRole('option', { name: option }).first();
    await expect(wanted).toBeVisible();
    for (let step = 0; (await wanted.getAttribute('aria-selected')) !== 'true'; step += 1) {
      if (step > 40) throw new Error(`The arrow keys did not reach ${option}.`);
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(url);
    const arrived = page.getByRole('heading', { level: 1 }).or(page.getByRole('dialog'));
    await expect(arrived.first()).toBeVisible();
    await this.expectSomewhere();
  }

  /** Once around the page: Tab comes back to its beginning, is never caught, and reaches everything that can be used. */
  async walk(): Promise<void> {
    const seen = await this.page.evaluateHandle(() => new Set<Element>());
    for (let step = 0; !(await this.page.evaluate(note, seen)); step += 1) {
      if (step > 400) throw new Error('400 times Tab did not come around the page.');
      await this.page.keyboard.press('Tab');
      await this.#look();
    }
    expect(await this.page.evaluate(missed, seen), 'not reached by Tab').toEqual([]);
  }
}
