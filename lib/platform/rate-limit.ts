/** Slows down guessing: after some failures, every further attempt has to wait, longer each time. */
import 'server-only';

export interface RateLimitOptions {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Failures are forgotten after this time without one. */
  readonly forgetMs: number;
}

export interface RateLimit {
  /** Milliseconds to wait before the next attempt; 0 = go on. */
  waitMs(key: string): number;
  failed(key: string): void;
  succeeded(key: string): void;
}

/** A full table drops its oldest entries: the memory stays bounded whatever is sent. */
const MOST_KEYS = 10_000;

/** `now` is a monotonic clock in ms. */
export function createRateLimit(now: () => number, options: RateLimitOptions): RateLimit {
  const failures = new Map<string, { count: number; at: number }>();
  const current = (key: string): { count: number; at: number } | undefined => {
    const entry = failures.get(key);
    if (entry && now() - entry.at > options.forgetMs) {
      failures.delete(key);
      return undefined;
    }
    return entry;
  };
  return {
    waitMs(key) {
      const entry = current(key);
      if (!entry || entry.count < options.free) return 0;
      const wait = Math.min(options.longestWaitMs, options.firstWaitMs * 2 ** (entry.count - options.free));
      return Math.max(0, entry.at + wait - now());
    },
    failed(key) {
      const count = (current(key)?.count ?? 0) + 1;
      failures.delete(key);
      failures.set(key, { count, at: now() });
      if (failures.size > MOST_KEYS) {
        const oldest = failures.keys().next().value;
        if (oldest !== undefined) failures.delete(oldest);
      }
    },
    succeeded: (key) => void failures.delete(key),
  };
}
