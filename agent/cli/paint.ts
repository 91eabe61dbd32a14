/** Colours of a terminal. State is never told by colour alone: without it every text says the same. Pure. */

const codes = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  magenta: '35',
  cyan: '36',
} as const;

export type Colour = keyof typeof codes;

/** Paints a text in all of the colours, or leaves it as it is. */
export type Paint = (text: string, ...colours: readonly Colour[]) => string;

export const plainPaint: Paint = (text) => text;

const ansiPaint: Paint = (text, ...colours) =>
  text === '' || colours.length === 0
    ? text
    : `\u001B[${colours.map((colour) => codes[colour]).join(';')}m${text}\u001B[0m`;

export const colourChoices = ['auto', 'always', 'never'] as const;
export type ColourChoice = (typeof colourChoices)[number];

export interface Surroundings {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `auto`: on a terminal that knows colours, unless NO_COLOR says no (https://no-color.org). */
export function paintFor(choice: ColourChoice, { isTerminal, env }: Surroundings): Paint {
  if (choice === 'always') return ansiPaint;
  const isWanted = choice === 'auto' && isTerminal && env.TERM !== 'dumb' && (env.NO_COLOR ?? '') === '';
  return isWanted ? ansiPaint : plainPaint;
}

/** Whether the terminal shows more than ASCII, by the locale. */
export const showsUnicode = (env: Surroundings['env']): boolean =>
  /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
