/** What axe finds on a page of the console. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Wanted {
  readonly type: 'tag' | 'rule';
  readonly values: readonly string[];
}

const everything: Wanted = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
/** The schemes differ in nothing else. */
const colours: Wanted = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Findings as `rule: element`. */
async function findings(page: Page, wanted: Wanted): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    interface Result {
      readonly violations: readonly {
        readonly id: string;
        readonly nodes: readonly { readonly target: readonly string[] }[];
      }[];
    }
    const { axe: checker } = window as unknown as {
      axe: { run(where: Document, how: object): Promise<Result> };
    };
    const { violations } = await checker.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }, wanted);
}

/** In both schemes, without opening the page anew; a transition of colours may still be on its way. */
export async function expectNoFindings(page: Page): Promise<void> {
  for (const [colorScheme, wanted] of [
    ['dark', colours],
    ['light', everything],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(() => findings(page, wanted), { message: colorScheme, timeout: 60_000 }).toEqual([]);
  }
}
