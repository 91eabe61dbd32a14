/** Every valid file of the corpus through the browser: imported, stored, exported, and of the same meaning. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { projectRoot } from '#e2e/lab/places.ts';
import { diffConfigs } from '#lib/lvs/diff.ts';
import { toPiranhaJson } from '#lib/lvs/json.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { piranhaLoads } from '#lib/lvs/piranha-model.ts';
import { expect, test } from '../fixtures.ts';

test.setTimeout(600_000);

const corpus = join(projectRoot, 'lib/lvs/corpus');

/** What Piranha itself made of a file; `config` only where it accepted it. */
interface Said {
  readonly ok: boolean;
  readonly config?: Record<string, unknown>;
}

const valid = readdirSync(corpus)
  .filter((name) => name.endsWith('.cf'))
  .sort()
  .map((name) => {
    const file = join(corpus, name);
    const said: Said = JSON.parse(readFileSync(file.replace(/\.cf$/, '.json'), 'utf8'));
    return { file, text: readFileSync(file, 'utf8'), cluster: `Corpus ${name.slice(0, -3)}`, said };
  })
  .filter(({ said }) => said.ok);

/** As a person does it: the file is chosen, looked at, named, imported. */
async function importFile(page: Page, { file, cluster }: (typeof valid)[number]): Promise<void> {
  await page.goto('/clusters/new');
  await page.getByLabel('From a file').check();
  await page.getByLabel('File with the configuration').setInputFiles(file);
  const name = page.getByLabel('Name of the cluster');
  await name.fill(cluster);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(`${cluster} is imported.`)).toBeVisible();
}

/** The draft of the cluster that the page is about, as the console gives it for download. */
async function exported(page: Page): Promise<string> {
  await page.getByRole('link', { name: /^Changes/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Draft as lvs.cf' }).click();
  return readFileSync(await (await download).path(), 'utf8');
}

test('every valid file of the corpus is imported and exported by the browser with its meaning, and Piranha loads what comes out', async ({
  shoal,
}) => {
  const { page } = shoal;
  expect(valid.length).toBe(52);
  const wrong: string[] = [];
  for (const each of valid) {
    await importFile(page, each);
    const text = await exported(page);
    const again = parseConfig(text);
    const faults = [
      ...again.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      ...diffConfigs(parseConfig(each.text).config, again.config).map(({ message }) => message),
    ];
    const loaded = piranhaLoads(text);
    if (!loaded.ok) faults.push(`Piranha blames line ${loaded.line}`);
    // By the word of Piranha itself about the file that went in.
    expect.soft(toPiranhaJson(again.config), each.cluster).toEqual(each.said.config);
    wrong.push(...faults.map((fault) => `${each.cluster}: ${fault}`));
  }
  expect(wrong).toEqual([]);

  // The other tests know one cluster only.
  await page.goto('/clusters');
  for (const { cluster } of valid) {
    await page.getByRole('button', { name: `Delete ${cluster}`, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: `Delete ${cluster}`, exact: true }).click();
    await expect(dialog).toBeHidden();
  }
  await expect(page.getByRole('link', { name: /^Corpus/ })).toHaveCount(0);
});
