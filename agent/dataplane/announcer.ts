/**
 * Gratuitous ARP and unsolicited neighbour advertisements for the addresses that this router holds: a first word at
 * once (see first-word.ts; for IPv6 neighbour-news.ts), bursts at once, after 1 s and after 5 s, then a slow refresh
 * (60 s unless configured). Nothing here delays becoming active, and nothing is announced after `cancel` (a router that
 * yielded must stay silent).
 *
 * Programs cost a slow router so much that it may miss its heartbeats, and a partner that takes it for dead then makes it
 * announce again. So none is started at once for what the kernel has announced by gratuitous ARP itself, and no burst
 * of all follows another one within a second; the first word is said each time.
 */
import type { Clock, Exec } from '../runtime/types.ts';
import { isIpv4, type PlacedAddress, placeKey } from './addresses.ts';

const LATER_BURSTS_MS: readonly number[] = [1000, 5000];
/** No burst at once sooner than this after another one; a later one is due by then. */
const BETWEEN_BURSTS_MS = 1000;
/** Gratuitous request and gratuitous reply: some switches and hosts heed only one. */
const ARP_FORMS = ['-U', '-A'] as const;
/** arping stays for a second after it has sent, so programs are started at a pace, not one after the other. */
const PACE_MS = 40;
const STARTED_AT_ONCE = 2;
/** However many addresses there are, a burst is out within about a second. */
const PACES_IN_A_BURST = 25;
const PROGRAM_LIMIT_MS = 3000;

type Program = Parameters<Exec>[0];

/** What announces an address, each as one program: arping(8) of iputils; for IPv6 ndptool(8) of libndp (RFC 4861, 7.2.6). */
const announcementsOf = (place: PlacedAddress): readonly Program[] => {
  const { address, device } = place;
  const arp = ['-c', '1', '-w', '1', '-I', device, '-s', address, address] as const;
  return isIpv4(place)
    ? ARP_FORMS.map((form) => ['arping', '-q', form, ...arp])
    : [['ndptool', '-t', 'na', '-U', '-i', device, '-T', address, 'send']];
};

/** A first word is tried as often as this, on a slow machine more rarely, until the address stands. */
const LOOK_MS = 4;
const LOOK_MOST_MS = 10;
const LOOKS_MOST = 500;

export interface Announcer {
  /** These are being put on: each gets its first word as soon as it stands, before `ip` has said that it is done. */
  expect(addresses: readonly PlacedAddress[]): void;
  /** Starts anew with these addresses; a refresh of 0 ms is none. */
  start(addresses: readonly PlacedAddress[], refreshMs: number): void;
  /** These have come to those that are held: they alone get their first word and their bursts. */
  add(added: readonly PlacedAddress[]): void;
  /** The addresses have changed: bursts that are due and the refresh are about these, and no other is announced. */
  keep(addresses: readonly PlacedAddress[], refreshMs: number): void;
  /** Nothing is announced from now on; programs on their way are ended. */
  cancel(): void;
}

export interface AnnouncerDeps {
  readonly clock: Clock;
  readonly exec: Exec;
  /** Announces those that stand on an interface, without a program, as well as that goes; returns the others. */
  readonly sayFirst: (addresses: readonly PlacedAddress[]) => readonly PlacedAddress[];
  /** Whether the first word of such an address is gratuitous ARP at present. */
  readonly isGratuitous: (address: string) => boolean;
}

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  const timers = new Set<() => void>();
  const running = new Set<AbortController>();

  const later = (delayMs: number, callback: () => void): void => {
    const stop = deps.clock.after(delayMs, () => {
      timers.delete(stop);
      callback();
    });
    timers.add(stop);
  };
  const send = async (program: Program): Promise<void> => {
    const control = new AbortController();
    running.add(control);
    await deps.exec(program, { timeoutMs: PROGRAM_LIMIT_MS, signal: control.signal });
    running.delete(control);
  };
  let held: readonly PlacedAddress[] = [];
  let heldKeys: ReadonlySet<string> = new Set();
  const hold = (places: readonly PlacedAddress[]): void => {
    held = places;
    heldKeys = new Set(held.map(placeKey));
  };
  let stopRefresh = (): void => {};
  /** 0: there is none. */
  let everyMs = 0;

  let burstAt = Number.NEGATIVE_INFINITY;
  const burstAtOnce = (places: readonly PlacedAddress[]): void =>
    burst(places.filter(({ address }) => !deps.isGratuitous(address)));
  const burst = (places: readonly PlacedAddress[]): void => {
    // Every address once before any a second time.
    const queue = places
      .flatMap((place) => announcementsOf(place).map((program, round) => ({ program, place, round })))
      .sort((a, b) => a.round - b.round);
    if (queue.length > 0) burstAt = deps.clock.now();
    const size = Math.max(STARTED_AT_ONCE, Math.ceil(queue.length / PACES_IN_A_BURST));
    const next = (): void => {
      for (const { program, place } of queue.splice(0, size))
        if (heldKeys.has(placeKey(place))) void send(program);
      if (queue.length > 0) later(PACE_MS, next);
    };
    next();
  };
  /** Those that got their first word while they were expected. */
  let spoken = new Set<string>();
  const sayFirst = (places: readonly PlacedAddress[], noted: Set<string>, looks = LOOKS_MOST): void => {
    const began = deps.clock.now();
    const missing = deps.sayFirst(places);
    for (const place of places) if (!missing.includes(place)) noted.add(placeKey(place));
    // On a slow machine `ip` needs the processor more than we do.
    const pauseMs = Math.min(LOOK_MOST_MS, Math.max(LOOK_MS, 2 * (deps.clock.now() - began)));
    if (missing.length > 0 && looks > 0) later(pauseMs, () => sayFirst(missing, noted, looks - 1));
  };
  const cancel = (): void => {
    stopRefresh();
    everyMs = 0;
    for (const stop of timers) stop();
    timers.clear();
    for (const control of running) control.abort();
    running.clear();
    hold([]);
  };
  const keep = (addresses: readonly PlacedAddress[], refreshMs: number): void => {
    hold(addresses);
    const next = held.length === 0 ? 0 : refreshMs;
    // Where applies follow each other closely, the refresh would never come if each put it off.
    if (next === everyMs) return;
    stopRefresh();
    everyMs = next;
    if (next === 0) return;
    const refresh = (): void => {
      stopRefresh = deps.clock.after(refreshMs, () => {
        // On a router that is too slow for them, programs would pile up until it does nothing else.
        if (running.size === 0) burst(held);
        refresh();
      });
    };
    refresh();
  };
  return {
    expect(addresses) {
      cancel();
      spoken = new Set();
      sayFirst(addresses.filter(isIpv4), spoken);
    },
    start(addresses, refreshMs) {
      cancel();
      keep(addresses, refreshMs);
      if (held.length === 0) return;
      // Now: whatever else waits for its turn, the clients wait for this.
      sayFirst(
        held.filter((place) => isIpv4(place) && !spoken.has(placeKey(place))),
        spoken,
      );
      // A second start in the same moment does not say it again.
      later(0, () => {
        spoken = new Set();
      });
      later(0, () => {
        if (deps.clock.now() - burstAt >= BETWEEN_BURSTS_MS) burstAtOnce(held);
      });
      for (const delay of LATER_BURSTS_MS) later(delay, () => burst(held));
    },
    add(added) {
      if (added.length === 0) return;
      later(0, () => sayFirst(added.filter(isIpv4), new Set()));
      later(0, () => burstAtOnce(added));
      for (const delay of LATER_BURSTS_MS) later(delay, () => burst(added));
    },
    keep,
    cancel,
  };
}
