/**
 * Lets the kernel say gratuitous ARP for an address that is being put on, without a program: a host route to an address
 * that nobody has leads by way of the address itself, so that a datagram from the one to the other makes Linux ask "who
 * has the VIP? tell the VIP" (first-word.ts). Linux refuses such a route once the address is its own, so it goes before
 * the address, through the same `ip`; it is taken away again after moments. Who owned the address until now is forgotten
 * first: the datagram would go there, and nobody be asked. Whoever runs `ip -batch -` with an addition in it gets this
 * without knowing, and where the route cannot be, the addition alone.
 */
import { fromIpv4Number, ipv4Number } from '#lib/lvs/address.ts';
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Host } from '../runtime/host.ts';
import type { Clock, Exec, ExecResult } from '../runtime/types.ts';
import { isIpv4, type PlacedAddress } from './addresses.ts';
import { type FirstWord, overlap, WORDS_MOST } from './first-word.ts';
import { complaintOf, failedLineOf, sayingLine } from './interfaces.ts';
import type { ReadyIp } from './ready-ip.ts';

/** Marks the routes as the agent's own, for `ip route` and for the next agent; no routing daemon has this number. */
const PROTOCOL = 86;
/** For documentation (RFC 5737). A host of the network, a client even, would not be reached while its route stands. */
const NOBODYS = ['198.51.100.0', '203.0.113.0', '192.0.2.0'].map((address) => ({ address, prefix: 24 }));
/** The first word has long been said by then. */
const KEPT_MS = 3000;

export interface SelfRoutes {
  readonly exec: Exec;
  /** Lays the ways of these addresses already, where an `ip` waits; for moments. `standing`: what is on the interfaces. */
  layAhead(places: readonly PlacedAddress[], standing: readonly PlacedAddress[]): void;
  /** Whom to write to from an address that was put on within the last moments, where the way is laid. */
  wordFrom(address: string): FirstWord | undefined;
  /** Takes the routes away now. */
  clear(): Promise<void>;
  /** Takes away what an agent has left that was killed in those moments; starts no program where there is nothing. */
  clearFound(addresses: readonly string[]): Promise<void>;
}

/** Takes away all that any agent has left. */
export async function flushSelfRoutes(exec: Exec): Promise<Attempt<null>> {
  const result = await exec(['ip', 'route', 'flush', 'proto', `${PROTOCOL}`]);
  // A machine that never had a route.
  const isNone = result.stderr.includes('FIB table does not exist');
  return result.code === 0 || isNone
    ? success(null)
    : failure(`The routes of protocol ${PROTOCOL} cannot be taken away: ${complaintOf(result)}`);
}

interface Deps {
  readonly exec: Exec;
  readonly clock: Clock;
  readonly host: Pick<Host, 'localAddresses' | 'readText'>;
  readonly ready: Pick<ReadyIp, 'feed' | 'isWaiting'>;
}

const routeOf = ({ from, to, device }: FirstWord): string =>
  `${to}/32 via ${from} dev ${device} proto ${PROTOCOL}`;

export function createSelfRoutes(inner: Exec, { exec, clock, host, ready }: Deps): SelfRoutes {
  const words = new Map<string, FirstWord>();
  /** Whose ways the `ip` that waits has laid. */
  const ahead = new Set<string>();
  let stopTimer = (): void => {};
  const clear = async (): Promise<void> => {
    stopTimer();
    ahead.clear();
    if (words.size === 0) return;
    const lines = [...words.values()].map((word) => `route del ${routeOf(word)}`);
    words.clear();
    await exec(['ip', '-force', '-batch', '-'], { stdin: `${lines.join('\n')}\n` });
  };
  const note = (chosen: readonly FirstWord[]): void => {
    for (const word of chosen) words.set(word.from, word);
  };
  const keepForMoments = (): void => {
    stopTimer();
    stopTimer = clock.after(KEPT_MS, () => void clear());
  };
  /** One that does not wait any more did not like them, and is not the one that runs the lines. */
  const takeAhead = (): ReadonlySet<string> => {
    const laid = new Set(ready.isWaiting() ? ahead : []);
    ahead.clear();
    return laid;
  };
  return {
    async exec(argv, options) {
      const lines = argv.join(' ') === 'ip -batch -' ? linesOf(options?.stdin ?? '') : [];
      const added = lines.flatMap(addedBy);
      if (added.length === 0) return inner(argv, options);
      const laid = takeAhead();
      const open = added.filter(({ address }) => !laid.has(address));
      const chosen = open.length === 0 ? [] : wordsToNobody(open, host.localAddresses(), words);
      if (laid.size + chosen.length === 0) return inner(argv, options);
      note(chosen);
      const { result, refused } = await runWithRoutes(
        (stdin) => inner(argv, { ...options, stdin }),
        lines,
        chosen,
      );
      for (const { from } of refused) words.delete(from);
      keepForMoments();
      return result;
    },
    layAhead(places, standing) {
      const there = new Set(standing.map(({ address }) => address));
      const missing = places.filter((place) => isIpv4(place) && !there.has(place.address));
      const chosen = wordsToNobody(missing, standing, words);
      if (chosen.length === 0 || !ready.feed(chosen.flatMap(waysTo))) return;
      note(chosen);
      for (const { from } of chosen) ahead.add(from);
      keepForMoments();
    },
    wordFrom: (address) => words.get(address),
    clear,
    async clearFound(addresses) {
      const table = (await host.readText('/proc/net/route')) ?? '';
      if (leadsBy(table, addresses)) await flushSelfRoutes(exec);
    },
  };
}

