/** `real = ADDRESS[->ADDRESS][:PORT] gate|masq|ipip [WEIGHT] ["REQUEST","RECEIVE"] [l:N] [u:N]`. */
import { fromIpv4Number, ipv4Number, isDottedIpv4 } from '../../lvs/address.ts';
import type { GlobalSettings } from '../../lvs/directives.ts';
import { lookUp } from '../shape.ts';
import type { Entry } from './lines.ts';
import { type Context, phrase, readEndpoint, wrong } from './values.ts';

type Forwarding = GlobalSettings['forwarding'];

export interface Real {
  readonly entry: Entry;
  readonly address: string;
  /** null = left out, or 0. */
  readonly port: number | null;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly upper: number;
  readonly lower: number;
  /** Its own request and expected answer. */
  readonly own: { readonly request: string; readonly receive: string } | null;
}

export const forwardings: Readonly<Record<string, Forwarding>> = {
  gate: 'direct',
  masq: 'nat',
  ipip: 'tunnel',
};

/** A range becomes one real server for each address; larger ones are left behind. */
const RANGE_MOST = 1024;

const shape = /^(\S+)\s+(\w+)(.*)$/;

function addressesOf(text: string, entry: Entry, context: Context): string[] | null {
  const [first = '', last, ...rest] = text.split('->');
  if (last === undefined) return [first];
  const isRange = isDottedIpv4(first) && isDottedIpv4(last) && rest.length === 0;
  const [start, end] = isRange ? [ipv4Number(first), ipv4Number(last)] : [0, -1];
  if (end < start) return wrong(entry, 'a range of IPv4 addresses such as 10.11.12.21->10.11.12.29', context);
  context.ranges.left -= end - start;
  if (end - start >= RANGE_MOST || context.ranges.left < 0) {
    context.findings.leave(entry.line, phrase(entry, context.where), 'range-too-large', undefined);
    return [];
  }
  return Array.from({ length: end - start + 1 }, (_, index) => fromIpv4Number(start + index));
}

/** What stands behind the forwarding method; null when it is damaged. */
function optionsOf(text: string): Pick<Real, 'weight' | 'own' | 'upper' | 'lower'> | null {
  let rest = text;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match !== null) rest = rest.slice(match[0].length);
    return match;
  };
  const weight = Number(take(/^\s+(\d{1,9})(?=\s|$)/)?.[1] ?? 1);
  const pair = take(/^\s+"([^"]*)"\s*[, ]\s*"([^"]*)"/);
  const lower = Number(take(/^\s+"?<?l:(\d{1,9})>?"?/)?.[1] ?? 0);
  const upper = Number(take(/^\s+"?<?u:(\d{1,9})>?"?/)?.[1] ?? 0);
  if (rest.trim() !== '') return null;
  return {
    weight,
    upper,
    lower,
    own: pair === null ? null : { request: pair[1] ?? '', receive: pair[2] ?? '' },
  };
}

export function readReals(entry: Entry, context: Context): Real[] {
  const [, where = '', method = '', rest = ''] = shape.exec(entry.value ?? '') ?? [];
  const forwarding = lookUp(forwardings, method);
  const options = optionsOf(rest);
  const colon = where.startsWith('[') ? where.indexOf(']:') + 1 : where.lastIndexOf(':');
  const [hosts, port] = colon > 0 ? [where.slice(0, colon), where.slice(colon)] : [where, ''];
  const expected = 'an address, a port and gate, masq or ipip, such as 10.11.12.21:80 masq 1';
  if (forwarding === undefined || options === null) {
    wrong(entry, expected, context);
    return [];
  }
  const isIpv6 = where.startsWith('[');
  if (isIpv6 !== (entry.key === 'real6')) {
    context.findings.fault('family-keyword', { text: entry.key, other: isIpv6 ? 'real6' : 'real' }, entry);
    return [];
  }
  const addresses = addressesOf(hosts, entry, context) ?? [];
  return addresses.flatMap((address) => {
    const endpoint = readEndpoint(`${address}${port}`);
    if (endpoint === null) {
      wrong(entry, expected, context);
      return [];
    }
    return [{ entry, forwarding, ...options, address: endpoint.host, port: endpoint.port || null }];
  });
}
