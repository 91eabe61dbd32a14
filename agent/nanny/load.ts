/**
 * What the load of a real server makes of its weight. Pure. A load agent says a share of the weight, as for HAProxy's
 * agent-check; a load monitor says a load (Piranha reference 3.7), read and weighed here with its faults mended: a
 * line of ruptime counts, and weights go down as well as up (D12).
 */

/** What is known of the load of one server. */
export interface Load {
  /** Share of the configured weight in percent; 100 = as configured. */
  readonly percent: number;
  /** drain: no new connections. out: the server itself says that it does not serve. */
  readonly order: 'serve' | 'drain' | 'out';
  /** It was said some time ago; nobody answers any more. */
  readonly isOld?: true;
}

/** A server of whose load nothing is known: its configured weight. */
export const unknownLoad: Load = { percent: 100, order: 'serve' };

/** More than ten times the configured weight is never given, as in Piranha. */
const MAX_PERCENT = 1000;

const orders: Readonly<Record<string, Load['order']>> = {
  up: 'serve',
  ready: 'serve',
  drain: 'drain',
  maint: 'out',
  down: 'out',
  fail: 'out',
  stopped: 'out',
};

/** The answer of a load agent, its first line; null when it holds no word that is known. What it leaves out stays. */
export function readAgentAnswer(line: string, before: Load): Load | null {
  let load = before;
  let known = false;
  for (const word of line
    .split('#', 1)[0]
    ?.toLowerCase()
    .split(/[\s,]+/) ?? []) {
    const order = Object.hasOwn(orders, word) ? orders[word] : undefined;
    const share = /^(\d{1,6})%$/.exec(word);
    if (order !== undefined) load = { ...load, order };
    else if (share) load = { ...load, percent: Math.min(MAX_PERCENT, Number(share[1])) };
    else continue;
    known = true;
  }
  return known ? load : null;
}

/** The load of the last minute in the output of uptime, rup or ruptime, or of a program like them; null: none. */
export function readMonitorOutput(output: string): number | null {
  const found =
    /\bload(?:\s{1,8}averages?)?(?:\s{0,8}:\s{0,8}|\s{1,8})(\d{1,6}(?:[.,]\d{1,4})?)(?=[,\s]|$)/i.exec(
      output,
    );
  return found?.[1] === undefined ? null : Number(found[1].replace(',', '.'));
}

/**
 * 100 + 50 * cbrt(1 - load) percent: 150 of an idle server, 100 at a load of 1, 50 at 2, 1 at 9 and above: a load alone
 * never ends new connections.
 * Piranha adds this to the weight of the moment over and over; here it counts from the configured one.
 */
export const percentOfLoad = (load: number): number => Math.max(1, 100 + 50 * Math.cbrt(1 - load));

/** The configured weight under that load: a server that serves keeps at least 1, unless its agent says 0 %. */
export function loadedWeight(weight: number, { percent, order }: Load): number {
  if (order === 'drain' || percent === 0 || weight === 0) return 0;
  return Math.min(65_535, Math.max(1, Math.round((weight * percent) / 100)));
}

/** Whether a new load differs enough to touch the kernel: by `step` of the weight at least, or in what it orders. */
export const isWorthIt = (weight: number, before: Load, after: Load, step: number): boolean =>
  before.order !== after.order ||
  (before.percent === 0) !== (after.percent === 0) ||
  Math.abs(loadedWeight(weight, after) - loadedWeight(weight, before)) >= Math.max(1, step);
