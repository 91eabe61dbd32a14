/** The value kinds that the table of directives is made of (Piranha reference 1.1, "Value kinds"). */
import { bad, first, good, shown } from './kind-results.ts';
import type { Kind, KindOption, KindResult, ValueToken } from './kinds.ts';
import { canStandInside, encloseInside, encloseValue, rawToken, whyNotHoldable } from './quoting.ts';
import { servicePorts } from './service-ports.ts';

const token = (text: string): ValueToken => ({ text, quote: null });

/** Reads an integer as C's `strtol(text, &end, 0)` does; null unless the whole text is one. "" is 0. */
export function readInteger(text: string): number | null {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  if (text === '') return 0;
  const match = /^[ \t]*([+-]?)(0x[0-9a-f]+|[0-9]+)$/i.exec(text);
  if (!match?.[2]) return null;
  const digits = match[2];
  const octal = /^0[0-7]+$/.test(digits);
  if (/^0[0-9]+$/.test(digits) && !octal) return null;
  const value = octal ? Number.parseInt(digits, 8) : Number(digits);
  return match[1] === '-' && value !== 0 ? -value : value;
}

interface IntegerOptions {
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  /** What the number counts, for "expected …". */
  readonly what?: string;
}

/**
 * Whole number. The file may hold any number that Piranha takes: the range is a rule of validation (`range`
 * below), because a file that Piranha loads must load here too. A form field is held to the range at once.
 */
