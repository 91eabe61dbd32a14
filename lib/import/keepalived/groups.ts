/** `virtual_server_group NAME { … }`: addresses, ranges of addresses, firewall marks. */

import { fromIpv4Number, ipv4Number, isDottedIpv4, readIpv6 } from '../../lvs/address.ts';
import { lookUp } from '../shape.ts';
import { blockOf, leave } from './block.ts';
import type { Statement } from './tree.ts';
import { type Context, type Given, readIp } from './values.ts';

/** What one virtual service is known by. */
export type Identity =
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  | { readonly kind: 'mark'; readonly mark: number; readonly family: 'ipv4' | 'ipv6' | null };

/** A range becomes one virtual server for each address; larger ones are left behind. */
const RANGE_MOST = 256;

function ipv4Range(first: string, end: string): string[] | null {
  const start = ipv4Number(first);
  const last = isDottedIpv4(end)
    ? ipv4Number(end)
    : /^\d{1,3}$/.test(end)
      ? start - (start % 256) + Number(end)
      : -1;
  if (last < start || last - start >= RANGE_MOST || (!end.includes('.') && Number(end) > 255)) return null;
  return Array.from({ length: last - start + 1 }, (_, index) => fromIpv4Number(start + index));
}

/** The first address of a network is itself part of it, as keepalived counts. */
function ipv4Network(first: string, length: number): string[] | null {
  const size = 2 ** (32 - length);
  if (length > 32 || size > RANGE_MOST) return null;
  const start = ipv4Number(first);
  return Array.from({ length: size - (start % size) }, (_, index) => fromIpv4Number(start + index));
}

/** Ranges of IPv6 count in the last group. */
function ipv6Range(first: string, end: string): string[] | null {
  const from = Number.parseInt(/([0-9a-f]{0,4})$/.exec(first)?.[1] || '0', 16);
  const last = Number.parseInt(/([0-9a-f]{1,4})$/i.exec(end)?.[1] ?? '', 16);
  const head = first.replace(/[0-9a-f]{0,4}$/, '');
  if (!(last >= from) || last - from >= RANGE_MOST) return null;
  const addresses = Array.from({ length: last - from + 1 }, (_, index) =>
    readIpv6(`${head}${(from + index).toString(16)}`),
  );
  return addresses.every((address) => address !== null) ? (addresses as string[]) : null;
}

/** The addresses that one entry stands for; null when it is none, or too many. */
export function addressesOf(text: string): string[] | null {
  const single = readIp(text);
  if (single !== null) return [single];
  const [head = '', end = '', ...rest] = text.split(/[-/]/);
  const first = readIp(head);
  if (first === null || end === '' || rest.length > 0) return null;
  if (!text.includes('/')) return first.includes(':') ? ipv6Range(first, end) : ipv4Range(first, end);
  return first.includes(':') || !/^\d{1,2}$/.test(end) ? null : ipv4Network(first, Number(end));
}

const families: Readonly<Record<string, 'ipv4' | 'ipv6'>> = { inet: 'ipv4', inet6: 'ipv6' };

/** `fwmark 7 [inet | inet6]`, at the words given. */
export function readMark(
  words: Statement['args'],
  statement: Statement,
  { findings }: Context,
): Given<Identity> | null {
  const [word, family] = words;
  const mark = /^\d{1,10}$/.test(word?.text ?? '') ? Number(word?.text) : 0;
  if (word === undefined || mark < 1 || mark > 2 ** 32 - 1) {
    const facts = { word: statement.keyword, text: word?.text ?? '', expected: 'a firewall mark above 0' };
    findings.fault('value-wrong', facts, word ?? statement);
    return null;
  }
  const known = lookUp(families, family?.text ?? '') ?? null;
  return { value: { kind: 'mark', mark, family: known }, at: word };
}

export interface Group {
  readonly at: Statement;
  readonly members: readonly Given<Identity>[];
}

function membersOf(line: Statement, context: Context): readonly Given<Identity>[] {
  if (line.keyword === 'fwmark') {
    const mark = readMark(line.args, line, context);
    return mark === null ? [] : [mark];
  }
  const [port] = line.args;
  const number = port === undefined ? 0 : /^\d{1,5}$/.test(port.text) ? Number(port.text) : -1;
  const addresses = addressesOf(line.keyword);
  if (addresses === null && /^[0-9a-fA-F.:]+[-/]\S+$/.test(line.keyword)) {
    leave(line, 'range-too-large', context);
    return [];
  }
  if (addresses === null || number < 0 || number > 65_535) {
    const facts = {
      word: context.where,
      text: [line.keyword, port?.text ?? ''].join(' ').trim(),
      expected: 'an address or a range and a port, or fwmark and a number',
    };
    context.findings.fault('value-wrong', facts, line);
    return [];
  }
  return addresses.map((address) => ({ value: { kind: 'address', address, port: number }, at: line }));
}

export function readGroup(statement: Statement, context: Context): Group {
  const inside = { ...context, where: `${statement.keyword} ${statement.args[0]?.text ?? ''}`.trim() };
  return {
    at: statement,
    members: blockOf(statement, context).flatMap((line) => membersOf(line, inside)),
  };
}
