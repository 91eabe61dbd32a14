/** New clusters from what runs already: a router over SSH, a pasted text, another program's file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Lab } from '#e2e/lab/lab.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from './fixtures.ts';

/** Two virtual servers beside the example's own; the lab has no other use of these addresses. */
const piranhaFile = `# Shop of Vienna, made by hand in 2009
serial_no = 214
primary = 192.0.2.11
service = lvs
backup_active = 1
backup = 192.0.2.12
heartbeat = 1
heartbeat_port = 539
keepalive = 6
deadtime = 18
network = direct
debug_level = NONE
virtual shop {
     # in front of the web servers
     active = 1
     address = 192.0.2.180 eth0:3
     vip_nmask = 255.255.255.0
     port = 443
     persistent = 300
     scheduler = wlc
     protocol = tcp
     timeout = 6
     reentry = 15
     server app1 {
         address = 192.0.2.201
         active = 1
         weight = 32
     }
     server app2 {
         address = 192.0.2.202
         active = 1
         weight = 32
     }
}
virtual mail {
     active = 1
     address = 192.0.2.181 eth0:4
     vip_nmask = 255.255.255.0
     port = 25
     scheduler = rr
     protocol = tcp
     server mx1 {
         address = 192.0.2.211
         active = 1
     }
}
`;

/** What Piranha's lvsd and nannies have made of it: app2 came back a moment ago and is on its way up. */
const piranhaTable = [
  '-A -t 192.0.2.180:443 -s wlc -p 300',
  '-a -t 192.0.2.180:443 -r 192.0.2.201:443 -g -w 32',
  '-a -t 192.0.2.180:443 -r 192.0.2.202:443 -g -w 2',
  '-A -t 192.0.2.181:25 -s rr',
  '-a -t 192.0.2.181:25 -r 192.0.2.211:25 -g -w 1',
];
const piranhaServices = ['192.0.2.180:443', '192.0.2.181:25'];
const piranhaPath = '/etc/sysconfig/ha/piranha.cf';

/** Runs `work` while the router's kernel has Piranha's table beside the agent's own. */
async function asPiranhaRouter(router: Router, work: () => Promise<void>): Promise<void> {
  await router.writeFile(piranhaPath, piranhaFile);
  await router.on(['ipvsadm', '-R'], { stdin: `${piranhaTable.join('\n')}\n` });
  try {
    await work();
  } finally {
    for (const service of piranhaServices) await router.ssh(['ipvsadm', '-D', '-t', service]);
    await router.ssh(['rm', '-f', piranhaPath]);
  }
}

const adminKey = (lab: Lab): string => readFileSync(join(lab.folder, 'admin'), 'utf8');
const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of the configuration' });
const faults = (page: Page): Locator =>
  page.getByRole('list', { name: 'Faults of the text' }).getByRole('button');

async function typeText(page: Page, text: string): Promise<void> {
  await page.getByLabel('From a file').check();
  await editor(page).fill(text);
}

async function importAs(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name of the cluster').fill(name);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL(/\/clusters\/[^/]+\/routers\?imported/);
  await expect(page.getByText(`${name} is imported.`)).toBeVisible();
}

