/** Rules about one value by its kind; they name no directive. One walk over the values serves them all. */
import { isAddress, isDottedIpv4, prefixLength } from '../address.ts';
import type { AddressOnDevice } from '../address-kinds.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { readTokens } from '../lexer.ts';
import { diagnose } from '../messages.ts';
import { whyNotHoldable } from '../quoting.ts';
import { isSame } from '../same.ts';
import { givenValues, type Rule, type ValuePlace } from './rule.ts';

/** What is wrong with one value that is not the default; null where it is fine. */
type ValueRule = (place: ValuePlace) => Diagnostic | null;

interface Range {
  readonly min: number;
  readonly max: number;
}

const numberInRange: ValueRule = ({ directive, value, path, where }) => {
  if (!('range' in directive.kind) || typeof value !== 'number') return null;
  const { min, max } = directive.kind.range as Range;
  if (Number.isInteger(value) && value >= min && value <= max) return null;
  const facts = { word: directive.name, where, value, expected: directive.kind.expected };
  return diagnose('out-of-range', facts, { path });
};

const netmaskContiguous: ValueRule = ({ directive, value, path, where }) => {
  if (directive.kind.widget !== 'netmask' || typeof value !== 'string' || value.startsWith('/')) return null;
  if (isDottedIpv4(value) && prefixLength(value) !== null) return null;
  return diagnose('odd-netmask', { word: directive.name, where, value }, { path });
};

/** The value of a row that takes an address and a device. */
const addressOnDevice = ({ directive, value }: ValuePlace): AddressOnDevice | null =>
  directive.kind.widget === 'address-device' ? (value as AddressOnDevice | null) : null;

const addressIsNumber: ValueRule = (place) => {
  const { directive, value, path, where } = place;
  const single = directive.kind.widget === 'address' && typeof value === 'string' ? value : null;
  const address = single ?? addressOnDevice(place)?.address ?? null;
  if (address === null || isAddress(address)) return null;
  return diagnose('host-name', { word: directive.name, where, value: address }, { path });
};

const deviceNamed: ValueRule = (place) => {
  const pair = addressOnDevice(place);
  if (pair === null || pair.device.trim() !== '') return null;
  return diagnose('device-missing', { word: place.directive.name, where: place.where }, { path: place.path });
};

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

const valueHoldable: ValueRule = (place) => {
  const { directive, value, path, where } = place;
  if (comesBack(place)) return null;
  return diagnose('unholdable-value', { word: directive.name, where, reason: reasonOf(value) }, { path });
};

const directiveCurrent: ValueRule = ({ directive, path, where }) =>
  directive.status === 'kept'
    ? diagnose('obsolete-directive', { word: directive.name, where }, { path })
    : null;

/** `load_monitor = none` asks for nothing. */
const actedOn: ValueRule = ({ directive, value, path, where }) =>
  directive.status === 'later' && value !== 'none'
    ? diagnose('not-acted-on', { word: directive.name, where }, { path })
    : null;

/** For values that Shoal acts on; the others need only be written back as they are. */
const rulesOfUsed: readonly ValueRule[] = [numberInRange, netmaskContiguous, addressIsNumber, deviceNamed];
const rulesOfAll: readonly ValueRule[] = [valueHoldable, directiveCurrent, actedOn];

export const valuesUsable: Rule = (config) => {
  const found: Diagnostic[] = [];
  for (const place of givenValues(config)) {
    const rules = place.directive.status === 'used' ? [...rulesOfUsed, ...rulesOfAll] : rulesOfAll;
    for (const rule of rules) {
      const fault = rule(place);
      if (fault !== null) found.push(fault);
    }
  }
  return found;
};
