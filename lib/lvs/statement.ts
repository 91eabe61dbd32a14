/**
 * One line of lvs.cf as a statement: a value, the head of a block or the end of one. Knows the table of
 * directives and nothing of what stood on other lines; reports every fault that one line can have.
 */
import type { Diagnostic, ModelPath } from './diagnostics.ts';
import type { Directive } from './directive.ts';
import { directivesOf, type Scope } from './directives.ts';
import type { Reading, Token } from './lexer.ts';
import { diagnose } from './messages.ts';
import { nearestWord } from './nearest-word.ts';
import type { Span } from './positions.ts';
import { canStandInside, whyNotName } from './quoting.ts';

export type BlockWord = 'virtual' | 'failover' | 'server';

/** What the line stands in. */
export interface LineContext {
  readonly block: {
    readonly scope: Scope;
    /** "at the top level", "in virtual server \"web\"". */
    readonly where: string;
    /** In the model. */
    readonly path: ModelPath;
  };
  readonly line: number;
  /** The line begins with `#@`. */
  readonly isShoal: boolean;
}

export type Statement =
  | { readonly kind: 'set'; readonly directive: Directive; readonly value: unknown; readonly span: Span }
  | {
      readonly kind: 'open';
      readonly word: BlockWord;
      readonly name: string;
      readonly span: Span;
      /** False when "{" was missing: it may stand alone on the next line. */
      readonly hasBrace: boolean;
    }
  | { readonly kind: 'close' }
  /** A block that nobody knows: its lines are skipped. */
  | { readonly kind: 'skip' };

