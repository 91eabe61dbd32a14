/** Values of ldirectord.cf. A wrong one is a fault and counts as absent. */
import { isDottedIpv4, readIpv6 } from '../../lvs/address.ts';
import { servicePorts } from '../../lvs/service-ports.ts';
import type { Findings } from '../findings.ts';
import { lookUp } from '../shape.ts';
import type { Entry } from './lines.ts';

/** What reads one service, or the top. */
export interface Context {
  readonly findings: Findings;
  /** `virtual 192.0.2.100:80`; empty at the top. */
  readonly where: string;
  /** Real servers that ranges may still stand for: a small text must not fill the memory. */
  readonly ranges: { left: number };
}

/** `quiescent = no in virtual 192.0.2.100:80`. */
export const phrase = ({ key, value }: Entry, where: string): string =>
  [key, ...(value === null ? [] : ['=', value]), ...(where === '' ? [] : ['in', where])].join(' ');

export function wrong(entry: Entry, expected: string, { findings }: Context): null {
  findings.fault('value-wrong', { word: entry.key, text: entry.value ?? '', expected }, entry);
  return null;
}

/** ldirectord takes the first number of the value. */
export function numberOf(entry: Entry, context: Context, least = 1, most = 31_536_000): number | null {
  const digits = /\d+/.exec(entry.value ?? '')?.[0] ?? '';
  const value = digits === '' || digits.length > 12 ? Number.NaN : Number(digits);
  return value >= least && value <= most
    ? value
    : wrong(entry, `a whole number from ${least} to ${most}`, context);
}

export function yesOrNo(entry: Entry, context: Context): boolean | null {
  if (entry.value === 'yes') return true;
  return entry.value === 'no' ? false : wrong(entry, 'yes or no', context);
}

/** What stands between the first and the last double quote. */
export function quotedOf(entry: Entry, context: Context): string | null {
  const text = /^"(.+)"/.exec(entry.value ?? '')?.[1];
  return text ?? wrong(entry, 'a text between double quotes', context);
}

/** A text with or without quotes around it. */
export const textOf = (entry: Entry): string => (entry.value ?? '').replace(/^"(.*)"$/, '$1');

/** A port or the name of a service; null when it is neither. */
export function readPort(text: string): number | null {
  const named = lookUp(servicePorts, text);
  if (named !== undefined) return named;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null;
}

/** An address in canonical spelling, with or without brackets; a host name as it stands; null when it is neither. */
export function readHost(text: string): string | null {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (isDottedIpv4(bare)) return bare;
  if (bare.includes(':')) return readIpv6(bare);
  return /^[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*\.?$/.test(bare) && bare.length < 254 ? bare : null;
}

/** `host:port`, `host`, `[2001:db8::1]:80`; port null when it is left out; null when it is damaged. */
export function readEndpoint(text: string): { readonly host: string; readonly port: number | null } | null {
  const match = /^(\[[^\]]*\]|[^:\s]+)(?::([A-Za-z0-9_-]+))?$/.exec(text);
  const host = match?.[1] === undefined ? null : readHost(match[1]);
  if (host === null) return null;
  if (match?.[2] === undefined) return { host, port: null };
  const port = readPort(match[2]);
  return port === null ? null : { host, port };
}
