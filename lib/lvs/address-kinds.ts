/** The value kinds of addresses, netmasks and addresses on devices (Piranha reference 1.1, "Value kinds"). */
import { isDottedIpv4, netmaskOf, prefixLength, readIpv4, readIpv6 } from './address.ts';
import { bad, first, good, shown } from './kind-results.ts';
import type { Kind, KindResult } from './kinds.ts';
import { encloseValue } from './quoting.ts';

const hostName = /^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?$/;
const looksNumeric = (text: string): boolean =>
  /^[0-9.xXa-fA-F]*[0-9][0-9.]*$/.test(text) || /^[0-9.]+$/.test(text);

interface AddressOptions {
  /** A host name stays a name: the library resolves nothing, validation says what follows from it. */
  readonly names: boolean;
  /** IPv6, too; Piranha takes IPv4 alone. `only`: no IPv4. */
  readonly ipv6?: boolean | 'only';
}

const familiesOf = ({ ipv6 }: AddressOptions): string =>
  ipv6 === 'only' ? 'an IPv6 address' : ipv6 === true ? 'an IPv4 or IPv6 address' : 'an IPv4 address';

const exampleOf = ({ ipv6 }: AddressOptions): string => (ipv6 === 'only' ? '2001:db8::10' : '192.0.2.10');

const isNoIpv6 = (address: string | null): boolean => address === null || !address.includes(':');

function readAddress(text: string, options: AddressOptions): KindResult<string> {
  const address = options.ipv6 === 'only' ? null : readIpv4(text);
  if (address !== null) return good(address);
  const wide = (options.ipv6 ?? false) === false ? null : readIpv6(text);
  if (wide !== null) return good(wide);
  if (options.names && hostName.test(text) && !looksNumeric(text)) return good(text);
  return bad(`${shown(text)} is not ${familiesOf(options)}`);
}

function readFieldAddress(text: string, options: AddressOptions): KindResult<string> {
  const trimmed = text.trim();
  if (trimmed === '') return bad('An address is missing');
  if (options.ipv6 !== 'only' && isDottedIpv4(trimmed)) return good(trimmed);
  const wide = (options.ipv6 ?? false) === false ? null : readIpv6(trimmed);
  return wide === null ? bad(`${shown(trimmed)} is not ${familiesOf(options)}`) : good(wide);
}

const isUnset = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** An address; null when absent or 0.0.0.0 (`::`). */
export function address(options: AddressOptions = { names: true }): Kind<string | null> {
  const absentIsNull = (result: KindResult<string>): KindResult<string | null> =>
    result.ok && isUnset(result.value) ? good(null) : result;
  return {
    expected: `${familiesOf(options)} such as ${exampleOf(options)}`,
    widget: 'address',
    arity: 1,
    parse: (tokens) => absentIsNull(readAddress(first(tokens), options)),
    format: (value) => value,
    fromField: (text) => (text.trim() === '' ? good(null) : absentIsNull(readFieldAddress(text, options))),
    toField: (value) => value ?? '',
    ...(options.ipv6 ? { isPiranhaValue: isNoIpv6 } : {}),
    toJson: (name, value) => ({ [name]: value }),
  };
}

/** `/64`: the prefix length of IPv6, which has no dotted netmasks. Returns 1 to 128, or null. */
export function ipv6PrefixOf(netmask: string): number | null {
  const length = /^\/([1-9]\d{0,2})$/.exec(netmask)?.[1];
  return length === undefined || Number(length) > 128 ? null : Number(length);
}

interface NetmaskOptions {
  readonly allOnesIsNone: boolean;
  /** Also the prefix length of an IPv6 network, written `/64`; Piranha takes dotted ones alone. */
  readonly ipv6?: boolean;
}

/** The lengths that IPv6 networks usually have; any other can be typed into the file. */
const ipv6Lengths = [128, 120, 112, 96, 80, 64, 56, 48].map((length) => ({
  value: `/${length}`,
  label: `/${length} (IPv6)`,
}));

