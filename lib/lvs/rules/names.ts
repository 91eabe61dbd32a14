/** Rules about the names of blocks. */
import type { Diagnostic } from '../diagnostics.ts';
import { diagnose } from '../messages.ts';
import { whyNotName } from '../quoting.ts';
import { allFailovers, allVirtuals, type Rule, type ServerPlace, type VirtualPlace } from './rule.ts';

type NamedPlace = VirtualPlace | ServerPlace;

const nameOf = (place: NamedPlace): string => ('server' in place ? place.server.name : place.virtual.name);

/** Lists of blocks: those of one list must have names of their own. */
function listsOf(config: Parameters<Rule>[0]): readonly (readonly NamedPlace[])[] {
  const virtuals = [allFailovers(config), allVirtuals(config)];
  return [...virtuals, ...virtuals.flat().map(({ servers }) => servers)];
}

export const namesUsable: Rule = (config) => {
  const found: Diagnostic[] = [];
  for (const places of listsOf(config))
    for (const place of places) {
      const reason = whyNotName(nameOf(place));
      if (reason === null) continue;
      const { path, where } = place;
      const facts = { where, reason: reason.message, mend: reason.hint };
      found.push(diagnose('name-unusable', facts, { path: [...path, 'name'] }));
    }
  return found;
};

/** Commands and events name a server: two of one name cannot be told apart. */
export const namesUnique: Rule = (config) =>
  listsOf(config).flatMap((places) => {
    const seen = new Set<string>();
    const repeated: Diagnostic[] = [];
    for (const place of places) {
      const name = nameOf(place);
      if (seen.has(name)) {
        const { path, where } = place;
        repeated.push(diagnose('duplicate-name', { where }, { path: [...path, 'name'] }));
      }
      seen.add(name);
    }
    return repeated;
  });
