/** Every page of the console, for the checks and the pictures that want them all. */
import type { ConsolePage } from './console-page.ts';

export interface Stop {
  /** Name of a picture. */
  readonly name: string;
  /** Path in the cluster, or from the root with a leading slash. */
  readonly open: (shoal: ConsolePage) => Promise<void>;
}

const panel = (name: Parameters<ConsolePage['open']>[0]): Stop => ({
  name,
  open: (shoal) => shoal.open(name),
});

/** Pages that need a session, in the order of the navigation. */
export const stops: readonly Stop[] = [
  { name: 'clusters', open: async ({ page }) => void (await page.goto('/clusters')) },
  panel('control'),
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
  panel('routers'),
  { name: 'account', open: async ({ page }) => void (await page.goto('/account')) },
];
