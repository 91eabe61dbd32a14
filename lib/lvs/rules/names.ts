/** Rules about the names of blocks. */
import type { Diagnostic, ModelPath } from '../diagnostics.ts';
import { diagnose } from '../messages.ts';
import { whyNotName } from '../quoting.ts';
import { allFailovers, allVirtuals, type Rule, serversOf } from './rule.ts';

interface Named {
  readonly name: string;
  readonly path: ModelPath;
  readonly where: string;
}

const lists = (config: Parameters<Rule>[0]): Named[][] => {
  const blocks = [allFailovers(config), allVirtuals(config)];
  const virtuals = blocks.map((places) => places.map((place) => ({ ...place, name: place.virtual.name })));
  const servers = blocks
    .flat()
    .map((place) => serversOf(place).map(({ server, path, where }) => ({ name: server.name, path, where })));
  return [...virtuals, ...servers];
};

export const namesUsable: Rule = (config) =>
  lists(config)
    .flat()
    .flatMap(({ name, path, where }) => {
      const reason = whyNotName(name);
      if (reason === null) return [];
      const facts = { where, reason: reason.message, mend: reason.hint };
      return [diagnose('name-unusable', facts, { path: [...path, 'name'] })];
    });

/** Commands and events name a server: two of one name cannot be told apart. */
export const namesUnique: Rule = (config) =>
  lists(config).flatMap((blocks) => {
    const seen = new Set<string>();
    const repeated: Diagnostic[] = [];
    for (const { name, path, where } of blocks) {
      if (seen.has(name)) repeated.push(diagnose('duplicate-name', { where }, { path: [...path, 'name'] }));
      seen.add(name);
    }
    return repeated;
  });
