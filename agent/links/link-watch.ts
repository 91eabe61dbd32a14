/** Link tracking: looks at the interfaces that this router needs, and says at once when one of them goes or comes. */
import type { PlacedAddress } from '../dataplane/addresses.ts';
import type { Clock } from '../runtime/types.ts';
import { linkProblem } from './link-state.ts';

/** Reading two small files of /sys costs next to nothing. */
const INTERVAL_MS = 200;

export interface NeededLinks {
  /** Own addresses that heartbeats are sent from. */
  readonly heartbeat: readonly string[];
  /** Devices of the VIPs. */
  readonly devices: readonly string[];
}

export interface LinkWatchDeps {
  readonly clock: Clock;
  readText(path: string): Promise<string | null>;
  /** Addresses of the interfaces that are up; the kernel is not asked for more than it tells for nothing. */
  localAddresses(): readonly PlacedAddress[];
  /** All addresses, by a program: where an address stands whose link was down from the start. */
  readAddresses(): Promise<readonly PlacedAddress[]>;
  /** Null: nothing is tracked. */
  needed(): NeededLinks | null;
  /** `isCutOff`: no heartbeat can leave this router. */
  onLook(problems: readonly string[], isCutOff: boolean): void;
}

export interface LinkWatch {
  look(): Promise<void>;
  end(): void;
}

export function createLinkWatch(deps: LinkWatchDeps): LinkWatch {
  let ended = false;
  let cancel = (): void => {};
  /** Where an address was seen last: with its link down it is not shown any more. */
  const places = new Map<string, string>();
  let hasAsked = false;

  const learn = (addresses: readonly PlacedAddress[]): void => {
    for (const { address, device } of addresses) places.set(address, device);
  };
  const problemOf = async (device: string): Promise<string | null> => {
    const [index, operstate, carrier] = await Promise.all(
      ['ifindex', 'operstate', 'carrier'].map((name) => deps.readText(`/sys/class/net/${device}/${name}`)),
    );
    return linkProblem({
      device,
      exists: index !== null && index !== undefined,
      operstate: operstate ?? null,
      carrier: carrier ?? null,
    });
  };

  const look = async (): Promise<void> => {
    const needed = deps.needed();
    if (needed === null) return deps.onLook([], false);
    learn(deps.localAddresses());
    if (!hasAsked && needed.heartbeat.some((address) => !places.has(address))) {
      hasAsked = true;
      learn(await deps.readAddresses());
    }
    const heartbeat = needed.heartbeat.map((address) => places.get(address) ?? null);
    const devices = new Set([...heartbeat, ...needed.devices]);
    const problems = new Map<string, string>();
    for (const device of devices) {
      const problem = device === null ? null : await problemOf(device);
      if (device !== null && problem !== null) problems.set(device, problem);
    }
    const isCutOff =
      heartbeat.length > 0 && heartbeat.every((device) => device !== null && problems.has(device));
    if (!ended) deps.onLook([...problems.values()], isCutOff);
  };

  const next = (): void => {
    if (ended) return;
    cancel = deps.clock.after(INTERVAL_MS, () => void look().finally(next));
  };
  next();
  return {
    look,
    end() {
      ended = true;
      cancel();
    },
  };
}
