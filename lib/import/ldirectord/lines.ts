/**
 * ldirectord.cf → its global lines and its virtual services. As ldirectord reads it: a service's own lines follow
 * it at once, indented by four blanks or a tab; a blank line ends them, a comment does not.
 */
import type { Span } from '../../lvs/positions.ts';
import type { Findings } from '../findings.ts';

/** `key = value`; the span is that of the value, or of the key when there is none. */
export interface Entry extends Span {
  readonly key: string;
  /** Without blanks at both ends; null when there is no equal sign. */
  readonly value: string | null;
}

export interface Service {
  readonly head: Entry;
  readonly options: readonly Entry[];
}

export interface Lines {
  readonly globals: readonly Entry[];
  readonly services: readonly Service[];
}

const assignment = /^(\s*)([A-Za-z][\w-]*)(\s*=\s*)?(.*)$/;

function entryOf(text: string, line: number): Entry | null {
  const match = assignment.exec(text);
  if (match === null) return null;
  const [, indent = '', key = '', equal, rest = ''] = match;
  const value = rest.trimEnd();
  if (equal === undefined)
    return value === '' ? { key, value: null, line, column: indent.length + 1, length: key.length } : null;
  const before = indent.length + key.length;
  return value === ''
    ? { key, value, line, column: indent.length + 1, length: key.length }
    : { key, value, line, column: before + equal.length + 1, length: value.length };
}

/** Comments inside a service begin anywhere; at the top behind a blank, outside quotes. */
function withoutComment(text: string, isInside: boolean): string {
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') isQuoted = !isQuoted;
    if (character === '#' && (isInside || (!isQuoted && /\s/.test(text[index - 1] ?? ' '))))
      return text.slice(0, index);
  }
  return text;
}

export function readLines(text: string, findings: Findings): Lines {
  const globals: Entry[] = [];
  const services: { readonly head: Entry; readonly options: Entry[] }[] = [];
  let current: Entry[] | null = null;
  for (const [index, whole] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    if (/^\s*#/.test(whole)) continue;
    const indent = /^[ \t]*/.exec(whole)?.[0].replaceAll('\t', '    ').length ?? 0;
    const isInside: boolean = current !== null && indent >= 4;
    const bare = withoutComment(whole, isInside);
    if (bare.trim() === '') {
      // A comment alone was passed over above; what is blank ends the service.
      if (whole.trim() === '') current = null;
      continue;
    }
    const span: Span = { line, column: 1, length: whole.length };
    const entry = entryOf(bare, line);
    if (entry === null) findings.fault('assignment-expected', { text: bare.trim() }, span);
    else if (isInside) current?.push(entry);
    else if (indent > 0) findings.fault('indented-outside', { text: entry.key }, span);
    else if (entry.key === 'virtual' || entry.key === 'virtual6') {
      current = [];
      services.push({ head: entry, options: current });
    } else {
      current = null;
      globals.push(entry);
    }
  }
  return { globals, services };
}