/** The draft as the console gives it for download. */
async function exported(page: Page): Promise<string> {
  await page.getByRole('link', { name: /^Changes/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Draft as lvs.cf' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/-lvs\.cf$/);
  return readFileSync(await file.path(), 'utf8');
}

/** The other tests know one cluster only. */
async function deleteCluster(page: Page, name: string): Promise<void> {
  await page.goto('/clusters');
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Delete ${name}` })
    .click();
  await expect(page.getByText(`The cluster ${name} is deleted`)).toBeVisible();
}

// One that a failed test left behind would lead every other spec astray: they know one cluster only.
test.afterEach(async ({ shoal: { page } }) => {
  await page.goto('/clusters');
  const table = page.getByRole('table', { name: 'Clusters' });
  await expect(table.getByRole('link', { name: 'Example', exact: true })).toBeVisible();
  const others = (await table.getByRole('rowheader').getByRole('link').allInnerTexts())
    .map((name) => name.trim())
    .filter((name) => name !== 'Example');
  for (const name of others) await deleteCluster(page, name);
});

test('a Piranha router is read over SSH, nothing would change on it, and it becomes a cluster', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  const { r1 } = lab;
  await asPiranhaRouter(r1, async () => {
    const before = await r1.routingTable();
    await page.goto('/clusters/new');
    await page.getByLabel('Address').fill(r1.publicAddress);
    await page.getByRole('button', { name: 'Look at its host key' }).click();
    await expect(page.getByText(await r1.fingerprint())).toBeVisible();
    await page.getByRole('button', { name: 'The same: go on' }).click();

    // A path that is none: the sentence stands at the field, and the login need not be typed again.
    await page.getByLabel('a private key').check();
    await page.getByLabel('Private key', { exact: true }).fill(adminKey(lab));
    await page.getByLabel('Path of lvs.cf').fill('/etc/nothing.cf');
    await page.getByRole('button', { name: 'Read the router' }).click();
    await expect(page.getByLabel('Path of lvs.cf')).toHaveAccessibleDescription(
      /nothing\.cf .*No such file/i,
    );

    await page.getByLabel('Path of lvs.cf').fill(piranhaPath);
    await page.getByRole('button', { name: 'Read the router' }).click();
    await expect(page.getByText(`${r1.publicAddress} was read; nothing was changed on it.`)).toBeVisible();
    await expect(editor(page)).toContainText('# Shop of Vienna, made by hand in 2009');
    const plan = page.getByRole('region', { name: 'What would change on the router' });
    await expect(plan).toContainText('Nothing would change: 2 services and 3 destinations are equal.');
    await expect(plan).toContainText('app2 (192.0.2.202:443) of shop (2 now, 32 configured)');
    // The example's own service is in no virtual server of this file.
    await expect(plan).toContainText('1 service of the kernel stands in no virtual server');
    expect(await r1.routingTable()).toEqual(before);

    await importAs(page, 'Vienna');
    const text = await exported(page);
    for (const line of [
      '# Shop of Vienna, made by hand in 2009',
      '# in front of the web servers',
      'serial_no = 214',
    ])
      expect(text).toContain(line);
    expect(page.url()).not.toContain('PRIVATE');
    expect(await r1.routingTable()).toEqual(before);
  });
  await deleteCluster(page, 'Vienna');
});

test('a router whose kernel differs from its file: the differences, in words and as commands', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  await asPiranhaRouter(lab.r1, async () => {
    await lab.r1.on(['ipvsadm', '-E', '-t', '192.0.2.181:25', '-s', 'wrr']);
    await page.goto('/clusters/new');
    await page.getByLabel('Address').fill(lab.r1.publicAddress);
    await page.getByRole('button', { name: 'Look at its host key' }).click();
    await page.getByRole('button', { name: 'The same: go on' }).click();
    await page.getByLabel('a private key').check();
    await page.getByLabel('Private key', { exact: true }).fill(adminKey(lab));
    await page.getByLabel('Path of lvs.cf').fill(piranhaPath);
    await page.getByRole('button', { name: 'Read the router' }).click();
    await expect(page.getByRole('list', { name: 'Differences in words' })).toContainText(
      'service mail (tcp 192.0.2.181:25): scheduler wrr → rr',
    );
    await expect(page.getByRole('region', { name: 'Commands that Shoal would give' })).toHaveText(
      '-E -t 192.0.2.181:25 -s rr',
    );
  });
});

test('faults stand at their lines, lead there, and forbid the import until they are mended', async ({
  shoal,
}) => {
  const { page } = shoal;
  await page.goto('/clusters/new');
  await typeText(page, piranhaFile.replace('scheduler = rr', 'schedular = rr'));
  const lineOfFault = piranhaFile.split('\n').findIndex((line) => line.includes('scheduler = rr')) + 1;
  await expect(faults(page)).toHaveText([
    new RegExp(`^Line ${lineOfFault}\\. "schedular" .*Did you mean "scheduler"\\?`),
  ]);
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await expect(page.getByText('Mend the error above first')).toBeVisible();

  await faults(page).first().click();
  await expect(editor(page)).toBeFocused();
  await expect(page.locator('.cm-fault-error')).toHaveText('schedular');
  await expect(page.locator('.cm-fault-marker').filter({ visible: true })).toHaveAttribute('title', 'Error');
  // The word is selected: typing mends it.
  await page.keyboard.type('scheduler');
  await expect(page.getByText('Nothing is wrong with the text.')).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Lines of ipvsadm -Sn that Shoal would program' }),
  ).toContainText('-A -t 192.0.2.181:25 -s rr');
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeEnabled();

  // A name that is taken: the sentence at the field, and the text is still there.
  await page.getByLabel('Name of the cluster').fill('Example');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByLabel('Name of the cluster')).toHaveAccessibleDescription(
    /There is a cluster "Example"/,
  );
  await importAs(page, 'Mended');
  await deleteCluster(page, 'Mended');
});

test('a kernel table is pasted; what it cannot say is listed and has to be accepted', async ({ shoal }) => {
  const { page } = shoal;
  await page.goto('/clusters/new');
  await page.getByLabel('From a running kernel').check();
  await page.getByLabel('Paste the output of ipvsadm -Sn').check();
  await editor(page).fill(`${piranhaTable.join('\n')}\n`);
  const button = page.getByRole('button', { name: 'Import', exact: true });
  const losses = page.getByRole('table', { name: 'What is not carried over' });
  await expect(losses).toContainText('health checks');
  await page.getByLabel('Interface of VIPs').fill('bond0');
  await page.getByLabel('Interface of VIPs').blur();
  await expect(losses).toContainText('bond0 stands there');
  await expect(page.getByRole('region', { name: 'To be completed after the import' })).toContainText(
    'The primary router has no address',
  );
  await expect(button).toBeDisabled();
  await page.getByLabel(/I have read this/).check();
  await expect(button).toBeEnabled();
  await importAs(page, 'From the kernel');
  expect(await exported(page)).toContain('address = 192.0.2.180 bond0');
  await deleteCluster(page, 'From the kernel');
});

const keepalivedFile = `! Vienna, since 2016
global_defs {
    router_id vienna
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    unicast_src_ip 192.0.2.11
    unicast_peer {
        192.0.2.12
    }
    virtual_ipaddress {
        192.0.2.180/24 dev eth0
    }
    notify /usr/local/bin/tell
}
virtual_server 192.0.2.180 443 {
    delay_loop 6
    lb_algo wlc
    lb_kind DR
    protocol TCP
    persistence_timeout 300
    real_server 192.0.2.201 443 {
        weight 32
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`;

test('a keepalived.conf is pasted and recognised; its losses are told, its table is shown', async ({
  shoal,
}) => {
  const { page } = shoal;
  await page.goto('/clusters/new');
  await typeText(page, keepalivedFile);
  await expect(page.getByLabel('Read as')).toContainText(/Recognised: keepalived/i);
  await expect(page.getByRole('table', { name: 'What is not carried over' })).toContainText(
    '/usr/local/bin/tell',
  );
  const table = page.getByRole('region', { name: 'Lines of ipvsadm -Sn that Shoal would program' });
  await expect(table).toContainText('-A -t 192.0.2.180:443 -s wlc -p 300');
  await expect(table).toContainText('-a -t 192.0.2.180:443 -r 192.0.2.201:443 -g -w 32');
  await page.getByLabel(/I have read this/).check();
  await importAs(page, 'From keepalived');
  const text = await exported(page);
  for (const line of ['primary = 192.0.2.11', 'backup = 192.0.2.12', 'persistent = 300', 'weight = 32'])
    expect(text).toContain(line);
  await deleteCluster(page, 'From keepalived');
});
