/** Values of keepalived.conf: numbers, times, yes and no, addresses, ranges. A wrong one is a fault and counts as absent. */
import { isDottedIpv4, netmaskOf, prefixLength, readIpv6 } from '../../lvs/address.ts';
import type { Span } from '../../lvs/positions.ts';
import type { Findings } from '../findings.ts';
import type { Word } from './lexer.ts';
import type { Statement } from './tree.ts';

/** A value and its place in the text. */
export interface Given<Value> {
  readonly value: Value;
  readonly at: Span;
}

/** What reads one block: where it is, in words, and where faults go. */
export interface Context {
  readonly findings: Findings;
  /** `virtual_server 192.0.2.100 80`; empty at the top. */
  readonly where: string;
}

export const givenBy = <Value>(statement: Statement, value: Value): Given<Value> => ({
  value,
  at: statement.args[0] ?? statement,
});

/** The statement in words, for a list: `delay_before_retry 3 in TCP_CHECK`. */
export const phrase = ({ keyword, args, block }: Statement, where: string): string =>
  [
    keyword,
    ...args.map(({ text }) => text),
    ...(block === null ? [] : ['{ … }']),
    ...(where === '' ? [] : ['in', where]),
  ].join(' ');

/** The word behind the keyword; a fault when it is missing. */
export function wordOf(statement: Statement, { findings }: Context): Word | null {
  const word = statement.args[0];
  if (word === undefined) findings.fault('value-missing', { text: statement.keyword }, statement);
  return word ?? null;
}

function badValue(statement: Statement, word: Word, expected: string, { findings }: Context): null {
  findings.fault('value-wrong', { word: statement.keyword, text: word.text, expected }, word);
  return null;
}

/** A whole number. */
export function numberOf(
  statement: Statement,
  context: Context,
  range: { readonly min: number; readonly max: number },
): Given<number> | null {
  const word = wordOf(statement, context);
  if (word === null) return null;
  const value = /^[0-9]{1,15}$/.test(word.text) ? Number(word.text) : Number.NaN;
  return value >= range.min && value <= range.max
    ? { value, at: word }
    : badValue(statement, word, `a whole number from ${range.min} to ${range.max}`, context);
}

/** Seconds with a fraction, in milliseconds. */
export function timeOf(statement: Statement, context: Context, least = 0): Given<number> | null {
  const word = wordOf(statement, context);
  if (word === null) return null;
  const value = /^[0-9]{1,9}(\.[0-9]{0,9})?$/.test(word.text)
    ? Math.round(Number(word.text) * 1000)
    : Number.NaN;
  return value >= least
    ? { value, at: word }
    : badValue(statement, word, `a time in seconds such as ${Math.max(least / 1000, 3)}`, context);
}

const yes: ReadonlySet<string> = new Set(['on', 'true', 'yes']);
const no: ReadonlySet<string> = new Set(['off', 'false', 'no']);

/** A switch: alone it is on. */
export function switchOf(statement: Statement, context: Context): Given<boolean> | null {
  const [word] = statement.args;
  if (word === undefined) return { value: true, at: statement };
  if (yes.has(word.text)) return { value: true, at: word };
  if (no.has(word.text)) return { value: false, at: word };
  return badValue(statement, word, 'on, off, true, false, yes or no', context);
}

/** An address in canonical spelling; null when it is none. */
export const readIp = (text: string): string | null => (isDottedIpv4(text) ? text : readIpv6(text));

export function addressOf(statement: Statement, context: Context): Given<string> | null {
  const word = wordOf(statement, context);
  if (word === null) return null;
  const value = readIp(word.text);
  return value === null ? badValue(statement, word, 'an IPv4 or IPv6 address', context) : { value, at: word };
}

export function portOf(statement: Statement, context: Context): Given<number> | null {
  return numberOf(statement, context, { min: 1, max: 65_535 });
}

export interface Network {
  readonly address: string;
  /** As the model holds it: `255.255.255.0`, `/64`; null = the address alone. */
  readonly netmask: string | null;
}

/** `192.0.2.100/24`, `2001:db8::1/64`, a bare address; null when it is none of them. */
export function readNetwork(text: string): Network | null {
  const [host = '', mask, ...rest] = text.split('/');
  const address = readIp(host);
  if (address === null || rest.length > 0) return null;
  if (mask === undefined) return { address, netmask: null };
  const netmask = readMask(mask, address.includes(':'));
  return netmask === undefined ? null : { address, netmask };
}

/** A mask behind an address: a prefix length, for IPv4 also dotted; null = all ones; undefined when it is none. */
export function readMask(text: string, isIpv6: boolean): string | null | undefined {
  const most = isIpv6 ? 128 : 32;
  if (!isIpv6 && isDottedIpv4(text)) {
    if (prefixLength(text) === null) return undefined;
    return text === '255.255.255.255' ? null : text;
  }
  const length = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(length >= 1 && length <= most)) return undefined;
  if (length === most) return null;
  return isIpv6 ? `/${length}` : netmaskOf(length);
}
