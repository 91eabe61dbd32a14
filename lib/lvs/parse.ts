/**
 * Text of an lvs.cf → configuration, diagnostics and positions. Never throws; reports all faults; linear in the
 * length of the text. What Piranha loads means the same here (Piranha reference, chapter 1).
 */
import {
  Block,
  closeKept,
  closeServer,
  closeTop,
  closeVirtual,
  describeBlock,
  listOf,
  portSoFar,
} from './blocks.ts';
import { type Diagnostic, hasErrors } from './diagnostics.ts';
import type { Scope } from './directives.ts';
import { eachLine, type Reading, readingsOf, type SourceLine, skipBlanks, withoutBlanks } from './lexer.ts';
import { diagnose } from './messages.ts';
import type { ClusterConfig, FailoverService, VirtualServer } from './model.ts';
import { type BlockPlaces, newPlaces, type Positions, placesWithin, type Span } from './positions.ts';
import {
  type BlockWord,
  isKnownWord,
  type LineResult,
  nearestKnown,
  opensBlock,
  readStatement,
  type Statement,
  spanOf,
} from './statement.ts';

export interface ParseResult {
  readonly config: ClusterConfig;
  readonly diagnostics: readonly Diagnostic[];
  /** Where the values stand in the text, which is read again for it: only faults ask. */
  positions(): Positions;
}

/** What one reading of a text finds. */
interface Found {
  readonly config: ClusterConfig;
  readonly diagnostics: readonly Diagnostic[];
}

interface State {
  /** Filled where the reading is about places; they are more than all the values of a large file. */
  readonly positions: Positions | null;
  /** The top level and the blocks that are open now, outermost first; never empty. */
  readonly open: [Block, ...Block[]];
  readonly virtualServers: VirtualServer[];
  readonly failoverServices: FailoverService[];
  readonly diagnostics: Diagnostic[];
  /** Comments that belong to the next block or, when none follows at once, to the current one. */
  pendingComments: string[];
  /** The head of the last block had no "{": one that stands alone on the next line is its. */
  awaitsBrace: boolean;
  /** Depth inside a block that nobody knows. */
  skipDepth: number;
  /** By scope: plain lines and what they say. A large file says the same in most of its blocks. */
  readonly said: Readonly<Record<Scope, Map<string, Said>>>;
}

/** What hangs on no other line. */
type Said = Statement & { readonly kind: 'set' | 'close' };

/** Lines remembered for each scope. */
const SAID_MOST = 500;

const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

const noSpan: Span = { line: 1, column: 1, length: 0 };

export const parseConfig = (text: string): ParseResult => ({
  ...readText(text, null),
  positions() {
    const positions = newPlaces();
    readText(text, positions);
    return positions;
  },
});

function readText(text: string, positions: Positions | null): Found {
  const top = new Block({
    scope: 'global',
    name: '',
    span: noSpan,
    isShoal: false,
    parent: null,
    index: 0,
    places: positions && placesWithin(positions, 'global'),
    inheritedPort: 0,
  });
  const state: State = {
    open: [top],
    positions,
    virtualServers: [],
    failoverServices: [],
    diagnostics: [],
    pendingComments: [],
    awaitsBrace: false,
    skipDepth: 0,
    said: { global: new Map(), virtual: new Map(), failover: new Map(), server: new Map() },
  };
  eachLine(withoutOddities(text, state), (line) => readLine(state, line));
  flushComments(state, current(state));
  while (state.open.length > 1) {
    const block = current(state);
    report(
      state,
      diagnose('unclosed-block', { block: describeBlock(block), line: block.span.line }, block.span),
    );
    closeCurrent(state);
  }
  reportAll(state, closeKept(top));
  return {
    config: closeTop(top, state),
    diagnostics: state.diagnostics.sort(byPlace),
  };
}

/** Reports what is odd about the text as a whole and takes it away. */
function withoutOddities(text: string, state: State): string {
  if (text === '') report(state, diagnose('empty-file', undefined, noSpan));
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (body !== text) report(state, diagnose('byte-order-mark', undefined, noSpan));
  const end = body.indexOf('\0');
  if (end === -1) return body;
  const read = body.slice(0, end);
  const lines = read.split(/\r\n|\r|\n/);
  const column = (lines.at(-1)?.length ?? 0) + 1;
  report(state, diagnose('nul-character', undefined, { line: lines.length, column, length: 1 }));
  return read;
}

const current = (state: State): Block => state.open.at(-1) ?? state.open[0];

function report(state: State, diagnostic: Diagnostic): void {
  state.diagnostics.push(diagnostic);
}

function reportAll(state: State, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) report(state, diagnostic);
}

