/** How often a check runs, how long it may take and how often it is repeated: inherited from outside inwards. */
import type { VirtualSettings } from '../../lvs/directives.ts';
import type { Handler } from './block.ts';
import { type Context, type Given, numberOf, timeOf } from './values.ts';

/** Milliseconds, except `retries`; null = the default of keepalived. */
export interface Timing {
  interval: Given<number> | null;
  limit: Given<number> | null;
  retries: Given<number> | null;
  retryDelay: Given<number> | null;
}

export const noTiming = (): Timing => ({ interval: null, limit: null, retries: null, retryDelay: null });

const MOST_RETRIES = 1_000_000;

/** Handlers that fill a timing. Only a check itself may ask for no retry. */
export const readTiming = (
  timing: Timing,
  context: Context,
  leastRetries = 1,
): Readonly<Record<string, Handler>> => ({
  delay_loop: (line) => {
    timing.interval = timeOf(line, context, 1) ?? timing.interval;
  },
  connect_timeout: (line) => {
    timing.limit = timeOf(line, context, 1) ?? timing.limit;
  },
  retry: (line) => {
    timing.retries = numberOf(line, context, { min: leastRetries, max: MOST_RETRIES }) ?? timing.retries;
  },
  nb_get_retry: (line) => {
    timing.retries = numberOf(line, context, { min: leastRetries, max: MOST_RETRIES }) ?? timing.retries;
  },
  delay_before_retry: (line) => {
    timing.retryDelay = timeOf(line, context) ?? timing.retryDelay;
  },
});

type CheckKind = VirtualSettings['checkKind'];

const DEFAULT_INTERVAL = 60_000;
const DEFAULT_LIMIT = 5_000;

const defaultRetries = (kind: CheckKind): number => (kind === 'dns' ? 3 : kind === 'script' ? 0 : 1);

/** The times that count, in milliseconds, with keepalived's defaults filled in. */
export function effectiveTiming(timing: Timing, kind: CheckKind) {
  const interval = timing.interval?.value ?? DEFAULT_INTERVAL;
  const web = kind === 'http' || kind === 'https';
  return {
    interval,
    limit: timing.limit?.value ?? (kind === 'script' ? interval : DEFAULT_LIMIT),
    retries: timing.retries?.value ?? defaultRetries(kind),
    retryDelay: timing.retryDelay?.value ?? (kind === 'dns' ? interval : web ? 3_000 : 1_000),
  };
}

/** The same times as settings of a virtual server: a server that answers once is back, at its full weight. */
export function timingSettings(timing: Timing, kind: CheckKind): Partial<VirtualSettings> {
  const { interval, limit, retries } = effectiveTiming(timing, kind);
  const isWhole = interval % 1000 === 0;
  return {
    checkSeconds: Math.max(1, Math.ceil(interval / 1000)),
    checkIntervalMilliseconds: isWhole ? null : interval,
    checkLimitMilliseconds: limit === interval ? null : limit,
    fall: retries + 1,
    rise: 1,
    slowStartSeconds: 0,
  };
}
