/** The whole picture as lines: on one screen, or as long as it is. Pure. */
import type { AgentEvent } from '#lib/protocol/messages.ts';
import type { Colour } from '../paint.ts';
import { cut, pad, printable, wrap } from '../terminal-text.ts';
import { headLines, type Showing } from './head.ts';
import type { Picture } from './picture.ts';
import { signsFor } from './symbols.ts';
import { tableLines } from './table.ts';

export interface ScreenOptions {
  readonly width: number;
  /** Lines of the screen; null: as many as it takes. */
  readonly height: number | null;
  readonly paint: Showing['paint'];
  readonly unicode: boolean;
}

const MOST_EVENTS = 8;
/** However little room there is. */
const LEAST_EVENTS = 2;
/** Lines; a problem may take two or three, because the command that mends it stands at its end. */
const MOST_PROBLEM_LINES = 7;

/** Whole problems only: half a command is worse than none. */
function problemLines(problems: readonly string[], most: number, { width, paint }: Showing): string[] {
  const lines: string[] = [];
  for (const [index, problem] of problems.entries()) {
    const wrapped = wrap(printable(problem), width - 2);
    const isLast = index === problems.length - 1;
    if (lines.length > 0 && lines.length + wrapped.length + (isLast ? 0 : 1) > most)
      return [...lines, `! and ${problems.length - index} more (status --all)`].map((line) =>
        paint(line, 'bold', 'red'),
      );
    lines.push(...wrapped.map((line, part) => `${part === 0 ? '!' : ' '} ${line}`));
  }
  return lines.map((line) => paint(line, 'bold', 'red'));
}

const eventColours: Readonly<Record<string, Colour>> = { error: 'red', warning: 'yellow' };

function eventLine({ at, severity, message }: AgentEvent, { width, paint, more }: Showing): string {
  const [, time = at] = /T(\d\d:\d\d:\d\d)/.exec(at) ?? [];
  const text = cut(`${time}Z ${pad(severity, 8)}${printable(message)}`, width, more);
  const colour = eventColours[severity];
  return colour === undefined ? text : paint(text, colour);
}

/** One picture. With a height it never has more lines than that. */
export function screenLines(picture: Picture, options: ScreenOptions): string[] {
  const { width, height, paint, unicode } = options;
  const signs = signsFor(unicode);
  const showing = { width, paint, more: signs.more, signs };
  const { status, events } = picture;
  const head = headLines(status, showing);
  const problems = problemLines(
    status.problems,
    height === null ? Number.POSITIVE_INFINITY : MOST_PROBLEM_LINES,
    showing,
  );
  const title = (text: string): string => paint(text, 'bold');
  const blank = height === null || height >= 30 ? [''] : [];
  const tail = (count: number): string[] =>
    events.length === 0 || count === 0
      ? []
      : [...blank, title('last events'), ...events.slice(-count).map((event) => eventLine(event, showing))];
  const top = [...head, ...(problems.length === 0 ? [] : [...blank, ...problems]), ...blank];
  if (height === null) return [...top, ...tableLines(picture, null, showing), ...tail(MOST_EVENTS)];
  const room = height - top.length;
  const table = tableLines(picture, Math.max(3, room - tail(LEAST_EVENTS).length), showing);
  // What the table leaves belongs to the events.
  const left = room - table.length - blank.length - 1;
  return [...top, ...table, ...tail(Math.min(MOST_EVENTS, Math.max(0, left)))].slice(0, height);
}