function flushComments(state: State, block: Block): void {
  if (state.pendingComments.length === 0) return;
  for (const comment of state.pendingComments) block.addComment(comment);
  state.pendingComments = [];
}

function readLine(state: State, line: SourceLine): void {
  const start = skipBlanks(line.text, 0);
  if (start === line.text.length) flushComments(state, current(state));
  else if (line.text[start] !== '#') readPlainLine(state, line, start);
  else if (line.text[start + 1] === '@' && skipBlanks(line.text, start + 2) < line.text.length)
    readShoalLine(state, line, start + 2);
  else state.pendingComments.push(line.text.slice(start));
}

/** Whether the line opens (+1) or closes (-1) a level, whatever its words mean. */
function levelChange({ tokens }: Reading): -1 | 0 | 1 {
  if (tokens[0]?.text === '}') return -1;
  return tokens.length > 1 && tokens.at(-1)?.text === '{' ? 1 : 0;
}

/** Says again what the same line said in another block of the scope; false when it is new. */
function sayAgain(state: State, line: SourceLine): boolean {
  const block = current(state);
  const said = block.isShoal || state.skipDepth > 0 ? undefined : state.said[block.scope].get(line.text);
  if (said === undefined) return false;
  state.awaitsBrace = false;
  flushComments(state, block);
  if (said.kind === 'set') setValue(state, said, line.number, false);
  else closeFrom(state, line);
  return true;
}

function remember({ said }: State, scope: Scope, text: string, { statement, diagnostics }: LineResult): void {
  const known = said[scope];
  const isSaid = statement?.kind === 'set' || statement?.kind === 'close';
  if (isSaid && diagnostics.length === 0 && known.size < SAID_MOST) known.set(text, statement);
}

function readPlainLine(state: State, line: SourceLine, start: number): void {
  if (sayAgain(state, line)) return;
  const readings = readingsOf(line.text, start);
  if (state.skipDepth > 0) {
    state.skipDepth += levelChange(readings[0]);
    return;
  }
  const isAwaitedBrace = state.awaitsBrace && withoutBlanks(line.text) === '{';
  state.awaitsBrace = false;
  if (isAwaitedBrace || leftShoalBlock(state, line, readings[0])) return;
  leaveUnclosedBlocks(state, line, readings[0]);
  const { scope } = current(state);
  const result = bestResult(state, line, readings, false);
  remember(state, scope, line.text, result);
  apply(state, line, result, false);
}

function readShoalLine(state: State, line: SourceLine, start: number): void {
  if (state.skipDepth > 0) return;
  const block = current(state);
  const readings = readingsOf(line.text, start);
  const [reading] = readings;
  const [head] = reading.tokens;
  const isUnknown = head === undefined || !isKnownWord(block.scope, head.text);
  if (block.keptDepth > 0 || isUnknown) {
    flushComments(state, block);
    block.addUnknown(withoutBlanks(line.text.slice(start)));
    if (block.keptDepth > 0) block.keptDepth += levelChange(reading);
    else {
      block.keptDepth = levelChange(reading) === 1 ? 1 : 0;
      const word = head?.text ?? withoutBlanks(line.text.slice(start));
      const span = head ? spanOf(line.number, head) : { line: line.number, column: start + 1, length: 1 };
      const facts = { word, where: block.where, nearest: nearestKnown(block.scope, word) };
      report(state, diagnose('unknown-shoal-directive', facts, span));
    }
    return;
  }
  if (head.text === '}' && !block.isShoal && state.open.length > 1) {
    const facts = { block: describeBlock(block), line: block.span.line };
    report(state, diagnose('shoal-line-closes-plain-block', facts, spanOf(line.number, head)));
    return;
  }
  apply(state, line, bestResult(state, line, readings, true), true);
}

/**
 * A plain line inside a `#@` block: Piranha reads it in the block around. Reported; true when the line says
 * nothing more. A plain "}" ends the `#@` block and goes on to close the plain one.
 */
function leftShoalBlock(state: State, line: SourceLine, { tokens }: Reading): boolean {
  const [head] = tokens;
  const block = current(state);
  if (!block.isShoal || head === undefined) return false;
  const facts = {
    word: head.text,
    where: block.where,
    block: describeBlock(block),
    line: block.span.line,
  };
  report(state, diagnose('plain-line-in-shoal-block', facts, spanOf(line.number, head)));
  if (head.text !== '}') return true;
  while (current(state).isShoal) closeCurrent(state);
  return state.open.length === 1;
}

