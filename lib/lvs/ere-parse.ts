/** Reads a POSIX extended regular expression into a tree (POSIX.1 9.4, with the C library's `\w \s \b \< \>`). */

export type EreTree =
  | { readonly type: 'char'; readonly accepts: (unit: number) => boolean }
  | {
      readonly type: 'assert';
      readonly what: 'start' | 'end' | 'word-edge' | 'no-word-edge' | 'word-start' | 'word-end';
    }
  | { readonly type: 'sequence'; readonly parts: readonly EreTree[] }
  | { readonly type: 'choice'; readonly options: readonly EreTree[] }
  | { readonly type: 'repeat'; readonly of: EreTree; readonly min: number; readonly max: number | null };

export type EreParse =
  | { readonly ok: true; readonly tree: EreTree }
  | { readonly ok: false; readonly at: number; readonly message: string };

/** The C library's RE_DUP_MAX. */
const MAX_REPEAT = 32_767;
const MAX_DEPTH = 100;
const MAX_LENGTH = 4096;

type Test = (unit: number) => boolean;

const between =
  (low: string, high: string): Test =>
  (unit) =>
    unit >= low.charCodeAt(0) && unit <= high.charCodeAt(0);
const any =
  (...tests: readonly Test[]): Test =>
  (unit) =>
    tests.some((test) => test(unit));
const oneOf =
  (text: string): Test =>
  (unit) =>
    text.includes(String.fromCharCode(unit));
const not =
  (test: Test): Test =>
  (unit) =>
    !test(unit);

const upper = between('A', 'Z');
const lower = between('a', 'z');
const digit = between('0', '9');
const alpha = any(upper, lower);
const alnum = any(alpha, digit);
const space = oneOf(' \t\n\v\f\r');
const graph = between('!', '~');

/** Character classes of the C locale. */
const classes: Readonly<Record<string, Test>> = {
  alpha,
  digit,
  alnum,
  upper,
  lower,
  space,
  graph,
  blank: oneOf(' \t'),
  punct: (unit) => graph(unit) && !alnum(unit),
  print: between(' ', '~'),
  xdigit: any(digit, between('A', 'F'), between('a', 'f')),
  cntrl: (unit) => unit < 32 || unit === 127,
};

const word = any(alnum, oneOf('_'));

const leaf = (accepts: Test): EreTree => ({ type: 'char', accepts });
const assertion = (what: Extract<EreTree, { type: 'assert' }>['what']): EreTree => ({ type: 'assert', what });
const literal = (character: string): EreTree => {
  const wanted = character.charCodeAt(0);
  return leaf((unit) => unit === wanted);
};

/** What a letter means behind a backslash; every other character means itself. */
const letters: Readonly<Record<string, EreTree>> = {
  w: leaf(word),
  W: leaf(not(word)),
  s: leaf(space),
  S: leaf(not(space)),
  b: assertion('word-edge'),
  B: assertion('no-word-edge'),
  '<': assertion('word-start'),
  '>': assertion('word-end'),
  '`': assertion('start'),
  "'": assertion('end'),
};

class Fault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Never throws. */
export function parseEre(pattern: string): EreParse {
  if (pattern.length > MAX_LENGTH)
    return {
      ok: false,
      at: MAX_LENGTH,
      message: `the expression is longer than ${MAX_LENGTH} characters`,
    };
  try {
    return { ok: true, tree: readPattern(pattern) };
  } catch (fault) {
    if (fault instanceof Fault) return { ok: false, at: fault.at, message: fault.message };
    throw fault;
  }
}

