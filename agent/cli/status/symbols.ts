/** How states look: a sign, a word and a colour, so that none of them says it alone. Pure. */
import type { Colour } from '../paint.ts';
import type { ServerState } from './picture.ts';

interface Look {
  readonly sign: string;
  /** For terminals that show ASCII alone. */
  readonly plain: string;
  readonly word: string;
  readonly colour: Colour;
}

const looks: Readonly<Record<ServerState, Look>> = {
  up: { sign: '●', plain: '+', word: 'up', colour: 'green' },
  down: { sign: '✗', plain: 'x', word: 'DOWN', colour: 'red' },
  rising: { sign: '◐', plain: '/', word: 'rising', colour: 'yellow' },
  unknown: { sign: '?', plain: '?', word: 'unknown', colour: 'yellow' },
  drained: { sign: '○', plain: 'o', word: 'drained', colour: 'cyan' },
  'taken-out': { sign: '⊘', plain: '#', word: 'disabled', colour: 'cyan' },
  disabled: { sign: '-', plain: '-', word: 'off', colour: 'dim' },
  sorry: { sign: '◆', plain: '*', word: 'sorry', colour: 'magenta' },
  foreign: { sign: '·', plain: '.', word: 'foreign', colour: 'dim' },
};

export interface Signs {
  stateSign(state: ServerState): string;
  readonly more: string;
  readonly alarm: string;
}

const isKnown = (state: string): state is ServerState => Object.hasOwn(looks, state);

/** A newer agent may know states that this program does not: they are shown in its own word. */
export const lookOf = (state: string): Look =>
  isKnown(state) ? looks[state] : { sign: '?', plain: '?', word: state, colour: 'yellow' };

export const signsFor = (unicode: boolean): Signs => ({
  stateSign: (state) => (unicode ? lookOf(state).sign : lookOf(state).plain),
  more: unicode ? '…' : '...',
  alarm: '!',
});

const roleColours: Readonly<Record<string, Colour>> = {
  active: 'green',
  standby: 'cyan',
  listening: 'yellow',
};

export const roleColour = (role: string): Colour => roleColours[role] ?? 'red';
