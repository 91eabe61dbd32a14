/** Every page of the console, for the checks and the pictures that want them all. */
import { expect, type Page } from '@playwright/test';
import type { ConsolePage } from './console-page.ts';

export interface Stop {
  /** Name of a picture. */
  readonly name: string;
  /** Says how clusters stand: a phone, too, must be able to show it. */
  readonly tellsState?: boolean;
  /** Of the states that the lab does not show: walked by every `npm test`, the others by the long tests alone. */
  readonly everyTime?: boolean;
  readonly open: (shoal: ConsolePage) => Promise<void>;
}

/** The page itself shows, not what stands there while it comes. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await expect(page.getByRole('heading', { level: 1 }).or(page.getByRole('dialog')).first()).toBeVisible();
}

const panel = (name: Parameters<ConsolePage['open']>[0]): Stop => ({
  name,
  open: (shoal) => shoal.open(name),
});

/** A text with one fault of each look: an error and a warning. */
const faultyText = `serial_no = 1
primary = 192.0.2.11
network = direct
virtual web {
  active = 1
  address = 198.51.100.80 eth0:1
  vip_nmask = 255.255.255.0
  schedular = wlc
  server rs1 {
    address = 192.0.2.21
    active = 1
  }
}
`;

/** A text that has faults in the page that imports it. */
export function importOf(text: string): Stop {
  return {
    name: 'new-cluster-from-a-file',
    open: async ({ page }) => {
      await page.goto('/clusters/new');
      await page.getByLabel('From a file').check();
      await page.getByRole('textbox', { name: 'Text of the configuration' }).fill(text);
      await page.getByRole('list', { name: 'Faults of the text' }).waitFor();
    },
  };
}

/** Pages that need a session, in the order of the navigation. */
export const stops: readonly Stop[] = [
  { name: 'clusters', tellsState: true, open: async ({ page }) => void (await page.goto('/clusters')) },
  { name: 'new-cluster', open: async ({ page }) => void (await page.goto('/clusters/new')) },
  importOf(faultyText),
  { ...panel('control'), tellsState: true },
  panel('global'),
  panel('redundancy'),
  panel('virtual-servers'),
  { name: 'virtual-server', open: (shoal) => shoal.openVirtualServer('web') },
  { name: 'real-servers', open: (shoal) => shoal.openVirtualServer('web', 'REAL SERVER') },
  {
    name: 'real-server-dialog',
    open: async (shoal) => {
      await shoal.openVirtualServer('web', 'REAL SERVER');
      await shoal.page.getByRole('button', { name: 'Edit rs1' }).click();
    },
  },
  { name: 'monitoring-scripts', open: (shoal) => shoal.openVirtualServer('web', 'MONITORING SCRIPTS') },
  panel('changes'),
  {
    name: 'compare',
    open: async (shoal) => {
      await shoal.open('changes');
      await shoal.page.getByRole('link', { name: 'Compare two' }).click();
      await shoal.page.waitForURL(/\/compare/);
    },
  },
  {
    name: 'revision',
    open: async (shoal) => {
      await shoal.open('changes');
      await shoal.page
        .getByRole('link', { name: /^View revision/ })
        .first()
        .click();
      await shoal.page.waitForURL(/\/changes\/\d+$/);
    },
  },
  panel('routers'),
  { name: 'trail', open: async ({ page }) => void (await page.goto('/trail')) },
  { name: 'account', open: async ({ page }) => void (await page.goto('/account')) },
];
