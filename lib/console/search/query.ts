/**
 * What a person typed into a search field, word by word. An address means that address in any notation, not text:
 * 192.0.2.1 does not find 192.0.2.10. Pure.
 */
import { ipv4Number, isDottedIpv4, readIpv6 } from '#lib/lvs/address.ts';

export type Word =
  /** `192.0.2.1`, `2001:DB8:0:0::1`, `192.0.2.1:80`, `[2001:db8::1]:80`; canonical. */
  | { readonly kind: 'address'; readonly address: string; readonly port: number | null }
  /** `192.0.2.0/24`, `192.0.2.` and `192.0.2`: from and to, as IPv4 numbers. */
  | { readonly kind: 'network'; readonly from: number; readonly to: number }
  /** `2001:db8:`: the beginning of a canonical IPv6 address. */
  | { readonly kind: 'ipv6-start'; readonly text: string }
  /** `80`, `:80`: a port, a firewall mark or part of a name. */
  | { readonly kind: 'number'; readonly number: number; readonly text: string; readonly isPort: boolean }
  | { readonly kind: 'text'; readonly text: string };

/** An address as people write it: four decimal numbers or IPv6; "10.1" is the beginning of one here. */
export const canonicalAddress = (text: string): string | null => (isDottedIpv4(text) ? text : readIpv6(text));

function endpointOf(text: string): Word | null {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  const dotted = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(text);
  const [, host = text, port] = bracketed ?? dotted ?? [];
  const address = canonicalAddress(host);
  return address === null
    ? null
    : { kind: 'address', address, port: port === undefined ? null : Number(port) };
}

const range = (from: number, bits: number): Word => ({
  kind: 'network',
  from,
  to: from + 2 ** (32 - bits) - 1,
});

function networkOf(text: string): Word | null {
  const [address = '', length, ...rest] = text.split('/');
  if (length !== undefined && rest.length === 0 && isDottedIpv4(address) && /^\d{1,2}$/.test(length)) {
    const bits = Number(length);
    if (bits > 32) return null;
    const size = 2 ** (32 - bits);
    return range(Math.floor(ipv4Number(address) / size) * size, bits);
  }
  const start = /^((?:\d{1,3}\.){0,2}\d{1,3})\.?$/.exec(text);
  if (!start || !text.includes('.')) return null;
  const octets = (start[1] ?? '').split('.');
  const whole = [...octets, '0', '0', '0', '0'].slice(0, 4).join('.');
  return isDottedIpv4(whole) ? range(ipv4Number(whole), octets.length * 8) : null;
}

function wordOf(text: string): Word {
  // `2001:db8::` is an address, too, but whoever ends so is still typing or means what begins so.
  if (/^[0-9a-f:]+::$/.test(text) && readIpv6(text) !== null) return { kind: 'ipv6-start', text };
  const address = endpointOf(text) ?? networkOf(text);
  if (address) return address;
  const number = /^(:?)(\d{1,10})$/.exec(text);
  if (number) return { kind: 'number', number: Number(number[2]), text, isPort: number[1] === ':' };
  if (/^[0-9a-f]{1,4}:[0-9a-f:]*$/.test(text)) return { kind: 'ipv6-start', text };
  return { kind: 'text', text };
}

/** More words than a person types are not looked at. */
const MOST_WORDS = 8;

export const wordsOf = (query: string): readonly Word[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((text) => text !== '')
    .slice(0, MOST_WORDS)
    .map(wordOf);
