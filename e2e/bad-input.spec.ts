/** Bad input, in the browser and by shoalctl: a sentence at the field, nothing saved, nothing sent. */
import type { Locator } from '@playwright/test';
import { exampleConfig } from '#e2e/cluster/example.ts';
import { vip } from '#e2e/lab/places.ts';
import { type ConsolePage, untilAlive } from './console-page.ts';
import { expect, test } from './fixtures.ts';

/** The sentence that the field names as its description when it is invalid. */
async function expectFault(field: Locator, sentence: RegExp): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(sentence);
}

/** The bad values and the places where a person types them. */
const cases = [
  {
    name: 'an address that is none',
    open: editRealServer,
    field: (shoal: ConsolePage) => shoal.page.getByRole('dialog').getByLabel('Address', { exact: true }),
    value: '10.11.12.999',
    sentence: /10\.11\.12\.999/,
  },
  {
    name: 'a port out of range',
    open: editRealServer,
    field: (shoal: ConsolePage) => shoal.page.getByRole('dialog').getByLabel('Port', { exact: true }),
    value: '70000',
    sentence: /65\s?535/,
  },
  {
    name: 'NAT without a NAT router address',
    open: (shoal: ConsolePage) => shoal.open('global'),
    field: (shoal: ConsolePage) => shoal.page.getByLabel('NAT router IP', { exact: true }),
    value: '',
    sentence: /NAT/,
    also: async (shoal: ConsolePage) =>
      shoal.page
        .getByRole('group', { name: 'NAT router IP and device', exact: true })
        .getByLabel('Device')
        .fill(''),
  },
  {
    name: 'a string that lvs.cf cannot hold',
    open: (shoal: ConsolePage) => shoal.openVirtualServer('web', 'MONITORING SCRIPTS'),
    field: (shoal: ConsolePage) => shoal.page.getByLabel('Send', { exact: true }),
    value: `GET /"it's" HTTP/1.0`,
    sentence: /quot/i,
  },
] as const;

async function editRealServer(shoal: ConsolePage): Promise<void> {
  await shoal.openVirtualServer('web', 'REAL SERVER');
  await shoal.page.getByRole('button', { name: 'Edit rs1' }).click();
}

for (const each of cases) {
  test(`${each.name} is refused at the field; nothing is saved, nothing is sent`, async ({
    shoal,
    rested: lab,
  }) => {
    const { page } = shoal;
    const hash = (await lab.r1.agent.status()).config.hash;
    await each.open(shoal);
    const field = each.field(shoal);
    const stored = await field.inputValue();
    expect(stored).not.toBe(each.value);
    await field.fill(each.value);
    if ('also' in each) await each.also(shoal);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectFault(field, each.sentence);
    await expect(page.getByText('Saved in the draft.')).toBeHidden();

    await page.reload();
    if (each.open === editRealServer) {
      const edit = page.getByRole('button', { name: 'Edit rs1' });
      await untilAlive(edit);
      await edit.click();
    }
    await expect(field).toHaveValue(stored);
    expect((await lab.r1.agent.status()).config.hash).toBe(hash);
  });
}

test('a second virtual server with the same VIP and port is refused at the field', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  const hash = (await lab.r1.agent.status()).config.hash;
  await shoal.open('virtual-servers');
  await page.getByRole('button', { name: 'Add virtual server' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('twin');
  const address = dialog.getByLabel('Virtual IP address', { exact: true });
  await address.fill(vip);
  await dialog.getByLabel('Device', { exact: true }).fill('eth0:1');
  await dialog.getByLabel('Application port').fill('80');
  await dialog.getByRole('button', { name: 'Add virtual server' }).click();
  await expect(dialog).toContainText(/web/);
  await expect(dialog.locator('[aria-invalid="true"]').first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: 'twin', exact: true })).toBeHidden();
  expect((await lab.r1.agent.status()).config.hash).toBe(hash);
});

/** The same faults as files, with the line where each stands. */
const files = [
  { name: 'an address that is none', from: '10.11.12.21', to: '10.11.12.999', words: /10\.11\.12\.999/ },
  { name: 'a port out of range', from: '  port = 80', to: '  port = 70000', words: /65\s?535/ },
  { name: 'NAT without a NAT router address', from: /nat_router = .*\n/, to: '', words: /nat_router/ },
  {
    name: 'a string that lvs.cf cannot hold',
    from: 'expect = "HTTP"',
    to: `expect = "HT"TP'`,
    words: /quot|expect/i,
  },
] as const;

for (const { name, from, to, words } of files) {
  test(`shoalctl refuses ${name} with a sentence, and the router changes nothing`, async ({
    rested: lab,
  }) => {
    const { r1 } = lab;
    const before = { hash: (await r1.agent.status()).config, table: await r1.routingTable() };
    const config = exampleConfig({ servers: { rs1: 1, rs2: 1 } }).replace(from, to);
    expect(config).not.toBe(exampleConfig({ servers: { rs1: 1, rs2: 1 } }));
    await r1.writeFile('/run/bad.cf', config);
    for (const command of ['check', 'apply']) {
      const { code, stdout, stderr } = await r1.agent.shoalctl([command, '/run/bad.cf']);
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(words);
      // FILE:LINE:COLUMN, where a line is at fault.
      if (to !== '') expect(stdout + stderr).toMatch(/bad\.cf:\d+/);
    }
    expect((await r1.agent.status()).config).toEqual(before.hash);
    expect(await r1.routingTable()).toEqual(before.table);
  });
}

test('shoalctl refuses a second virtual server with the same VIP and port', async ({ rested: lab }) => {
  const { r1 } = lab;
  const before = (await r1.agent.status()).config;
  const config = exampleConfig({ servers: { rs1: 1 } });
  const twin = config.slice(config.indexOf('virtual web')).replace('virtual web', 'virtual twin');
  await r1.writeFile('/run/bad.cf', config + twin);
  const { code, stdout, stderr } = await r1.agent.shoalctl(['apply', '/run/bad.cf']);
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(/web/);
  expect((await r1.agent.status()).config).toEqual(before);
});
