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
/** Addresses at the same time; a cluster may hold hundreds of VIPs. */
const PARALLEL = 5;
const ARPING_LIMIT_MS = 3000;

export interface Announcer {
  /** Starts anew with these addresses. */
  start(addresses: readonly PlacedAddress[]): void;
  /** Nothing is announced from now on; programs on their way are ended. */
  cancel(): void;
}

export function createAnnouncer(deps: { readonly clock: Clock; readonly exec: Exec }): Announcer {
  let round = new AbortController();
  let cancelTimers: (() => void)[] = [];

  // Side by side: arping stays for a second after it has sent.
  const announceOne = ({ address, device }: PlacedAddress, signal: AbortSignal): Promise<unknown> =>
    Promise.all(
      FORMS.map((form) => {
        const argv = [
          'arping',
          '-q',
          form,
          '-c',
          '1',
          '-w',
          '1',
          '-I',
          device,
          '-s',
          address,
          address,
        ] as const;
        return deps.exec(argv, { timeoutMs: ARPING_LIMIT_MS, signal });
      }),
    );
  const burst = (addresses: readonly PlacedAddress[], signal: AbortSignal): void => {
    const queue = [...addresses];
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift())
        await announceOne(next, signal);
    };
    for (let count = 0; count < Math.min(PARALLEL, addresses.length); count += 1) void worker();
  };
  const cancel = (): void => {
    round.abort();
    for (const stop of cancelTimers) stop();
    cancelTimers = [];
  };
  return {
    start(addresses) {
      cancel();
      // ARP is IPv4's; an IPv6 address is announced by the kernel when it is added.
      const four = addresses.filter(({ address }) => !address.includes(':'));
      if (four.length === 0) return;
      round = new AbortController();
      const { signal } = round;
      const refresh = (): void => {
        burst(four, signal);
        cancelTimers = [deps.clock.after(REFRESH_MS, refresh)];
      };
      cancelTimers = [
        ...BURSTS_MS.map((delay) => deps.clock.after(delay, () => burst(four, signal))),
        deps.clock.after(REFRESH_MS, refresh),
      ];
    },
    cancel,
  };
}
