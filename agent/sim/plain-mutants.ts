/** Machines that break one promise of a pair without a cluster key: what the referee must see. */
import { step } from '#agent/pulse/machine.ts';
import type { PulseEvent } from '#agent/pulse/state.ts';
import type { PlainPromise } from './plain-run.ts';
import type { Step } from './router.ts';

export interface PlainMutant {
  readonly promise: PlainPromise;
  readonly step: Step;
}

type Word = Extract<PulseEvent, { type: 'plain' }>;

/** Changes what the machine hears in Piranha's words. */
const withWord =
  (change: (event: Word, state: Parameters<Step>[0]) => PulseEvent): Step =>
  (state, event, now) =>
    step(state, event.type === 'plain' ? change(event, state) : event, now);

export const plainMutants = {
  'keeps the service beside a primary that serves': {
    promise: 'one owner',
    step: withWord((event, { role }) => (role.name === 'active' ? { ...event, word: 'hold' } : event)),
  },
  'says that it is out while it serves': {
    promise: 'one owner',
    step: (state, event, now) => {
      const result = step(state, event, now);
      const lie = result.actions.map((action) =>
        action.type === 'send-plain' ? ({ ...action, word: 'stopped' } as const) : action,
      );
      return { ...result, actions: lie };
    },
  },
  'never believes that the partner is out or dead': {
    promise: 'somebody serves',
    step: (state, event, now) =>
      withWord((word) => (word.word === 'stopped' ? { ...word, word: 'hold' } : word))(
        { ...state, silentMs: 0 },
        event,
        now,
      ),
  },
  'heeds no unsigned word from the moment it has a key': {
    promise: 'no false transfer',
    step: (state, event, now) => step({ ...state, isProven: true }, event, now),
  },
  'does not see that a partner with a key lives': {
    promise: 'no false transfer',
    step: (state, event, now) => step(state, event.type === 'unchecked' ? { type: 'tick' } : event, now),
  },
  'obeys "stop me"': {
    promise: 'no false transfer',
    step: withWord((event) => (event.word === 'stop-me' ? { ...event, word: 'running' } : event)),
  },
  'takes over with a fault': {
    promise: 'no false transfer',
    step: (state, event, now) => step(state, event.type === 'fault' ? { type: 'tick' } : event, now),
  },
} as const satisfies Record<string, PlainMutant>;
