/**
 * Lines for the journal: `<4>event=server-down sequence=17 message="…"`. The number is the priority by which
 * `journalctl -p` selects; journald takes it away and adds time, host and process. Anywhere else a line says its time
 * and its level itself.
 */
import { fstatSync } from 'node:fs';
import type { LogLevel } from '#lib/protocol/messages.ts';
import type { Entry } from './log.ts';

const priorities: Readonly<Record<LogLevel, number>> = { error: 3, warning: 4, info: 6, debug: 7 };

/** Quoted unless it is one plain word: a value never ends its line, and never looks like the next field. */
const valueText = (value: string | number): string =>
  /^[\w.:/@%+-]+$/.test(String(value)) ? String(value) : JSON.stringify(value);

/** One line, without its end. */
export function lineOf({ level, at, kind, fields }: Entry, toJournal: boolean): string {
  const head = toJournal ? `<${priorities[level]}>event=${kind}` : `at=${at} level=${level} event=${kind}`;
  return [head, ...Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`)].join(' ');
}

/** Whether this descriptor goes to journald, as `JOURNAL_STREAM` of sd-daemon says. */
export function isJournal(descriptor: number, stream: string | undefined): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