export function integer(options: IntegerOptions): Kind<number> & { readonly range: IntegerOptions } {
  const { min, max, unit } = options;
  const expected = `${options.what ?? 'a whole number'} from ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`;
  return {
    expected,
    widget: 'number',
    ...(unit === undefined ? {} : { unit }),
    arity: 1,
    range: options,
    parse(tokens) {
      const value = readInteger(first(tokens));
      if (value === null) return bad(`${shown(first(tokens))} is not a whole number`);
      return Number.isSafeInteger(value) ? good(value) : bad(`${shown(first(tokens))} is too large a number`);
    },
    format: String,
    fromField(text) {
      const trimmed = text.trim();
      if (!/^[0-9]+$/.test(trimmed))
        return bad(trimmed === '' ? 'A number is missing' : `${shown(trimmed)} is not a whole number`);
      const value = Number(trimmed);
      return value >= min && value <= max ? good(value) : bad(`${trimmed} is out of range`);
    },
    toField: String,
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** A whole number of which null means "directive absent". */
export function optionalInteger(
  options: IntegerOptions,
): Kind<number | null> & { readonly range: IntegerOptions } {
  const base = integer(options);
  return {
    ...base,
    expected: `${base.expected}, or nothing`,
    format: (value) => (value === null ? null : base.format(value)),
    fromField: (text) => (text.trim() === '' ? good(null) : base.fromField(text)),
    toField: (value) => (value === null ? '' : base.toField(value)),
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** 0 or 1. */
export const boolean: Kind<boolean> = {
  expected: '0 or 1',
  widget: 'switch',
  arity: 1,
  parse(tokens) {
    const value = readInteger(first(tokens));
    return value === 0 || value === 1 ? good(value === 1) : bad(`${shown(first(tokens))} is neither 0 nor 1`);
  },
  format: (value) => (value ? '1' : '0'),
  fromField: (text) => good(text === 'on' || text === '1' || text === 'true'),
  toField: (value) => (value ? '1' : ''),
  toJson: (name, value) => ({ [name]: value ? 1 : 0 }),
};

interface WordOption<Value extends string> extends KindOption {
  readonly value: Value;
  /** Piranha does not know the word. */
  readonly shoalOnly?: boolean;
}

const alternatives = (words: readonly string[]): string =>
  words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** One of a few words. */
export function oneOf<const Value extends string>(options: readonly WordOption<Value>[]): Kind<Value> {
  const words = options.map((option) => option.value);
  const unknownToPiranha = new Set<string>(
    options.flatMap(({ value, shoalOnly }) => (shoalOnly === true ? [value] : [])),
  );
  const read = (text: string): KindResult<Value> => {
    const value = words.find((word) => word === text);
    return value === undefined ? bad(`${shown(text)} is not known here`) : good(value);
  };
  return {
    expected: alternatives(words),
    widget: 'choice',
    options,
    arity: 1,
    parse: (tokens) => read(first(tokens)),
    format: (value) => value,
    fromField: (text) => read(text.trim()),
    toField: (value) => value,
    ...(unknownToPiranha.size === 0
      ? {}
      : { isPiranhaValue: (value: Value) => !unknownToPiranha.has(value) }),
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** One of a few words, or nothing; `absent` says what nothing means. */
export function optionalOneOf<const Value extends string>(
  absent: string,
  options: readonly WordOption<Value>[],
): Kind<Value | null> {
  const base = oneOf(options);
  return {
    ...base,
    expected: `${base.expected}, or nothing`,
    options: [{ value: '', label: absent }, ...options],
    format: (value) => value,
    fromField: (text) => (text.trim() === '' ? good(null) : base.fromField(text)),
    toField: (value) => value ?? '',
    isPiranhaValue: (value) => value === null || (base.isPiranhaValue?.(value) ?? true),
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** Port number; in the file also a service name. */
export function port(options: {
  readonly names: boolean;
  /** 0 stands for every port. */
  readonly zero?: boolean;
}): Kind<number> & { readonly range: IntegerOptions } {
  const min = options.zero === true ? 0 : 1;
  const base = integer({ min, max: 65535, what: 'a port' });
  const named = (text: string): number | undefined =>
    options.names && Object.hasOwn(servicePorts, text) ? servicePorts[text] : undefined;
  return {
    ...base,
    expected: options.names ? `a port from ${min} to 65535 or a service name such as http` : base.expected,
    parse(tokens) {
      const value = named(first(tokens));
      if (value !== undefined) return good(value);
      return readInteger(first(tokens)) === null && options.names
        ? bad(
            `${shown(first(tokens))} is neither a port nor a service name that is known here`,
            'write the port as a number',
          )
        : base.parse(tokens);
    },
    fromField(text) {
      const value = named(text.trim());
      return value === undefined ? base.fromField(text) : good(value);
    },
  };
}

/** A port of which null means that another one counts: "nothing for …". */
export function optionalPort(
  otherwise: string,
  min: 0 | 1 = 1,
): Kind<number | null> & { readonly range: IntegerOptions } {
  const base = optionalInteger({ min, max: 65535, what: 'a port' });
  return { ...base, expected: `${base.expected} for ${otherwise}` };
}

interface TextOptions {
  readonly pattern?: RegExp;
  /** What fits the pattern, for "expected …". */
  readonly expected?: string;
}

/** One token of text whose quotes do not belong to the value; null when absent. */
export function text(options: TextOptions = {}): Kind<string | null> {
  return {
    expected: options.expected ?? 'a text',
    widget: 'text',
    arity: 1,
    parse: (tokens) =>
      options.pattern && !options.pattern.test(first(tokens))
        ? bad(`${shown(first(tokens))} does not fit`)
        : good(first(tokens)),
    format: (value) => (value === null ? null : encloseValue(value)),
    fromField(typed) {
      const trimmed = typed.trim();
      if (trimmed === '') return good(null);
      const reason = whyNotHoldable(trimmed);
      if (reason) return bad(reason.message, reason.hint);
      return options.pattern && !options.pattern.test(trimmed)
        ? bad(`${shown(trimmed)} does not fit`)
        : good(trimmed);
    },
    toField: (value) => value ?? '',
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** As `text`, but absent means a default word. */
export function word(options: TextOptions = {}): Kind<string> {
  const base = text(options);
  return {
    ...base,
    parse: (tokens) => base.parse(tokens) as KindResult<string>,
    format: (value) => encloseValue(value),
    fromField(typed) {
      const result = base.fromField(typed);
      return result.ok && result.value === null ? bad('A text is missing') : (result as KindResult<string>);
    },
    toField: (value) => value,
  };
}

/**
 * Text that Piranha stores with its quote characters (send, expect, send_program, start_cmd, stop_cmd). The
 * model keeps the token as the file has it, quotes included, because Piranha strips double quotes only; what it
 * means is `meaningOf`.
 */
export function rawText(options: { readonly expected?: string } = {}): Kind<string | null> {
  return {
    expected: options.expected ?? 'a text',
    widget: 'text',
    arity: 1,
    parse: ([given]) => good(given ? `${given.quote ?? ''}${given.text}${given.quote ?? ''}` : ''),
    format: (value) => (value === null ? null : rawToken(value)),
    fromField(typed) {
      if (typed === '') return good(null);
      const reason = whyNotHoldable(typed);
      if (reason) return bad(reason.message, reason.hint);
      if (typed.includes('"'))
        return bad(
          'This value cannot hold a double quote',
          'Piranha keeps the quotes of this value; leave them out',
        );
      return good(`"${typed}"`);
    },
    toField: (value) => (value === null ? '' : meaningOf(value)),
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** What a raw text means: one leading and one trailing double quote are taken off (Piranha reference 1.1). */
export const meaningOf = (raw: string): string => raw.replace(/^"/, '').replace(/"$/, '');

/** Piranha drops what follows the 99th token of a line; name, equal sign and brackets take four. */
const LIST_ITEMS_MAX = 95;

/** `[ a b c ]`; obsolete `dirs` only. */
export const list: Kind<readonly string[] | null> = {
  expected: 'a list such as [ a b c ]',
  widget: 'text',
  arity: 'list',
  parse(tokens) {
    if (tokens.length < 2 || first(tokens) !== '[' || tokens.at(-1)?.text !== ']')
      return bad('a list stands between [ and ]', 'leave a blank after [ and before ]');
    const items = tokens.slice(1, -1).map((item) => item.text);
    if (items.length > LIST_ITEMS_MAX)
      return bad(`the list has ${items.length} items, more than ${LIST_ITEMS_MAX}`);
    const wrong = items.findIndex((item) => !canStandInside(item));
    return wrong === -1
      ? good(items)
      : bad(`${shown(items[wrong] ?? '')} cannot stand in a list`, undefined, wrong + 1);
  },
  format: (value) =>
    value === null ? null : `[ ${value.map(encloseInside).join(' ')} ]`.replace('[  ]', '[ ]'),
  fromField: (typed) =>
    typed.trim() === '' ? good(null) : list.parse(['[', ...typed.trim().split(/\s+/), ']'].map(token)),
  toField: (value) => value?.join(' ') ?? '',
  toJson: (name, value) => ({ [name]: value }),
};
