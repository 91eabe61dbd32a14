/** Who does everything by keys, and with what. */
import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import type { Lab } from '#e2e/lab/lab.ts';
import { ConsolePage } from '../console-page.ts';
import { Keyboard } from './keyboard.ts';

export interface Person {
  readonly keys: Keyboard;
  readonly shoal: ConsolePage;
  readonly lab: Lab;
  readonly button: (name: string | RegExp) => Locator;
  readonly link: (name: string | RegExp) => Locator;
  readonly field: (label: string) => Locator;
}

/** Somebody in front of a page. */
export const personAt = (page: Page, lab: Lab): Person => ({
  keys: new Keyboard(page),
  shoal: new ConsolePage(page),
  lab,
  button: (name) => page.getByRole('button', { name, exact: true }),
  link: (name) => page.getByRole('link', { name, exact: true }),
  field: (label) => page.getByLabel(label, { exact: true }),
});

/** The text of a file that the console gives when something is pressed. */
export async function fileOf({ shoal: { page } }: Person, press: () => Promise<void>): Promise<string> {
  const download: Promise<Download> = page.waitForEvent('download');
  await press();
  return readFileSync(await (await download).path(), 'utf8');
}
