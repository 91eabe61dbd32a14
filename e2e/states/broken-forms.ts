/** Forms with faults: what a person typed was not what the field takes. */
import type { Locator } from '@playwright/test';
import { type ConsolePage, untilAlive } from '../console-page.ts';
import { importOf, type Stop } from '../walk.ts';
import { faultyText } from './texts.ts';

const rubbish = `10.11.12.999 "it's"`;

/** Something that no field takes into each that takes text. */
async function fillWithRubbish(form: Locator): Promise<void> {
  await form.getByRole('textbox').first().waitFor();
  for (const field of await form.getByRole('textbox').all()) {
    if (await field.isEditable()) await field.fill(rubbish);
  }
}

async function untilFaulty(form: Locator): Promise<void> {
  await form.locator('[aria-invalid="true"]').first().waitFor();
}

/** A panel's form after a save that was refused. */
const panelForm = (name: string, open: (shoal: ConsolePage) => Promise<void>): Stop => ({
  name: `${name}-with-faults`,
  open: async (shoal) => {
    await open(shoal);
    const form = shoal.page.getByRole('main').locator('form').first();
    await fillWithRubbish(form);
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await untilFaulty(form);
  },
});

/** In a cluster of that name. */
export function formStops(cluster: string): readonly Stop[] {
  const inCluster = (panel: Parameters<ConsolePage['open']>[0]) => async (shoal: ConsolePage) => {
    await shoal.openCluster(cluster);
    await shoal.open(panel);
  };
  const inVirtualServer = (tab?: 'REAL SERVER' | 'MONITORING SCRIPTS') => async (shoal: ConsolePage) => {
    await shoal.openCluster(cluster);
    await shoal.openVirtualServer('web', tab);
  };
  return [
    { ...panelForm('global', inCluster('global')), everyTime: true },
    panelForm('redundancy', inCluster('redundancy')),
    panelForm('virtual-server', inVirtualServer()),
    panelForm('monitoring-scripts', inVirtualServer('MONITORING SCRIPTS')),
    {
      name: 'real-server-dialog-with-faults',
      everyTime: true,
      open: async (shoal) => {
        await inVirtualServer('REAL SERVER')(shoal);
        await shoal.page.getByRole('button', { name: 'Edit rs1' }).click();
        const dialog = shoal.page.getByRole('dialog');
        await fillWithRubbish(dialog);
        await dialog.getByRole('button', { name: 'Save', exact: true }).click();
        await untilFaulty(dialog);
      },
    },
    {
      name: 'two-administrators',
      everyTime: true,
      open: async (shoal) => {
        await inCluster('redundancy')(shoal);
        const { page } = shoal;
        const other = await page.context().newPage();
        await other.goto(page.url());
        const save = { name: 'Save', exact: true } as const;
        const dead = (where: typeof page) => where.getByLabel('Assume dead after', { exact: true }).first();
        const next = (Number(await dead(page).inputValue()) + 1).toString();
        await untilAlive(dead(other));
        await dead(other).fill(next);
        await other.getByRole('button', save).click();
        await other.getByText('Saved in the draft').waitFor();
        await other.close();
        await dead(page).fill('33');
        await page.getByRole('button', save).click();
        await page.getByText('saved this first').waitFor();
      },
    },
    {
      name: 'router-login-with-faults',
      open: async ({ page }) => {
        await page.goto('/clusters/new');
        await page.getByLabel('Address').fill('127.0.0.1');
        await page.getByLabel('SSH port').fill('1');
        await page.getByRole('button', { name: 'Look at its host key' }).click();
        await untilFaulty(page.getByRole('main'));
      },
    },
    importOf(faultyText),
    {
      name: 'account-with-faults',
      open: async ({ page }) => {
        await page.goto('/account');
        for (const field of await page.locator('input[type=password]').all()) await field.fill('wrong');
        await page
          .getByRole('button', { name: /password/i })
          .last()
          .click();
        await untilFaulty(page.getByRole('main'));
      },
    },
  ];
}
