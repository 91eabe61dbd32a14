/** IPv4 and IPv6 addresses as text. */

/** Reads any form that `inet_aton(3)` takes ("10.1", hexadecimal, octal); returns dotted decimal or null. */
export function readIpv4(text: string): string | null {
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

/** Whether the text is four decimal numbers from 0 to 255, the form that people write. */
export const isDottedIpv4 = (text: string): boolean =>
  /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);

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
