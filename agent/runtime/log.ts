/**
 * The agent's log. Every event is kept for `shoalctl events` and streamed to who subscribed, whatever the level; the
 * level decides what is written for the journal, and can be changed while the agent runs.
 */
import type { AgentEvent, LogLevel } from '#lib/protocol/messages.ts';
import type { Clock, Log } from './types.ts';

/** How many events are kept. */
const KEPT = 1000;

/** From the least to the most that is written. */
const order: readonly LogLevel[] = ['error', 'warning', 'info', 'debug'];

export interface EventLog extends Log {
  /** The newest `limit` events, oldest first. */
  recent(limit: number): AgentEvent[];
  /** Calls `listener` with each event from now on; returns a function that ends it. */
  onEvent(listener: (event: AgentEvent) => void): () => void;
  /** A detail of the work, for the journal at level debug alone; it is no event. */
  debug(kind: string, fields: Fields): void;
  level(): LogLevel;
  setLevel(level: LogLevel): void;
}

export type Fields = Readonly<Record<string, string | number>>;

export interface Entry {
  readonly level: LogLevel;
  /** Wall-clock time, ISO 8601 UTC. */
  readonly at: string;
  readonly kind: string;
  readonly fields: Fields;
}

/** `write` gets each entry that the level lets through. */
export function createEventLog(
  clock: Clock,
  write: (entry: Entry) => void,
  initial: LogLevel = 'info',
): EventLog {
  const ring: AgentEvent[] = [];
  const listeners = new Set<(event: AgentEvent) => void>();
  let sequence = 0;
  let level = initial;
  const isWritten = (wanted: LogLevel): boolean => order.indexOf(wanted) <= order.indexOf(level);
  return {
    event(severity, kind, message) {
      sequence += 1;
      const event: AgentEvent = { sequence, at: clock.wall(), severity, kind, message };
      ring.push(event);
      if (ring.length > KEPT) ring.shift();
      if (isWritten(severity)) write({ level: severity, at: event.at, kind, fields: { sequence, message } });
      for (const listener of listeners) listener(event);
    },
    recent: (limit) => (limit <= 0 ? [] : ring.slice(-limit)),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    debug(kind, fields) {
      if (isWritten('debug')) write({ level: 'debug', at: clock.wall(), kind, fields });
    },
    level: () => level,
    setLevel(next) {
      level = next;
    },
  };
}

/** Changes the level and says so; at a level that hides it, the event is kept all the same. */
export function changeLevel(log: EventLog, level: LogLevel): void {
  if (level === log.level()) return;
  log.setLevel(level);
  log.event('info', 'log-level', `The log level is ${level}`);
}
