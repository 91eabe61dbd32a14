/** Asks all real servers for their load, each source once for all virtual servers that use it, few at a time. */
import type { Clock, Exec, Log } from '#agent/runtime/types.ts';
import { isWorthIt, type Load, unknownLoad } from './load.ts';
import { askLoad, type SourceOrFault } from './load-source.ts';
import type { Member } from './member.ts';
import { firstDelay, nextDue } from './schedule.ts';

/** Programs and connections under way at one time: a load may be late, the router must not be busy with it. */
const MAX_AT_ONCE = 16;
/** So many times in a row without an answer, and somebody should know that an old word still counts. */
const SILENCES = 3;

interface Poll {
  readonly stop: () => void;
  members: readonly Member[];
  last: Load;
  /** In a row, since the last answer. */
  silences: number;
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

const placesOf = ({ members }: Poll): string =>
  [...new Set(members.map(({ plan }) => `${plan.realServer} of ${plan.virtualServer}`))].join(', ');

/** What goes on because nobody says otherwise. */
function consequence({ order, percent }: Load): string {
  if (order === 'out')
    return 'it said last that it is out, and stays out of the table until it says otherwise';
  if (order === 'drain')
    return 'it asked for a drain last, and gets no new connections until it says otherwise';
  return percent === 100 ? 'the weight stays as configured' : `the weight stays at ${Math.round(percent)} %`;
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

  const hear = (poll: Poll, load: Load): void => {
    const wasSilent = poll.silences >= SILENCES;
    poll.silences = 0;
    poll.last = load;
    for (const each of poll.members) {
      if (wasSilent) each.takeLoad(load);
      else give(each, load);
    }
    if (wasSilent) log.event('info', 'load-heard', `${placesOf(poll)}: the load is told again`);
  };

  /** Without an answer the last one counts on; a server that was told to be out would stay out for ever, unseen. */
  const miss = (poll: Poll, source: Exclude<SourceOrFault, { kind: 'fault' }>): void => {
    poll.silences += 1;
    if (poll.silences !== SILENCES) return;
    const old: Load = { ...poll.last, isOld: true };
    for (const each of poll.members) each.takeLoad(old);
    const who = source.kind === 'agent' ? `the load agent on port ${source.port}` : source.argv.join(' ');
    log.event(
      'warning',
      'load-silent',
      `${placesOf(poll)}: ${who} gave no answer ${SILENCES} times; ${consequence(poll.last)}`,
    );
  };

  const start = (key: string, member: Member, delayMs: number): Poll => {
    const giveUp = new AbortController();
    const { intervalMs, limitMs } = member.plan.endpoint;
    const source = member.plan.load as Exclude<SourceOrFault, { kind: 'fault' }>;
    let cancel = (): void => {};
    const poll: Poll = {
      members: [],
      last: unknownLoad,
      silences: 0,
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
        hear(poll, load);
        onTaken();
      } else miss(poll, source);
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
          // Most are never asked for one, and there may be tens of thousands of them.
          if (member.load !== unknownLoad) member.takeLoad(unknownLoad);
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
