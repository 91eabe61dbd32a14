/** Faults of a configuration as a whole: what Piranha loads, and what still cannot work. One function per rule. */
import type { Diagnostic } from './diagnostics.ts';
import type { GlobalSettings } from './directives.ts';
import type { ClusterConfig, VirtualServer } from './model.ts';
import { rules } from './rules/rules.ts';

/** Every fault that the rules find; an empty list is a configuration that can be pushed without remark. */
export const validateConfig = (config: ClusterConfig): Diagnostic[] =>
  rules.flatMap(({ rule }) => rule(config));

/** A fault of a block and the number of its rule. */
interface BlockFault {
  readonly rule: number;
  readonly diagnostic: Diagnostic;
}

type Known = WeakMap<VirtualServer, readonly BlockFault[]>;

const lists = ['failoverServices', 'virtualServers'] as const;

const faultless: readonly BlockFault[] = [];

/** Runs the rules that look at one block over those that are not known yet. */
function judgeNew(config: ClusterConfig, known: Known): void {
  const isNew = (block: VirtualServer): boolean => !known.has(block);
  const part: ClusterConfig = {
    ...config,
    failoverServices: config.failoverServices.filter(isNew),
    virtualServers: config.virtualServers.filter(isNew),
  };
  const found = new Map<VirtualServer, BlockFault[]>();
  for (const [number, { rule, sees }] of rules.entries()) {
    if (sees === 'all') continue;
    for (const diagnostic of rule(part)) {
      const [list, index] = diagnostic.path ?? [];
      const block = part[list === 'failoverServices' ? list : 'virtualServers'][Number(index)];
      if (block === undefined) continue;
      const faults = found.get(block) ?? [];
      found.set(block, faults);
      faults.push({ rule: number, diagnostic });
    }
  }
  for (const list of lists) for (const block of part[list]) known.set(block, found.get(block) ?? faultless);
}

/** The known faults of all blocks where the blocks stand now, by the number of their rule. */
function faultsByRule(config: ClusterConfig, known: Known): ReadonlyMap<number, readonly Diagnostic[]> {
  const byRule = new Map<number, Diagnostic[]>();
  for (const list of lists)
    for (const [index, block] of config[list].entries())
      for (const { rule, diagnostic } of known.get(block) ?? faultless) {
        const path = [list, index, ...(diagnostic.path ?? []).slice(2)];
        const faults = byRule.get(rule) ?? [];
        byRule.set(rule, faults);
        faults.push({ ...diagnostic, path });
      }
  return byRule;
}

/**
 * Finds what validateConfig finds, and remembers it for each block: of a large configuration that is edited, only the
 * edited block is judged anew. Blocks and global settings are replaced, never changed.
 */
export function createValidator(): (config: ClusterConfig) => Diagnostic[] {
  const knownUnder = new WeakMap<GlobalSettings, Known>();
  return (config) => {
    const known: Known = knownUnder.get(config.global) ?? new WeakMap();
    knownUnder.set(config.global, known);
    judgeNew(config, known);
    const byRule = faultsByRule(config, known);
    return rules.flatMap(({ rule, sees }, number) =>
      sees === 'all' ? rule(config) : (byRule.get(number) ?? []),
    );
  };
}
