/** Rules about the names of blocks. */
import type { Diagnostic } from '../diagnostics.ts';
import { diagnose } from '../messages.ts';
import { whyNotName } from '../quoting.ts';
import { allFailovers, allVirtuals, type Rule, type ServerPlace, type VirtualPlace } from './rule.ts';

type NamedPlace = VirtualPlace | ServerPlace;

const nameOf = (place: NamedPlace): string => ('server' in place ? place.server.name : place.virtual.name);

const blocksOf = (config: Parameters<Rule>[0]) => [...allFailovers(config), ...allVirtuals(config)];

function unusable(places: readonly NamedPlace[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const place of places) {
    const reason = whyNotName(nameOf(place));
    if (reason === null) continue;
    const { path, where } = place;
    const facts = { where, reason: reason.message, mend: reason.hint };
    found.push(diagnose('name-unusable', facts, { path: [...path, 'name'] }));
  }
  return found;
}

export const blockNamesUsable: Rule = (config) => unusable(blocksOf(config));

export const serverNamesUsable: Rule = (config) =>
  blocksOf(config).flatMap(({ servers }) => unusable(servers));

/** Blocks of one list must have names of their own. */
function repeated(places: readonly NamedPlace[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const place of places) {
    const name = nameOf(place);
    if (seen.has(name)) {
      const { path, where } = place;
      found.push(diagnose('duplicate-name', { where }, { path: [...path, 'name'] }));
    }
    seen.add(name);
  }
  return found;
}

/** Commands and events name a server: two of one name cannot be told apart. */
export const blockNamesUnique: Rule = (config) => [
  ...repeated(allFailovers(config)),
  ...repeated(allVirtuals(config)),
];

export const serverNamesUnique: Rule = (config) =>
  blocksOf(config).flatMap(({ servers }) => repeated(servers));