/** Whether a host route in /proc/net/route, which writes addresses as the processor has them, leads by way of one. */
function leadsBy(table: string, addresses: readonly string[]): boolean {
  const bytes = addresses.filter((address) => !address.includes(':')).map((address) => address.split('.'));
  const gateways = new Set([...bytes, ...bytes.map((each) => [...each].reverse())].map(hexOf));
  return table.split('\n').some((line) => {
    const [, , gateway = '', , , , , mask] = line.split(/\s+/);
    return mask === 'FFFFFFFF' && gateways.has(gateway);
  });
}

const hexOf = (bytes: readonly string[]): string =>
  bytes.map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0')).join('');

/** One for each of the first few addresses; none on a router that has all those networks itself. */
function wordsToNobody(
  places: readonly PlacedAddress[],
  standing: readonly PlacedAddress[],
  said: ReadonlyMap<string, FirstWord>,
): FirstWord[] {
  const taken = [...standing, ...places].filter(isIpv4);
  const free = NOBODYS.find((network) => !taken.some((place) => overlap(network, place)));
  if (free === undefined) return [];
  const last = ipv4Number(free.address) + 2 ** (32 - free.prefix) - 2;
  // What stands for another address, or for this one since moments, is left to it.
  const used = new Set([...said.values()].map(({ to }) => to));
  let number = ipv4Number(free.address);
  const nextUnused = (): string | undefined => {
    do number += 1;
    while (used.has(fromIpv4Number(number)));
    return number > last ? undefined : fromIpv4Number(number);
  };
  return places.slice(0, WORDS_MOST).flatMap(({ address, device }) => {
    const to = said.get(address)?.to ?? nextUnused();
    return to === undefined ? [] : [{ from: address, to, device }];
  });
}

const waysTo = (word: FirstWord): string[] => [
  `neigh replace ${word.from} dev ${word.device} nud failed`,
  // One of the address itself may still be there, of an ownership that was short.
  `route replace ${routeOf(word)} onlink`,
];

const linesOf = (stdin: string): string[] => stdin.split('\n').filter((line) => line !== '');

function addedBy(line: string) {
  const [, address, prefix, device] = /^addr add ([\d.]+)\/(\d+) .*?\bdev (\S+)/.exec(line) ?? [];
  if (address === undefined || device === undefined) return [];
  return [{ address, prefix: Number(prefix), device }];
}

/** A line of the caller, with its number there, from 1; or one that lays the way for a word. */
type Line =
  | { readonly line: string; readonly number: number; readonly word: null }
  | { readonly line: string; readonly number: null; readonly word: FirstWord };

/** Answers as `ip` does for `lines` alone: it stops at the first of them that fails, and says which. */
async function runWithRoutes(
  run: (stdin: string) => Promise<ExecResult>,
  lines: readonly string[],
  words: readonly FirstWord[],
): Promise<{ readonly result: ExecResult; readonly refused: readonly FirstWord[] }> {
  const wordOf = new Map(words.map((word) => [word.from, word]));
  const all = lines.flatMap((line, index): Line[] => {
    const own = addedBy(line).flatMap(({ address }) => wordOf.get(address) ?? []);
    const ways = own.flatMap((word) => waysTo(word).map((way): Line => ({ line: way, number: null, word })));
    return [...ways, { line, number: index + 1, word: null }];
  });
  const result = await run(textOf(all));
  const failed = failedIn(result, all);
  if (failed === undefined || failed.number !== null) return { result: saying(result, failed), refused: [] };
  const left = all.slice(all.indexOf(failed));
  const refused = left.flatMap(({ word }) => word ?? []);
  const rest = left.filter(({ word }) => word === null);
  const second = await run(textOf(rest));
  return { result: saying(second, failedIn(second, rest)), refused };
}

const textOf = (lines: readonly Line[]): string => lines.map(({ line }) => `${line}\n`).join('');

function failedIn(result: ExecResult, lines: readonly Line[]): Line | undefined {
  const at = failedLineOf(result);
  return at === null ? undefined : lines[at - 1];
}

const saying = (result: ExecResult, failed: Line | undefined): ExecResult =>
  failed?.number == null ? result : sayingLine(result, failed.number);
