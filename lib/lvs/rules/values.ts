/** Rules about one value by its kind; they name no directive. One walk over the values serves them all. */
import { isAddress, isDottedIpv4, prefixLength } from '../address.ts';
import type { AddressOnDevice } from '../address-kinds.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Directive } from '../directive.ts';
import { directivesOf, type Scope } from '../directives.ts';
import { readTokens } from '../lexer.ts';
import { diagnose } from '../messages.ts';
import { whyNotHoldable } from '../quoting.ts';
import { isSame } from '../same.ts';
import { eachBlockValue, eachGlobalValue, type Rule, type ValuePlace } from './rule.ts';

/** What is wrong with one value that is not the default; null where it is fine. */
type ValueRule = (place: ValuePlace) => Diagnostic | null;

interface Range {
  readonly min: number;
  readonly max: number;
}

const numberInRange: ValueRule = (place) => {
  const { directive, value } = place;
  if (typeof value !== 'number' || !('range' in directive.kind)) return null;
  const { min, max } = directive.kind.range as Range;
  if (Number.isInteger(value) && value >= min && value <= max) return null;
  const facts = { word: directive.name, where: place.where, value, expected: directive.kind.expected };
  return diagnose('out-of-range', facts, { path: place.path });
};

const netmaskContiguous: ValueRule = (place) => {
  const { directive, value } = place;
  if (directive.kind.widget !== 'netmask' || typeof value !== 'string' || value.startsWith('/')) return null;
  if (isDottedIpv4(value) && prefixLength(value) !== null) return null;
  const facts = { word: directive.name, where: place.where, value };
  return diagnose('odd-netmask', facts, { path: place.path });
};

/** The value of a row that takes an address and a device. */
const addressOnDevice = ({ directive, value }: ValuePlace): AddressOnDevice | null =>
  directive.kind.widget === 'address-device' ? (value as AddressOnDevice | null) : null;

const addressIsNumber: ValueRule = (place) => {
  const { directive, value } = place;
  const single = directive.kind.widget === 'address' && typeof value === 'string' ? value : null;
  const address = single ?? addressOnDevice(place)?.address ?? null;
  if (address === null || isAddress(address)) return null;
  const facts = { word: directive.name, where: place.where, value: address };
  return diagnose('host-name', facts, { path: place.path });
};

const deviceNamed: ValueRule = (place) => {
  const pair = addressOnDevice(place);
  if (pair === null || pair.device.trim() !== '') return null;
  return diagnose('device-missing', { word: place.directive.name, where: place.where }, { path: place.path });
};

/** Written and read again: a value that does not come back cannot stand in the file. Addresses always do. */
function comesBack({ directive, value }: ValuePlace): boolean {
  if (directive.kind.widget === 'address' && typeof value === 'string' && isAddress(value)) return true;
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
  if (comesBack(place)) return null;
  const { directive, value, path, where } = place;
  return diagnose('unholdable-value', { word: directive.name, where, reason: reasonOf(value) }, { path });
};

const directiveCurrent: ValueRule = (place) =>
  place.directive.status === 'kept'
    ? diagnose('obsolete-directive', { word: place.directive.name, where: place.where }, { path: place.path })
    : null;

const isUsed = ({ status }: Directive): boolean => status === 'used';

/**
 * The rules and the rows that they are about. What Shoal does not act on need only be written back as it is; numbers
 * and switches always come back.
 */
const rules: readonly { readonly rule: ValueRule; readonly concerns: (row: Directive) => boolean }[] = [
  { rule: numberInRange, concerns: (row) => isUsed(row) && 'range' in row.kind },
  { rule: netmaskContiguous, concerns: (row) => isUsed(row) && row.kind.widget === 'netmask' },
  { rule: addressIsNumber, concerns: (row) => isUsed(row) && row.kind.widget.startsWith('address') },
  { rule: deviceNamed, concerns: (row) => isUsed(row) && row.kind.widget === 'address-device' },
  { rule: valueHoldable, concerns: ({ kind }) => !('range' in kind) && kind.widget !== 'switch' },
  { rule: directiveCurrent, concerns: (row) => !isUsed(row) },
];

/** The rows of a scope that a rule is about, with their rules: settled once, for all values of all files. */
const ruledRows = (scope: Scope) =>
  directivesOf[scope]
    .map((directive) => ({
      directive,
      rules: rules.filter(({ concerns }) => concerns(directive)).map(({ rule }) => rule),
    }))
    .filter((row) => row.rules.length > 0);

const rowsByScope = {
  global: ruledRows('global'),
  virtual: ruledRows('virtual'),
  server: ruledRows('server'),
} as const;

/** The faults of the values that a walk visits. */
const faultsAlong =
  (walk: typeof eachBlockValue | typeof eachGlobalValue): Rule =>
  (config) => {
    const found: Diagnostic[] = [];
    walk<(typeof rowsByScope)[Scope & keyof typeof rowsByScope][number]>(
      config,
      rowsByScope,
      (place, row) => {
        for (const rule of row.rules) {
          const fault = rule(place);
          if (fault !== null) found.push(fault);
        }
      },
    );
    return found;
  };

export const globalValuesUsable: Rule = faultsAlong(eachGlobalValue);

export const blockValuesUsable: Rule = faultsAlong(eachBlockValue);
