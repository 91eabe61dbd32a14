/** The agent's log: the last events in memory for `shoalctl events`, and one JSON line each for the journal. */
import type { AgentEvent } from '#lib/protocol/messages.ts';
import type { Clock, Log } from './types.ts';

/** How many events are kept. */
const KEPT = 1000;

export interface EventLog extends Log {
  /** The newest `limit` events, oldest first. */
  recent(limit: number): AgentEvent[];
  /** Calls `listener` with each event from now on; returns a function that ends it. */
  onEvent(listener: (event: AgentEvent) => void): () => void;
}

/** `writeLine` gets each event as one line of JSON without its newline. */
export function createEventLog(clock: Clock, writeLine: (line: string) => void): EventLog {
  const ring: AgentEvent[] = [];
  const listeners = new Set<(event: AgentEvent) => void>();
  let sequence = 0;
  return {
    event(severity, kind, message) {
      sequence += 1;
      const event: AgentEvent = { sequence, at: clock.wall(), severity, kind, message };
      ring.push(event);
      if (ring.length > KEPT) ring.shift();
      writeLine(JSON.stringify(event));
      for (const listener of listeners) listener(event);
    },
    recent: (limit) => (limit <= 0 ? [] : ring.slice(-limit)),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
