/** IPv4 and IPv6 addresses as text. */

/** Reads any form that `inet_aton(3)` takes ("10.1", hexadecimal, octal); returns dotted decimal or null. */
export function readIpv4(text: string): string | null {
  if (isDottedIpv4(text)) return text;
  const parts = text.split('.');
  if (parts.length > 4) return null;
  const numbers: number[] = [];
  for (const part of parts) {
    const radix = /^0x[0-9a-f]+$/i.test(part)
      ? 16
      : /^0[0-7]*$/.test(part)
        ? 8
        : /^[1-9][0-9]*$/.test(part)
          ? 10
          : 0;
    if (radix === 0) return null;
    numbers.push(radix === 16 ? Number(part) : Number.parseInt(part, radix));
  }
  const last = numbers.pop() as number;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return null;
  let value = last;
  numbers.forEach((number, index) => {
    value += number * 256 ** (3 - index);
  });
  return fromIpv4Number(value);
}

/** Unsigned 32-bit number of a dotted decimal address. */
export const ipv4Number = (dotted: string): number =>
  dotted.split('.').reduce((value, part) => value * 256 + Number(part), 0);

/** Dotted decimal of an unsigned 32-bit number. */
export const fromIpv4Number = (value: number): string =>
  [value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value].map((part) => Math.floor(part) % 256).join('.');

/**
 * Whether the text is four decimal numbers from 0 to 255, the form that people write. By codes, without an
 * expression: every address of a large file passes here several times.
 */
export function isDottedIpv4(text: string): boolean {
  let dots = 0;
  let number: number | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (number === null || dots === 3) return false;
      dots += 1;
      number = null;
    } else {
      // A zero in front would make the number octal.
      if (code < 0x30 || code > 0x39 || number === 0) return false;
      number = (number ?? 0) * 10 + code - 0x30;
      if (number > 255) return false;
    }
  }
  return dots === 3 && number !== null;
}

/** Prefix length of a dotted netmask, or null when its ones are not contiguous. */
export function prefixLength(netmask: string): number | null {
  const bits = ipv4Number(netmask).toString(2).padStart(32, '0');
  const length = bits.indexOf('0') === -1 ? 32 : bits.indexOf('0');
  return bits.lastIndexOf('1') < length ? length : null;
}

/** Dotted netmask of a prefix length 0 to 32. */
export const netmaskOf = (length: number): string =>
  fromIpv4Number(length === 0 ? 0 : 2 ** 32 - 2 ** (32 - length));

/** Whether two IPv4 addresses share the network that `netmask` cuts out. */
export function sameNetwork(a: string, b: string, netmask: string): boolean {
  const length = prefixLength(netmask) ?? 32;
  const size = 2 ** (32 - length);
  return Math.floor(ipv4Number(a) / size) === Math.floor(ipv4Number(b) / size);
}

const hexGroup = /^[0-9a-f]{1,4}$/i;

/** The groups of one side of an IPv6 address; null when one is none. A dotted IPv4 end counts as two. */
function groupsOf(side: string, isEnd: boolean): number[] | null {
  if (side === '') return [];
  const groups: number[] = [];
  const parts = side.split(':');
  for (const [index, part] of parts.entries()) {
    if (hexGroup.test(part)) groups.push(Number.parseInt(part, 16));
    else if (isEnd && index === parts.length - 1 && isDottedIpv4(part)) {
      const value = ipv4Number(part);
      groups.push(Math.floor(value / 65_536), value % 65_536);
    } else return null;
  }
  return groups;
}

/** Reads an IPv6 address in any spelling; returns the canonical one (RFC 5952: short, lower case) or null. */
export function readIpv6(text: string): string | null {
  if (!text.includes(':') || text.length > 45) return null;
  const halves = text.split('::');
  const [head, tail] = [groupsOf(halves[0] ?? '', halves.length === 1), groupsOf(halves[1] ?? '', true)];
  if (halves.length > 2 || head === null || tail === null) return null;
  if (halves[0] === '' && halves.length === 1) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return canonicalIpv6([...head, ...Array<number>(missing).fill(0), ...tail]);
}

/** The longest run of at least two zero groups becomes `::`; of equal ones the first. */
function canonicalIpv6(groups: readonly number[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

/** Whether the text is an IPv6 address in its canonical spelling, as the model holds it. */
export const isIpv6 = (text: string): boolean => text.includes(':') && readIpv6(text) === text;

/** Whether the text is an address that the kernel could take, and no name. */
export const isAddress = (text: string): boolean => isDottedIpv4(text) || isIpv6(text);

/** 4 or 6. */
export const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

/** `192.0.2.100:80`, `[2001:db8::1]:80`. */
export const endpointText = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
