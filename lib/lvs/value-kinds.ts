/** The value kinds that the table of directives is made of (Piranha reference 1.1, "Value kinds"). */
import { isDottedIpv4, netmaskOf, prefixLength, readIpv4 } from './address.ts';
import type { Kind, KindOption, KindResult, ValueToken } from './kinds.ts';
import { canStandInside, encloseInside, encloseValue, rawToken, whyNotHoldable } from './quoting.ts';
import { servicePorts } from './service-ports.ts';

const good = <Value>(value: Value): KindResult<Value> => ({ ok: true, value });
const bad = (message: string, hint?: string, at = 0): KindResult<never> =>
  hint === undefined ? { ok: false, at, message } : { ok: false, at, message, hint };

const token = (text: string): ValueToken => ({ text, quote: null });
const first = (tokens: readonly ValueToken[]): string => tokens[0]?.text ?? '';
const quoted = (text: string): string => `"${text}"`;

/** A text inside a sentence, cut where it is long. */
const shown = (text: string): string => quoted(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Reads an integer as C's `strtol(text, &end, 0)` does; null unless the whole text is one. "" is 0. */
export function readInteger(text: string): number | null {
  const match = /^[ \t]*([+-]?)(0x[0-9a-f]+|[0-9]+)$/i.exec(text);
  if (text === '') return 0;
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

/** One of a few words. */
export function oneOf<const Value extends string>(
  options: readonly (KindOption & { readonly value: Value })[],
): Kind<Value> {
  const words = options.map((option) => option.value);
  const read = (text: string): KindResult<Value> => {
    const value = words.find((word) => word === text);
    return value === undefined ? bad(`${shown(text)} is not known here`) : good(value);
  };
  return {
    expected: words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    widget: 'choice',
    options,
    arity: 1,
    parse: (tokens) => read(first(tokens)),
    format: (value) => value,
    fromField: (text) => read(text.trim()),
    toField: (value) => value,
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** Port number; in the file also a service name. */
export function port(options: {
  readonly names: boolean;
}): Kind<number> & { readonly range: IntegerOptions } {
  const base = integer({ min: 1, max: 65535, what: 'a port' });
  const named = (text: string): number | undefined =>
    options.names && Object.hasOwn(servicePorts, text) ? servicePorts[text] : undefined;
  return {
    ...base,
    expected: options.names ? 'a port from 1 to 65535 or a service name such as http' : base.expected,
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

/** Real server's port: null follows the virtual server's. */
export const optionalPort: Kind<number | null> & { readonly range: IntegerOptions } = {
  ...optionalInteger({ min: 1, max: 65535, what: 'a port' }),
  expected: 'a port from 1 to 65535, or nothing for the port of the virtual server',
};

const hostName = /^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?$/;
const looksNumeric = (text: string): boolean =>
  /^[0-9.xXa-fA-F]*[0-9][0-9.]*$/.test(text) || /^[0-9.]+$/.test(text);

function readAddress(text: string, names: boolean): KindResult<string> {
  const address = readIpv4(text);
  if (address !== null) return good(address);
  if (names && hostName.test(text) && !looksNumeric(text)) return good(text);
  return bad(`${shown(text)} is not an IPv4 address`);
}

function readFieldAddress(text: string): KindResult<string> {
  const trimmed = text.trim();
  if (trimmed === '') return bad('An address is missing');
  return isDottedIpv4(trimmed) ? good(trimmed) : bad(`${shown(trimmed)} is not an IPv4 address`);
}

/**
 * IPv4 address; null when absent or 0.0.0.0. With `names`, a host name stays a name: the library resolves
 * nothing, validation says what follows from it.
 */
export function address(options: { readonly names: boolean } = { names: true }): Kind<string | null> {
  const absentIsNull = (result: KindResult<string>): KindResult<string | null> =>
    result.ok && result.value === '0.0.0.0' ? good(null) : result;
  return {
    expected: 'an IPv4 address such as 192.0.2.10',
    widget: 'address',
    arity: 1,
    parse: (tokens) => absentIsNull(readAddress(first(tokens), options.names)),
    format: (value) => value,
    fromField: (text) => (text.trim() === '' ? good(null) : absentIsNull(readFieldAddress(text))),
    toField: (value) => value ?? '',
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** Dotted netmask; null when absent or 0.0.0.0. */
export function netmask(options: { readonly allOnesIsNone: boolean }): Kind<string | null> {
  const read = (text: string): KindResult<string | null> => {
    const value = readIpv4(text);
    if (value === null) return bad(`${shown(text)} is not a netmask`);
    if (value === '0.0.0.0' || (options.allOnesIsNone && value === '255.255.255.255')) return good(null);
    return good(value);
  };
  const lengths = Array.from(
    { length: options.allOnesIsNone ? 31 : 32 },
    (_, index) => (options.allOnesIsNone ? 31 : 32) - index,
  );
  return {
    expected: 'a netmask such as 255.255.255.0',
    widget: 'netmask',
    options: lengths.map((length) => ({
      value: netmaskOf(length),
      label: `${netmaskOf(length)} (/${length})`,
    })),
    arity: 1,
    parse: (tokens) => read(first(tokens)),
    format: (value) => value,
    fromField(text) {
      const trimmed = text.trim();
      if (trimmed === '') return good(null);
      const short = /^\/(\d|[12]\d|3[0-2])$/.exec(trimmed);
      if (short) return read(netmaskOf(Number(short[1])));
      if (!isDottedIpv4(trimmed) || prefixLength(trimmed) === null)
        return bad(`${shown(trimmed)} is not a netmask`);
      return read(trimmed);
    },
    toField: (value) => value ?? '',
    toJson: (name, value) => ({ [name]: value }),
  };
}

export interface AddressOnDevice {
  /** null = 0.0.0.0, not set. */
  readonly address: string | null;
  /** Interface or its alias: `eth0`, `eth0:1`. */
  readonly device: string;
}

const deviceName = /^[^\s/"'=#{}[\]]{1,31}$/;

/** Address and device, two tokens: `192.0.2.100 eth0:1`. null when absent. */
export const addressOnDevice: Kind<AddressOnDevice | null> = {
  expected: 'an IPv4 address and a device such as 192.0.2.100 eth0:1',
  widget: 'address-device',
  arity: 2,
  parse(tokens) {
    const parsed = readAddress(first(tokens), true);
    const device = tokens[1]?.text ?? '';
    if (!parsed.ok) return parsed;
    return good({ address: parsed.value === '0.0.0.0' ? null : parsed.value, device });
  },
  format: (value) => (value === null ? null : `${value.address ?? '0.0.0.0'} ${encloseValue(value.device)}`),
  fromField(text) {
    const [typed = '', device = '', ...rest] = text.trim().split(/\s+/);
    if (typed === '') return good(null);
    const parsed = readFieldAddress(typed);
    if (!parsed.ok) return parsed;
    if (device === '')
      return bad('The device is missing', 'name the interface or its alias, such as eth0 or eth0:1', 1);
    if (rest.length > 0 || !deviceName.test(device))
      return bad(
        `"${[device, ...rest].join(' ')}" is not a device`,
        'name the interface or its alias, such as eth0 or eth0:1',
        1,
      );
    return good({ address: parsed.value === '0.0.0.0' ? null : parsed.value, device });
  },
  toField: (value) => (value === null ? '' : `${value.address ?? ''} ${value.device}`.trim()),
  toJson: (name, value) => ({
    [name]: value?.address ?? null,
    [name === 'address' ? 'device' : `${name}_device`]: value?.device ?? null,
  }),
};

/** One token of text whose quotes do not belong to the value; null when absent. */
export function text(
  options: { readonly pattern?: RegExp; readonly expected?: string } = {},
): Kind<string | null> {
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
export function word(): Kind<string> {
  const base = text();
  return {
    ...base,
    parse: (tokens) => good(first(tokens)),
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
      return good(quoted(typed));
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