const isNoPrefix = (value: string | null): boolean => value === null || !value.startsWith('/');

/** Dotted netmask, or `/64` for IPv6; null when absent or 0.0.0.0. */
export function netmask(options: NetmaskOptions): Kind<string | null> {
  const isNone = (value: string): boolean =>
    options.allOnesIsNone && (value === '255.255.255.255' || value === '/128');
  const read = (text: string): KindResult<string | null> => {
    if (options.ipv6 === true && ipv6PrefixOf(text) !== null) return good(isNone(text) ? null : text);
    const value = readIpv4(text);
    if (value === null) return bad(`${shown(text)} is not a netmask`);
    if (value === '0.0.0.0' || isNone(value)) return good(null);
    return good(value);
  };
  const lengths = Array.from(
    { length: options.allOnesIsNone ? 31 : 32 },
    (_, index) => (options.allOnesIsNone ? 31 : 32) - index,
  );
  return {
    expected:
      options.ipv6 === true
        ? 'a netmask such as 255.255.255.0, or /64 for IPv6'
        : 'a netmask such as 255.255.255.0',
    widget: 'netmask',
    options: [
      ...lengths.map((length) => ({ value: netmaskOf(length), label: `${netmaskOf(length)} (/${length})` })),
      ...(options.ipv6 === true ? ipv6Lengths.filter(({ value }) => !isNone(value)) : []),
    ],
    arity: 1,
    ...(options.ipv6 === true ? { isPiranhaValue: isNoPrefix } : {}),
    parse: (tokens) => read(first(tokens)),
    format: (value) => value,
    fromField(text) {
      const trimmed = text.trim();
      if (trimmed === '') return good(null);
      // A short length is taken for IPv4's; `::/32` says that IPv6's is meant.
      const wide = /^::(\/\d+)$/.exec(trimmed)?.[1] ?? trimmed;
      if (options.ipv6 === true && (wide !== trimmed || Number(wide.slice(1)) > 32)) return read(wide);
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
export function addressOnDevice(options: AddressOptions = { names: true }): Kind<AddressOnDevice | null> {
  const example = options.ipv6 === 'only' ? '2001:db8::100 eth0' : '192.0.2.100 eth0:1';
  const unset = options.ipv6 === 'only' ? '::' : '0.0.0.0';
  const pairOf = (address: string, device: string): AddressOnDevice => ({
    address: isUnset(address) ? null : address,
    device,
  });
  return {
    expected: `${familiesOf(options)} and a device such as ${example}`,
    widget: 'address-device',
    example,
    arity: 2,
    parse(tokens) {
      const parsed = readAddress(first(tokens), options);
      return parsed.ok ? good(pairOf(parsed.value, tokens[1]?.text ?? '')) : parsed;
    },
    format: (value) => (value === null ? null : `${value.address ?? unset} ${encloseValue(value.device)}`),
    fromField(text) {
      const [typed = '', device = '', ...rest] = text.trim().split(/\s+/);
      if (typed === '') return good(null);
      const parsed = readFieldAddress(typed, options);
      if (!parsed.ok) return parsed;
      if (device === '')
        return bad('The device is missing', 'name the interface or its alias, such as eth0 or eth0:1', 1);
      if (rest.length > 0 || !deviceName.test(device))
        return bad(
          `"${[device, ...rest].join(' ')}" is not a device`,
          'name the interface or its alias, such as eth0 or eth0:1',
          1,
        );
      return good(pairOf(parsed.value, device));
    },
    toField: (value) => (value === null ? '' : `${value.address ?? ''} ${value.device}`.trim()),
    ...(options.ipv6 ? { isPiranhaValue: (value) => isNoIpv6(value?.address ?? null) } : {}),
    toJson: (name, value) => ({
      [name]: value?.address ?? null,
      [name === 'address' ? 'device' : `${name}_device`]: value?.device ?? null,
    }),
  };
}
