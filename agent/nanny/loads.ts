/** Asks all real servers for their load, each source once for all virtual servers that use it, few at a time. */
import type { Clock, Exec, Log } from '#agent/runtime/types.ts';
import { isWorthIt, type Load, unknownLoad } from './load.ts';
import { askLoad, type SourceOrFault } from './load-source.ts';
import type { Member } from './member.ts';
import { firstDelay, nextDue } from './schedule.ts';

/** Programs and connections under way at one time: a load may be late, the router must not be busy with it. */
const MAX_AT_ONCE = 16;

interface Poll {
  readonly stop: () => void;
  members: readonly Member[];
  last: Load;
}

export interface Loads {
  set(members: readonly Member[]): void;
  stop(): void;
}

export interface LoadDeps {
  readonly clock: Clock;
  readonly exec: Exec;
  readonly log: Log;
}

/** `onTaken` is called after a load was handed out. */
export function createLoads({ clock, exec, log }: LoadDeps, onTaken: () => void): Loads {
  let polls = new Map<string, Poll>();
  const told = new Set<string>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  const enter = async (): Promise<void> => {
    if (busy >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
  };
  /** The place goes to the next who waits. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  };

  const tell = (reason: string): void => {
    if (told.has(reason)) return;
    told.add(reason);
    log.event('error', 'load-unknown', `Weights stay as configured: ${reason}`);
  };

  const give = (member: Member, load: Load): void => {
    const { settings, load: source } = member.plan;
    // A measured load swings: as Piranha, less than a quarter of the weight is left out. An agent means what it says.
    const step = source?.kind === 'agent' ? 1 : settings.weight / 4;
    if (isWorthIt(settings.weight, member.load, load, step)) member.takeLoad(load);
  };

  const start = (key: string, member: Member, delayMs: number): Poll => {
    const giveUp = new AbortController();
    const { intervalMs, limitMs } = member.plan.endpoint;
    const source = member.plan.load as Exclude<SourceOrFault, { kind: 'fault' }>;
    let cancel = (): void => {};
    const poll: Poll = {
      members: [],
      last: unknownLoad,
      stop() {
        cancel();
        giveUp.abort();
      },
    };
    const ask = async (dueAt: number): Promise<void> => {
      await enter();
      const load = giveUp.signal.aborted
        ? null
        : await askLoad(source, poll.last, limitMs, { exec, signal: giveUp.signal });
      leave();
      if (giveUp.signal.aborted) return;
      if (load !== null) {
        poll.last = load;
        for (const each of poll.members) give(each, load);
        onTaken();
      }
      wait(nextDue(Math.max(dueAt, clock.now()), intervalMs, key));
    };
    const wait = (dueAt: number): void => {
      cancel = clock.after(Math.max(0, dueAt - clock.now()), () => void ask(dueAt));
    };
    wait(clock.now() + delayMs);
    return poll;
  };

  return {
    set(members) {
      const groups = new Map<string, Member[]>();
      for (const member of members) {
        const { load, endpoint } = member.plan;
        if (load?.kind === 'fault') tell(load.reason);
        if (load === null || load.kind === 'fault') {
          member.takeLoad(unknownLoad);
          continue;
        }
        const key = JSON.stringify([load, endpoint.intervalMs, endpoint.limitMs]);
        groups.set(key, [...(groups.get(key) ?? []), member]);
      }
      const before = polls;
      polls = new Map();
      for (const [key, poll] of before) if (!groups.has(key)) poll.stop();
      for (const [key, group] of groups) {
        const [first] = group;
        if (first === undefined) continue;
        const delay = firstDelay(polls.size, groups.size, first.plan.endpoint.intervalMs);
        const poll = before.get(key) ?? start(key, first, delay);
        poll.members = group;
        polls.set(key, poll);
        for (const member of group) give(member, poll.last);
      }
    },
    stop() {
      for (const poll of polls.values()) poll.stop();
      polls = new Map();
    },
  };
}