export interface LineResult {
  readonly statement: Statement | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Most lines have no fault. */
const none: readonly Diagnostic[] = [];

const blocksIn: Readonly<Record<Scope, readonly BlockWord[]>> = {
  global: ['virtual', 'failover'],
  virtual: ['server'],
  failover: ['server'],
  server: [],
};

const rowsIn = (scope: Scope): ReadonlyMap<string, Directive> =>
  new Map(directivesOf[scope].map((row) => [row.name, row]));

const rowsOf: Readonly<Record<Scope, ReadonlyMap<string, Directive>>> = {
  global: rowsIn('global'),
  virtual: rowsIn('virtual'),
  failover: rowsIn('failover'),
  server: rowsIn('server'),
};

const levels: readonly { readonly scope: Scope; readonly phrase: string }[] = [
  { scope: 'global', phrase: 'at the top level' },
  { scope: 'virtual', phrase: 'inside a virtual or failover block' },
  { scope: 'server', phrase: 'inside a server block' },
];

/** Whether a word opens a block in this scope. */
export const opensBlock = (scope: Scope, word: string): word is BlockWord =>
  blocksIn[scope].some((known) => known === word);

/** Whether a line of this scope may begin with the word. */
export const isKnownWord = (scope: Scope, word: string): boolean =>
  word === '}' || opensBlock(scope, word) || rowsOf[scope].has(word);

/** The known word of this scope that is nearest to a mistyped one. */
export const nearestKnown = (scope: Scope, word: string): string | null =>
  nearestWord(word, [...rowsOf[scope].keys(), ...blocksIn[scope]]);

export const spanOf = (line: number, from: Token, to: Token = from): Span => ({
  line,
  column: from.column,
  length: to.column + to.length - from.column,
});

/** Where a word is missing: behind a token, or at the brace that is glued to it. */
const behind = (line: number, token: Token): Span => ({
  line,
  column: token.column + token.length - (token.text.endsWith('{') && token.text !== '{' ? 1 : 0),
  length: 1,
});

/** Reads one line that has at least one token or an unclosed quote. */
export function readStatement(reading: Reading, context: LineContext): LineResult {
  const [head] = reading.tokens;
  if (head === undefined) return { statement: null, diagnostics: [unclosedQuote(reading, context, '"')] };
  if (head.text === '}') return readClose(reading.tokens, context);
  if (opensBlock(context.block.scope, head.text)) return readBlockHead(reading, head, head.text, context);
  const directive = rowsOf[context.block.scope].get(head.text);
  if (directive === undefined) return readUnknown(reading.tokens, head, context);
  return readDirective(reading, head, directive, context);
}

function unclosedQuote(reading: Reading, context: LineContext, word: string): Diagnostic {
  return diagnose(
    'unclosed-quote',
    { word, where: context.block.where },
    { line: context.line, column: reading.unclosed ?? 1, length: 1 },
  );
}

function readClose(tokens: readonly Token[], { line }: LineContext): LineResult {
  const [, extra] = tokens;
  const last = tokens.at(-1);
  if (extra === undefined || last === undefined) return { statement: { kind: 'close' }, diagnostics: none };
  return {
    statement: { kind: 'close' },
    diagnostics: [diagnose('text-after-brace', { extra: extra.text }, spanOf(line, extra, last))],
  };
}

function readUnknown(tokens: readonly Token[], head: Token, context: LineContext): LineResult {
  const { scope, where } = context.block;
  const { line } = context;
  const statement: Statement | null =
    tokens.length > 1 && tokens.at(-1)?.text === '{' ? { kind: 'skip' } : null;
  const [name = '', glued] = head.text.split('=', 2);
  if (glued !== undefined && rowsOf[scope].has(name)) {
    const value = glued === '' ? (tokens[1]?.text ?? '') : glued;
    const fault = diagnose('equal-glued', { word: head.text, where, name, value }, spanOf(line, head));
    return { statement, diagnostics: [fault] };
  }
  const blockName = head.text.replace(/\{$/, '');
  if (blockName !== head.text && opensBlock(scope, blockName)) {
    const fault = diagnose('block-name-missing', { word: blockName, where }, behind(line, head));
    return {
      statement: { kind: 'open', word: blockName, name: '', span: spanOf(line, head), hasBrace: true },
      diagnostics: [fault],
    };
  }
  const elsewhere = levels.filter(
    (level) => rowsOf[level.scope].has(head.text) || opensBlock(level.scope, head.text),
  );
  const facts = {
    word: head.text,
    where,
    nearest: nearestKnown(scope, head.text),
    levels: elsewhere.map((level) => level.phrase),
  };
  return { statement, diagnostics: [diagnose('unknown-directive', facts, spanOf(line, head))] };
}

function readBlockHead(reading: Reading, head: Token, word: BlockWord, context: LineContext): LineResult {
  const { block, line } = context;
  const { tokens } = reading;
  const given = tokens[1];
  const brace = tokens[2];
  const last = tokens.at(-1) ?? head;
  const open = (name: string, hasBrace: boolean): Statement => ({
    kind: 'open',
    word,
    name,
    span: spanOf(line, head, last),
    hasBrace,
  });
  if (reading.unclosed !== null)
    return { statement: open('', true), diagnostics: [unclosedQuote(reading, context, "'\"'")] };
  const nameless = given === undefined || (given.text === '{' && brace === undefined);
  if (nameless) {
    const fault = diagnose('block-name-missing', { word, where: block.where }, behind(line, head));
    return { statement: open('', given !== undefined), diagnostics: [fault] };
  }
  if (brace === undefined) {
    const name = given.text.replace(/\{$/, '');
    const fault = diagnose('brace-missing', { word, name, where: block.where }, behind(line, given));
    return { statement: open(name, name !== given.text), diagnostics: [fault] };
  }
  const diagnostics: Diagnostic[] = [];
  if (!canStandInside(given.text)) {
    const reason = whyNotName(given.text)?.message ?? 'lvs.cf cannot hold it';
    diagnostics.push(
      diagnose('block-name-unholdable', { word, where: block.where, reason }, spanOf(line, given)),
    );
  }
  if (brace.text !== '{' || tokens.length > 3) {
    const extra = brace.text === '{' ? (tokens[3] ?? brace) : brace;
    const facts = { word: `${word} ${given.text}`, where: block.where, extra: extra.text };
    diagnostics.push(
      diagnose('block-extra-words', facts, spanOf(line, extra, extra === brace ? brace : last)),
    );
  }
  return { statement: open(given.text, last.text === '{'), diagnostics };
}

function readDirective(
  reading: Reading,
  head: Token,
  directive: Directive,
  context: LineContext,
): LineResult {
  const result = readValue(reading, head, directive, context);
  if (directive.dialect !== 'shoal' || context.isShoal) return result;
  const facts = { word: head.text, where: context.block.where };
  const onPlainLine = diagnose('shoal-directive-plain', facts, spanOf(context.line, head));
  return { ...result, diagnostics: [onPlainLine, ...result.diagnostics] };
}

const failed = (fault: Diagnostic): LineResult => ({ statement: null, diagnostics: [fault] });

function readValue(reading: Reading, head: Token, directive: Directive, context: LineContext): LineResult {
  const { block, line, isShoal } = context;
  if (reading.unclosed !== null) return failed(unclosedQuote(reading, context, 'of the value'));
  const equal = reading.tokens[1];
  const values = reading.tokens.slice(2);
  const word = directive.name;
  const { kind } = directive;
  if (equal === undefined || equal.text !== '=')
    return failed(
      missingEqual(equal, word, context) ??
        diagnose('equal-expected', { word, where: block.where }, behind(line, head)),
    );
  const wanted = kind.arity === 'list' ? 1 : kind.arity;
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined || values.length < wanted) {
    const facts = { word, where: block.where, expected: kind.expected };
    return failed(diagnose('missing-value', facts, behind(line, last ?? equal)));
  }
  const extra = kind.arity === 'list' ? undefined : values[wanted];
  if (extra !== undefined) {
    const facts = { word, where: block.where, expected: kind.expected, extra: extra.text };
    return failed(diagnose('too-many-values', facts, spanOf(line, extra, last)));
  }
  const result = kind.parse(values);
  if (result.ok) {
    const span = spanOf(line, first, last);
    const isTaken = isShoal || (kind.isPiranhaValue?.(result.value) ?? true);
    const diagnostics = isTaken
      ? none
      : [diagnose('shoal-value-plain', valueOnlyHere(directive, context, values), span)];
    return { statement: { kind: 'set', directive, value: result.value, span }, diagnostics };
  }
  const place = {
    ...spanOf(line, values[result.at] ?? first),
    path: [...context.block.path, directive.key],
  };
  const facts = { word, where: block.where, expected: kind.expected, reason: result.message };
  return failed(
    directive.invalidIsIgnored
      ? diagnose('ignored-value', facts, place)
      : diagnose('invalid-value', { ...facts, hint: result.hint ?? nearestOption(directive, values) }, place),
  );
}

/** A value that Piranha does not take stands on a plain line: how to write it instead. */
function valueOnlyHere(
  { name, piranhaFallback }: Directive,
  { block }: LineContext,
  values: readonly Token[],
) {
  const value = values.map(({ text }) => text).join(' ');
  return { word: name, where: block.where, value, isBlockWide: piranhaFallback === undefined };
}

function missingEqual(equal: Token | undefined, word: string, context: LineContext): Diagnostic | null {
  if (equal === undefined || !equal.text.startsWith('=') || equal.quote !== null) return null;
  const facts = { word: equal.text, where: context.block.where, name: word, value: equal.text.slice(1) };
  return diagnose('equal-glued', facts, spanOf(context.line, equal));
}

function nearestOption({ kind }: Directive, values: readonly Token[]): string | undefined {
  const words = kind.widget === 'choice' ? (kind.options ?? []).map((option) => option.value) : [];
  const nearest = nearestWord(values[0]?.text ?? '', words);
  return nearest === null ? undefined : `Did you mean "${nearest}"?`;
}
