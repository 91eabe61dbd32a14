/**
 * POSIX extended regular expressions as Piranha's nanny has them from the C library (regcomp with REG_EXTENDED,
 * C locale), in time linear in the text: all alternatives advance together, nothing is ever tried twice. A text
 * from a hostile server therefore costs at most states × characters. Back-references cannot be had that way and
 * are refused.
 *
 * Texts are compared by UTF-16 unit; give bytes as latin1 to match bytes.
 */
import { type EreTree, parseEre } from './ere-parse.ts';

/** Most states of one expression; bounds the time per character. */
export const MAX_ERE_STATES = 2000;

type Assertion = Extract<EreTree, { type: 'assert' }>['what'];

/** One instruction. Indexes point into the program. */
type Instruction =
  | { readonly op: 'char'; readonly accepts: (unit: number) => boolean; next: number }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'assert'; readonly what: Assertion; next: number }
  | { readonly op: 'match' };

export interface EreMatcher {
  /**
   * Takes the next piece of the text and says whether the expression matches anywhere in all pieces so far; `$`
   * is the end of what was given so far. Once true, always true.
   */
  feed(piece: string): boolean;
}

export interface Ere {
  test(text: string): boolean;
  matcher(): EreMatcher;
}

export type EreResult =
  | { readonly ok: true; readonly ere: Ere }
  /** `at`: 0-based position in the pattern. `message` is a sentence without the full stop. */
  | { readonly ok: false; readonly at: number; readonly message: string };

/** Reads an expression. Never throws. */
export function compileEre(pattern: string): EreResult {
  const parsed = parseEre(pattern);
  if (!parsed.ok) return parsed;
  const program = assemble(parsed.tree);
  if (program === null) {
    return { ok: false, at: 0, message: `the expression is too large (more than ${MAX_ERE_STATES} states)` };
  }
  const matcher = () => createMatcher(program);
  return { ok: true, ere: { matcher, test: (text) => matcher().feed(text) } };
}

/** Turns the tree into a program; null when it grows too large. */
function assemble(tree: EreTree): readonly Instruction[] | null {
  const program: Instruction[] = [];
  // Counted apart from the instructions: repeating what is empty adds none.
  let emitted = 0;
  const full = () => program.length > MAX_ERE_STATES || emitted > 10 * MAX_ERE_STATES;

  /** Emits `node` so that it goes on at the instruction behind it. */
  const emit = (node: EreTree): void => {
    emitted += 1;
    if (full()) return;
    switch (node.type) {
      case 'char':
        program.push({ op: 'char', accepts: node.accepts, next: program.length + 1 });
        return;
      case 'assert':
        program.push({ op: 'assert', what: node.what, next: program.length + 1 });
        return;
      case 'sequence':
        for (const part of node.parts) emit(part);
        return;
      case 'choice':
        emitChoice(node.options);
        return;
      case 'repeat':
        emitRepeat(node.of, node.min, node.max);
        return;
    }
  };

  const emitChoice = (options: readonly EreTree[]): void => {
    const jumps: { first: number; second: number }[] = [];
    for (const [index, option] of options.entries()) {
      if (full()) return;
      const last = index === options.length - 1;
      const split = { op: 'split' as const, first: program.length + 1, second: 0 };
      if (!last) program.push(split);
      emit(option);
      if (last) break;
      const jump = { op: 'split' as const, first: 0, second: 0 };
      program.push(jump);
      jumps.push(jump);
      split.second = program.length;
    }
    for (const jump of jumps) {
      jump.first = program.length;
      jump.second = program.length;
    }
  };

  const emitRepeat = (of: EreTree, min: number, max: number | null): void => {
    for (let count = 0; count < min && !full(); count += 1) emit(of);
    if (max === null) {
      const loop = { op: 'split' as const, first: program.length + 1, second: 0 };
      const start = program.length;
      program.push(loop);
      emit(of);
      program.push({ op: 'split', first: start, second: start });
      loop.second = program.length;
      return;
    }
    const skips: { second: number }[] = [];
    for (let count = min; count < max && !full(); count += 1) {
      const skip = { op: 'split' as const, first: program.length + 1, second: 0 };
      program.push(skip);
      skips.push(skip);
      emit(of);
    }
    for (const skip of skips) skip.second = program.length;
  };

  emit(tree);
  program.push({ op: 'match' });
  return full() ? null : program;
}

const isWord = (unit: number): boolean =>
  (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122);

/** Before the first and behind the last character. */
const NOTHING = -1;

function holds(what: Assertion, before: number, after: number): boolean {
  const wordBefore = isWord(before);
  const wordAfter = isWord(after);
  switch (what) {
    case 'start':
      return before === NOTHING;
    case 'end':
      return after === NOTHING;
    case 'word-edge':
      return wordBefore !== wordAfter;
    case 'no-word-edge':
      return wordBefore === wordAfter;
    case 'word-start':
      return !wordBefore && wordAfter;
    case 'word-end':
      return wordBefore && !wordAfter;
  }
}

function createMatcher(program: readonly Instruction[]): EreMatcher {
  /** Instructions that the text so far leads to; assertions in front of the next character are not yet tested. */
  let waiting: number[] = [];
  let before = NOTHING;
  let matched = false;
  // One mark per instruction instead of a set: the visit number is the generation of the mark.
  const visited = new Uint32Array(program.length);
  let visit = 0;

  /** Follows everything that needs no character; true when the match is reached. Fills `consumers`. */
  const close = (after: number, consumers: number[]): boolean => {
    visit += 1;
    const stack = [0, ...waiting];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (visited[at] === visit) continue;
      visited[at] = visit;
      const instruction = program[at];
      if (instruction === undefined) continue;
      if (instruction.op === 'match') return true;
      if (instruction.op === 'char') consumers.push(at);
      else if (instruction.op === 'split') stack.push(instruction.first, instruction.second);
      else if (holds(instruction.what, before, after)) stack.push(instruction.next);
    }
    return false;
  };

  const step = (unit: number): boolean => {
    const consumers: number[] = [];
    if (close(unit, consumers)) return true;
    waiting = [];
    for (const at of consumers) {
      const instruction = program[at];
      if (instruction?.op === 'char' && instruction.accepts(unit)) waiting.push(instruction.next);
    }
    before = unit;
    return false;
  };

  return {
    feed(piece) {
      for (let index = 0; index < piece.length && !matched; index += 1)
        matched = step(piece.charCodeAt(index));
      matched ||= close(NOTHING, []);
      return matched;
    },
  };
}