function readPattern(pattern: string): EreTree {
  let at = 0;
  let depth = 0;
  const peek = (): string | undefined => pattern[at];

  const choice = (): EreTree => {
    const options = [sequence()];
    while (peek() === '|') {
      at += 1;
      options.push(sequence());
    }
    return options.length === 1 && options[0] ? options[0] : { type: 'choice', options };
  };

  const sequence = (): EreTree => {
    const parts: EreTree[] = [];
    for (let next = peek(); next !== undefined && next !== '|'; next = peek()) {
      // Outside every group a closing parenthesis is an ordinary character, as in the C library.
      if (next === ')' && depth > 0) break;
      parts.push(repeated());
    }
    return { type: 'sequence', parts };
  };

  const repeated = (): EreTree => {
    let tree = atom();
    for (;;) {
      const next = peek();
      if (next === '*') tree = { type: 'repeat', of: tree, min: 0, max: null };
      else if (next === '+') tree = { type: 'repeat', of: tree, min: 1, max: null };
      else if (next === '?') tree = { type: 'repeat', of: tree, min: 0, max: 1 };
      else if (next === '{') {
        tree = { type: 'repeat', of: tree, ...bounds() };
        continue;
      } else return tree;
      at += 1;
    }
  };

  const bounds = (): { readonly min: number; readonly max: number | null } => {
    const match = /^\{(\d*)(,?)(\d*)\}/.exec(pattern.slice(at, at + 16));
    const [whole = '', first = '', comma = '', second = ''] = match ?? [];
    if (whole === '' || (first === '' && comma === ''))
      throw new Fault(at, 'after "{" a count is expected, such as {2} or {1,3}; write \\{ for the character');
    const min = Number(first);
    const max = comma === '' ? min : second === '' ? null : Number(second);
    if (min > MAX_REPEAT || (max ?? 0) > MAX_REPEAT)
      throw new Fault(at, `a count may be at most ${MAX_REPEAT}`);
    if (max !== null && max < min) throw new Fault(at, `the counts ${whole} are the wrong way round`);
    at += whole.length;
    return { min, max };
  };

  const atom = (): EreTree => {
    const start = at;
    const next = pattern[at] ?? '';
    at += 1;
    switch (next) {
      case '(':
        return group(start);
      case '[':
        return bracket(start);
      case '.':
        return leaf(() => true);
      case '^':
        return assertion('start');
      case '$':
        return assertion('end');
      case '\\':
        return escaped(start);
      case '*':
      case '+':
      case '?':
      case '{':
        throw new Fault(
          start,
          `nothing stands before "${next}" that could be repeated; write \\${next} for the character`,
        );
      default:
        return literal(next);
    }
  };

  const group = (start: number): EreTree => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new Fault(start, `parentheses are nested more than ${MAX_DEPTH} deep`);
    const tree = choice();
    if (peek() !== ')') throw new Fault(start, 'the closing ")" is missing');
    depth -= 1;
    at += 1;
    return tree;
  };

  const escaped = (start: number): EreTree => {
    const next = peek();
    if (next === undefined)
      throw new Fault(start, 'a backslash stands at the end; write \\\\ for the character');
    if (/[1-9]/.test(next)) throw new Fault(start, `the back-reference \\${next} is not supported`);
    at += 1;
    return letters[next] ?? literal(next);
  };

  const bracket = (start: number): EreTree => {
    const negated = peek() === '^';
    if (negated) at += 1;
    const tests: Test[] = [];
    for (let first = true; first || peek() !== ']'; first = false) {
      if (peek() === undefined) throw new Fault(start, 'the closing "]" is missing');
      tests.push(bracketItem(start));
    }
    at += 1;
    const test = any(...tests);
    return leaf(negated ? not(test) : test);
  };

  /** A class, a range or a single character. */
  const bracketItem = (start: number): Test => {
    const named = /^\[:([^\]]*):\]/.exec(pattern.slice(at, at + 32));
    if (named) {
      const test = Object.hasOwn(classes, named[1] ?? '') ? classes[named[1] ?? ''] : undefined;
      if (test === undefined)
        throw new Fault(
          at,
          `"${named[0]}" is no character class; there are ${Object.keys(classes).join(', ')}`,
        );
      at += named[0].length;
      return test;
    }
    const from = at;
    const low = bracketCharacter(start);
    if (peek() !== '-' || pattern[at + 1] === ']' || pattern[at + 1] === undefined)
      return (unit) => unit === low;
    at += 1;
    const high = bracketCharacter(start);
    if (high < low) throw new Fault(from, `the range ${pattern.slice(from, at)} is the wrong way round`);
    return (unit) => unit >= low && unit <= high;
  };

  /** A character as it stands, or as `[.x.]` or `[=x=]`. A backslash is an ordinary character here. */
  const bracketCharacter = (start: number): number => {
    const rest = pattern.slice(at, at + 5);
    const collating = /^\[([.=])([\s\S])\1\]/.exec(rest);
    if (!collating && /^\[[.=:]/.test(rest))
      throw new Fault(
        at,
        `"${rest.slice(0, 2)}" is not closed; put "[" last between the brackets for the character`,
      );
    const character = collating?.[2] ?? pattern[at];
    if (character === undefined) throw new Fault(start, 'the closing "]" is missing');
    at += collating ? collating[0].length : 1;
    return character.charCodeAt(0);
  };

  return choice();
}
