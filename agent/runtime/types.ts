/**
 * The agent's edges as interfaces. Machines and drivers take these; only agent/runtime implements them on
 * node:*, and the simulator and the tests implement them on a virtual clock.
 */

export interface Clock {
  /** Monotonic time in ms; its zero means nothing. Never steps. */
  now(): number;
  /** Wall-clock time as ISO 8601 UTC; for logs and status only. */
  wall(): string;
  /** Runs `callback` once after `delayMs`; returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Log {
  /** Records one event: kept for `shoalctl events`, streamed to subscribers, written to the journal. */
  event(severity: 'info' | 'warning' | 'error', kind: string, message: string): void;
}

export interface ExecResult {
  /** Exit code; null when killed by a signal or not started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program from an argument vector. There is no shell on the way. Never rejects. */
export type Exec = (
  argv: readonly [string, ...string[]],
  options?: {
    readonly stdin?: string;
    readonly timeoutMs?: number;
    readonly maxOutputBytes?: number;
    /** Kills the program when it is aborted. */
    readonly signal?: AbortSignal;
  },
) => Promise<ExecResult>;

/** A program that was started and waits for its input. */
export interface Prepared {
  /** False once it has ended by itself. */
  isAlive(): boolean;
  /** Gives it some of its input already. */
  feed(text: string): void;
  /** Gives it its input, which stays open for some moments more, and waits for its end, as `Exec` does. May be called once. */
  run: (options?: Parameters<Exec>[1]) => Promise<ExecResult>;
  /** Ends it without having used it. */
  cancel(): void;
}

/**
 * Starts a program ahead of time, so that its start costs nothing when every millisecond counts. It gets `firstInput` at
 * once, before what it waits for.
 */
export type Prepare = (argv: readonly [string, ...string[]], firstInput?: string) => Prepared;
