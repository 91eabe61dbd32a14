/** Rules about the names of blocks. */
import type { Diagnostic } from '../diagnostics.ts';
import { diagnose } from '../messages.ts';
import { whyNotName } from '../quoting.ts';
import { allFailovers, allVirtuals, type Rule, serversOf, type VirtualPlace } from './rule.ts';

interface Named {
  readonly name: string;
  readonly place: VirtualPlace;
}

const lists = (config: Parameters<Rule>[0]): Named[][] => {
  const blocks = [allFailovers(config), allVirtuals(config)];
  const virtuals = blocks.map((places) => places.map((place) => ({ name: place.virtual.name, place })));
  const servers = blocks
    .flat()
    .map((virtual) => serversOf(virtual).map((place) => ({ name: place.server.name, place })));
  return [...virtuals, ...servers];
};

export const namesUsable: Rule = (config) =>
  lists(config)
    .flat()
    .flatMap(({ name, place }) => {
      const reason = whyNotName(name);
      if (reason === null) return [];
      const { path, where } = place;
      const facts = { where, reason: reason.message, mend: reason.hint };
      return [diagnose('name-unusable', facts, { path: [...path, 'name'] })];
    });

/** Commands and events name a server: two of one name cannot be told apart. */
export const namesUnique: Rule = (config) =>
  lists(config).flatMap((blocks) => {
    const seen = new Set<string>();
    const repeated: Diagnostic[] = [];
    for (const { name, place } of blocks) {
      if (seen.has(name)) {
        const { path, where } = place;
        repeated.push(diagnose('duplicate-name', { where }, { path: [...path, 'name'] }));
      }
      seen.add(name);
    }
    return repeated;
  });