/** A block head that belongs further out says that a "}" was forgotten: closes what stands between. */
function leaveUnclosedBlocks(state: State, line: SourceLine, reading: Reading): void {
  const [head] = reading.tokens;
  const block = current(state);
  if (head === undefined || levelChange(reading) !== 1 || opensBlock(block.scope, head.text)) return;
  if (!state.open.some((outer) => opensBlock(outer.scope, head.text))) return;
  const facts = {
    word: head.text,
    where: block.where,
    block: describeBlock(block),
    line: block.span.line,
  };
  report(state, diagnose('block-inside-block', facts, spanOf(line.number, head)));
  while (!opensBlock(current(state).scope, head.text)) closeCurrent(state);
}

/** Reads the line in each way until one has no fault; the faults of the first way otherwise. */
function bestResult(
  state: State,
  line: SourceLine,
  readings: readonly [Reading, ...Reading[]],
  isShoal: boolean,
): LineResult {
  const context = { block: current(state), line: line.number, isShoal };
  const first = readStatement(readings[0], context);
  if (!hasErrors(first.diagnostics)) return first;
  const others = readings.slice(1).map((reading) => readStatement(reading, context));
  return others.find(({ diagnostics }) => !hasErrors(diagnostics)) ?? first;
}

function apply(state: State, line: SourceLine, result: LineResult, isShoal: boolean): void {
  reportAll(state, result.diagnostics);
  const { statement } = result;
  if (statement?.kind === 'open') {
    openFrom(state, statement, isShoal);
    return;
  }
  flushComments(state, current(state));
  if (statement?.kind === 'set') setValue(state, statement, line.number, isShoal);
  else if (statement?.kind === 'skip') state.skipDepth = 1;
  else if (statement?.kind === 'close') closeFrom(state, line);
}

/** `line`: of the value, whichever line the statement was read from. */
function setValue(
  state: State,
  statement: Statement & { kind: 'set' },
  line: number,
  isShoal: boolean,
): void {
  const block = current(state);
  const { directive, value, span } = statement;
  const before = lineBefore(block, directive.key, isShoal);
  if (before !== undefined) {
    const facts = { word: directive.name, where: block.where, line: before };
    report(state, diagnose('duplicate-directive', facts, { ...span, line }));
  }
  // A `#@` line overrules the plain one, which is what Piranha falls back to, wherever it stands.
  if (isShoal) {
    block.shoalKeys ??= new Set();
    block.shoalKeys.add(directive.key);
  } else if (block.shoalKeys?.has(directive.key)) {
    block.overruled ??= new Map();
    block.overruled.set(directive.key, line);
    return;
  }
  block.settings[directive.key] = value;
  block.lines[directive.key] = line;
  if (block.places !== null) block.places.values[directive.key] = { ...span, line };
}

/** The line of an earlier value of the same directive in the same dialect. */
function lineBefore(block: Block, key: string, isShoal: boolean): number | undefined {
  if (isShoal === (block.shoalKeys?.has(key) ?? false)) return block.lines[key];
  return isShoal ? undefined : block.overruled?.get(key);
}

function indexOfNext(state: State, word: BlockWord): number {
  if (word === 'server') return current(state).servers.length;
  return state[listOf[word]].length;
}

function placesOfNext(state: State, word: BlockWord, index: number, span: Span): BlockPlaces | null {
  const outer = word === 'server' ? current(state).places : state.positions;
  if (outer === null) return null;
  const places = placesWithin(placesWithin(outer, listOf[word]), index);
  places.span = span;
  return places;
}

function openFrom(state: State, statement: Statement & { kind: 'open' }, isShoal: boolean): void {
  const { word, name, span, hasBrace } = statement;
  const parent = current(state);
  const index = indexOfNext(state, word);
  const places = placesOfNext(state, word, index, span);
  const inheritedPort = word === 'server' ? portSoFar(parent) : 0;
  const block = new Block({ scope: word, name, span, isShoal, parent, index, places, inheritedPort });
  flushComments(state, block);
  state.open.push(block);
  state.awaitsBrace = !hasBrace;
}

function closeFrom(state: State, line: SourceLine): void {
  if (state.open.length > 1) {
    closeCurrent(state);
    return;
  }
  const column = line.text.indexOf('}') + 1;
  report(state, diagnose('stray-closing-brace', undefined, { line: line.number, column, length: 1 }));
}

function closeCurrent(state: State): void {
  const block = state.open.length > 1 ? state.open.pop() : undefined;
  if (block === undefined) return;
  reportAll(state, closeKept(block));
  if (block.scope === 'virtual') state.virtualServers.push(closeVirtual(block));
  else if (block.scope === 'failover') state.failoverServices.push(closeVirtual(block));
  else if (block.scope === 'server') current(state).servers.push(closeServer(block));
}
