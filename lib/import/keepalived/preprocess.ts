/**
 * What keepalived does to its lines before it reads keywords: conditions (`@ID`), definitions (`$NAME=value`) and
 * their substitution. Definitions of several lines, repetitions and included files are not followed, and said.
 */

import type { Span } from '../../lvs/positions.ts';
import type { Findings } from '../findings.ts';
import { lookUp } from '../shape.ts';
import { splitWords, type Word, withoutComment } from './lexer.ts';

/** A line that counts. */
export interface Line {
  readonly words: readonly Word[];
}

interface State {
  readonly findings: Findings;
  readonly configId: string | undefined;
  readonly definitions: Map<string, string>;
  /** Names whose definition could not be taken over. */
  readonly dropped: Set<string>;
  /** Characters that substitution may still make: a definition that doubles itself must not blow up. */
  budget: number;
}

const spanOf = (text: string, line: number): Span => {
  const column = text.length - text.trimStart().length + 1;
  return { line, column, length: Math.max(text.trim().length, 1) };
};

const isIncluding = /^\s*include[armwb]?\s/;
const isRepeating = /^\s*~(SEQx?|LST)\b/;
const definition = /^\s*\$([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;
const condition = /^\s*@(\^?)([^\s]*)(.*)$/;

/** Whether a conditional line counts; the line behind its condition. */
function conditional(text: string, line: number, state: State): string | null {
  const match = condition.exec(text);
  if (!match) return text;
  const [, not = '', id = '', rest = ''] = match;
  if (state.configId !== undefined) {
    const counts = (id === state.configId) !== (not === '^');
    return counts ? `${' '.repeat(text.length - rest.length)}${rest}` : null;
  }
  state.findings.leave(line, text.trim(), 'conditional-line', { id });
  return null;
}

const fixed: Readonly<Record<string, string>> = { _HASH: '#', _BANG: '!' };

/** `$NAME` before a blank or the end, `${NAME}` anywhere; again while it changes something. */
function substitute(text: string, line: number, state: State): string {
  const lookedUp = (name: string): string | undefined =>
    name === '_INSTANCE' ? state.configId : (lookUp(fixed, name) ?? state.definitions.get(name));
  let current = text;
  for (let round = 0; round < 20 && current.includes('$'); round += 1) {
    let grown = 0;
    const next = current.replace(
      /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*)(?=\s|$))/g,
      (whole, braced: string | undefined, plain: string | undefined) => {
        const value = grown > state.budget ? undefined : lookedUp((braced ?? plain) as string);
        grown += value?.length ?? 0;
        return value ?? whole;
      },
    );
    if (next === current) return current;
    state.budget -= grown;
    if (state.budget < 0) {
      state.findings.fault('substitution-too-long', undefined, spanOf(text, line));
      return '';
    }
    current = next;
  }
  return current;
}

/** A variable whose definition could not be taken over, used on this line. */
const droppedUse = (text: string, { dropped }: State): string | undefined =>
  dropped.size === 0
    ? undefined
    : [...text.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)]
        .map(([, name = '']) => name)
        .find((name) => dropped.has(name));

/** What is left of `${NAME}`: its braces must not be taken for a block's. */
function withoutUnknown(text: string, line: number, { findings }: State): string {
  return text.replace(/\$\{([^{}\s]*)[^{}]*\}/g, (whole, name: string) => {
    if (name.startsWith('_')) findings.leave(line, whole, 'predefined-variable', undefined);
    else findings.fault('variable-unknown', { text: whole }, spanOf(text, line));
    return `$${name}`;
  });
}

function wordsOf(text: string, line: number, state: State): readonly Word[] {
  const replaced = withoutUnknown(substitute(text, line, state), line, state);
  if (replaced === text) return splitWords(text, line);
  // Columns of the text as it stands, not of what came of it.
  const span = spanOf(text, line);
  return splitWords(replaced, line).map((word) => ({ ...word, ...span }));
}

export function preprocess(text: string, findings: Findings, configId: string | undefined): Line[] {
  const state: State = {
    findings,
    configId,
    definitions: new Map(),
    dropped: new Set(),
    budget: 4 * text.length + 100_000,
  };
  const lines: Line[] = [];
  let isContinued = false;
  for (const [index, whole] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const wasContinued: boolean = isContinued;
    isContinued = wasContinued && /\\\s*$/.test(whole);
    if (wasContinued) continue;
    const { text: bare, quoteAt } = withoutComment(whole);
    if (bare.trim() === '') continue;
    if (quoteAt !== null) findings.fault('quote-unclosed', undefined, { line, column: quoteAt, length: 1 });
    const counting = conditional(bare, line, state);
    if (counting === null) continue;
    const defined = definition.exec(counting);
    if (defined) isContinued = define(defined, line, state);
    else if (isIncluding.test(counting)) findings.leave(line, counting.trim(), 'included-file', undefined);
    else if (isRepeating.test(counting)) findings.leave(line, counting.trim(), 'repetition', undefined);
    else if (droppedUse(counting, state) !== undefined)
      findings.leave(line, counting.trim(), 'long-definition-used', {
        text: droppedUse(counting, state) ?? '',
      });
    else lines.push({ words: wordsOf(counting, line, state) });
  }
  return lines;
}

/** Takes a definition; true when it goes on on the next line. */
function define([whole, name = '', value = '']: RegExpExecArray, line: number, state: State): boolean {
  if (!/\\\s*$/.test(value)) {
    state.definitions.set(name, value.trim());
    state.dropped.delete(name);
    return false;
  }
  state.findings.leave(line, whole.trim(), 'long-definition', { text: name });
  state.definitions.delete(name);
  state.dropped.add(name);
  return true;
}
