/**
 * Gratuitous ARP for the addresses that this router holds: a burst at once, after 1 s and after 5 s, then a slow
 * refresh. Both forms are sent (request and reply), because some switches and hosts heed only one. Nothing here
 * delays becoming active, and nothing is announced after `cancel` (a router that yielded must stay silent).
 */
import type { Clock, Exec } from '../runtime/types.ts';
import type { PlacedAddress } from './addresses.ts';

const BURSTS_MS: readonly number[] = [0, 1000, 5000];
const REFRESH_MS = 60_000;
/** Gratuitous request and gratuitous reply. */
const FORMS = ['-U', '-A'] as const;
/** arping stays for a second after it has sent, so programs are started at a pace, not one after the other. */
const PACE_MS = 40;
const STARTED_AT_ONCE = 2;
/** However many addresses there are, a burst is out within about a second. */
const PACES_IN_A_BURST = 25;
const ARPING_LIMIT_MS = 3000;

export interface Announcer {
  /** Starts anew with these addresses. */
  start(addresses: readonly PlacedAddress[]): void;
  /** Nothing is announced from now on; programs on their way are ended. */
  cancel(): void;
}

export function createAnnouncer(deps: { readonly clock: Clock; readonly exec: Exec }): Announcer {
  const timers = new Set<() => void>();
  const running = new Set<AbortController>();

  const later = (delayMs: number, callback: () => void): void => {
    const stop = deps.clock.after(delayMs, () => {
      timers.delete(stop);
      callback();
    });
    timers.add(stop);
  };
  const send = async ({ address, device }: PlacedAddress, form: string): Promise<void> => {
    const control = new AbortController();
    running.add(control);
    const options = [form, '-c', '1', '-w', '1', '-I', device, '-s', address];
    await deps.exec(['arping', '-q', ...options, address], {
      timeoutMs: ARPING_LIMIT_MS,
      signal: control.signal,
    });
    running.delete(control);
  };
  const burst = (addresses: readonly PlacedAddress[]): void => {
    const queue = FORMS.flatMap((form) => addresses.map((address) => ({ form, address })));
    const size = Math.max(STARTED_AT_ONCE, Math.ceil(queue.length / PACES_IN_A_BURST));
    const next = (): void => {
      for (const { form, address } of queue.splice(0, size)) void send(address, form);
      if (queue.length > 0) later(PACE_MS, next);
    };
    next();
  };
  const cancel = (): void => {
    for (const stop of timers) stop();
    timers.clear();
    for (const control of running) control.abort();
    running.clear();
  };
  return {
    start(addresses) {
      cancel();
      // ARP is IPv4's; an IPv6 address is announced by the kernel when it is added.
      const four = addresses.filter(({ address }) => !address.includes(':'));
      if (four.length === 0) return;
      const refresh = (): void => {
        burst(four);
        later(REFRESH_MS, refresh);
      };
      for (const delay of BURSTS_MS) later(delay, () => burst(four));
      later(REFRESH_MS, refresh);
    },
    cancel,
  };
}
