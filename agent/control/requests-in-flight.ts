/**
 * Before a planned handover: requests in flight end on the router that knows them. One that moved in the middle of a
 * connection would be met by a router that does not know it, and reset.
 */
import { wantedAddresses } from '../dataplane/addresses.ts';
import { holdConnections, releaseConnections } from '../dataplane/held-connections.ts';
import { PROC_TABLE, readProcTable } from '../dataplane/proc-table.ts';
import type { Router } from './router.ts';

/** In ms. A client that was held back sends its first packet again after 1 s: by then the new owner is to serve. */
const LONGEST_MS = 800;
/** Open connections that say nothing for so long are not waited for any longer: most of them are idle for good. */
const PATIENT_MS = 500;
/** So long nothing may pass: a connection that is being opened is not among those that the kernel counts as open. */
const QUIET_MS = 200;
const LOOK_MS = 25;
/** The kernel lets everything through after this, whatever becomes of the agent. */
const HOLD_SECONDS = 3;
const PROC_STATS = '/proc/net/ip_vs_stats';

/** Holds new connections back and waits until those that are open have ended, or for as long as that makes sense. */
export async function finishRequests(router: Router): Promise<void> {
  const vips = heldVips(router);
  if (vips.length === 0) return;
  const held = await holdConnections(router.exec, vips, HOLD_SECONDS);
  if (!held.ok) {
    const cost = 'requests in flight are cut off by the handover';
    router.log.event(
      'warning',
      'handover-unheld',
      `New connections cannot be held back, so ${cost}: ${held.problem}`,
    );
    return;
  }
  const from = router.clock.now();
  let last = { packets: '', at: from };
  for (;;) {
    const packets = await packetCount(router);
    const now = router.clock.now();
    if (packets !== last.packets) last = { packets, at: now };
    const isQuiet = now - last.at >= QUIET_MS;
    if (isQuiet || now - from >= LONGEST_MS) {
      const open = await openConnections(router);
      if (open === 0) return;
      if (now - from >= (isQuiet ? PATIENT_MS : LONGEST_MS)) return tellOpen(router, open);
    }
    await pause(router);
  }
}

function tellOpen(router: Router, open: number): void {
  const count = open === 1 ? '1 connection was' : `${open} connections were`;
  router.log.event(
    'info',
    'handover-with-open',
    `${count} open, as the kernel counts them, when the addresses moved`,
  );
}

/** Once the addresses are off: when the partner serves, whoever still sends to this router is passed on to it. */
export async function endHolding(router: Router): Promise<void> {
  if (heldVips(router).length === 0) return;
  const until = router.clock.now() + HOLD_SECONDS * 1000;
  const isServed = (): boolean => router.holding || router.pulse.status().peer.role === 'active';
  while (!isServed() && router.clock.now() < until) await pause(router);
  await router.queue.run(() => releaseConnections(router.exec));
}

const pause = ({ clock }: Router): Promise<void> =>
  new Promise((resolve) => {
    clock.after(LOOK_MS, resolve);
  });

/** Failover services end by their own command. */
function heldVips({ running }: Router): string[] {
  if (running === null || running.config.global.serviceKind === 'fos') return [];
  return wantedAddresses(running.config)
    .filter(({ purpose }) => purpose === 'vip')
    .map(({ address }) => address);
}

/** Changes with every packet of a connection; those that are held back are not among them. */
async function packetCount(router: Router): Promise<string> {
  return ((await router.host.readText(PROC_STATS)) ?? '').split('\n')[2] ?? '';
}

/** Established ones, as the kernel counts them; UDP has none. */
async function openConnections(router: Router): Promise<number> {
  const services = readProcTable((await router.host.readText(PROC_TABLE)) ?? '');
  return services
    .filter(({ service }) => !service.startsWith('-u'))
    .flatMap(({ destinations }) => destinations)
    .reduce((sum, { activeConnections }) => sum + activeConnections, 0);
}
