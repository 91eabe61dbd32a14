/** Rules about one value by its kind; they name no directive. */
import { isDottedIpv4, prefixLength } from '../address.ts';
import { readTokens } from '../lexer.ts';
import { diagnose } from '../messages.ts';
import { whyNotHoldable } from '../quoting.ts';
import { isSame } from '../same.ts';
import type { AddressOnDevice } from '../value-kinds.ts';
import { allValues, type Rule, type ValuePlace } from './rule.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

const rangeOf = ({ directive }: ValuePlace): Range | null =>
  'range' in directive.kind ? (directive.kind.range as Range) : null;

const usedValues = (config: Parameters<Rule>[0]): ValuePlace[] =>
  allValues(config).filter(({ directive }) => directive.status === 'used');

export const numbersInRange: Rule = (config) =>
  usedValues(config).flatMap((place) => {
    const { directive, value, path, where } = place;
    const range = rangeOf(place);
    if (range === null || typeof value !== 'number') return [];
    if (Number.isInteger(value) && value >= range.min && value <= range.max) return [];
    const facts = { word: directive.name, where, value, expected: directive.kind.expected };
    return [diagnose('out-of-range', facts, { path })];
  });

export const netmasksContiguous: Rule = (config) =>
  usedValues(config).flatMap(({ directive, value, path, where }) => {
    if (directive.kind.widget !== 'netmask' || typeof value !== 'string') return [];
    if (isDottedIpv4(value) && prefixLength(value) !== null) return [];
    return [diagnose('odd-netmask', { word: directive.name, where, value }, { path })];
  });

/** The address in a value of either address kind. */
function addressIn({ directive, value }: ValuePlace): string | null {
  if (directive.kind.widget === 'address') return typeof value === 'string' ? value : null;
  if (directive.kind.widget !== 'address-device' || value === null) return null;
  return (value as AddressOnDevice).address;
}

export const addressesAreNumbers: Rule = (config) =>
  usedValues(config).flatMap((place) => {
    const value = addressIn(place);
    if (value === null || isDottedIpv4(value)) return [];
    const facts = { word: place.directive.name, where: place.where, value };
    return [diagnose('host-name', facts, { path: place.path })];
  });

export const devicesNamed: Rule = (config) =>
  usedValues(config).flatMap(({ directive, value, path, where }) => {
    if (directive.kind.widget !== 'address-device' || value === null) return [];
    const { device } = value as AddressOnDevice;
    return device.trim() === ''
      ? [diagnose('device-missing', { word: directive.name, where }, { path })]
      : [];
  });

/** Written and read again: a value that does not come back cannot stand in the file. */
function comesBack({ directive, value }: ValuePlace): boolean {
  const text = directive.kind.format(value);
  if (text === null) return true;
  const result = directive.kind.parse(readTokens(text, 0, 'piranha').tokens);
  return result.ok && isSame(result.value, value);
}

function reasonOf(value: unknown): string {
  const texts = typeof value === 'string' ? [value] : Object.values(value ?? {}).map(String);
  const reason = texts.map((text) => whyNotHoldable(text)?.message).find((message) => message !== undefined);
  return reason ?? 'it would be read back as something else';
}

export const valuesHoldable: Rule = (config) =>
  allValues(config).flatMap((place) => {
    const { directive, value, path, where } = place;
    if (isSame(value, directive.default) || comesBack(place)) return [];
    const facts = { word: directive.name, where, reason: reasonOf(value) };
    return [diagnose('unholdable-value', facts, { path })];
  });

export const obsoleteDirectives: Rule = (config) =>
  allValues(config).flatMap(({ directive, value, path, where }) =>
    directive.status === 'kept' && !isSame(value, directive.default)
      ? [diagnose('obsolete-directive', { word: directive.name, where }, { path })]
      : [],
  );
