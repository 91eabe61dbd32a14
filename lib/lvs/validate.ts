/** Faults of a configuration as a whole: what Piranha loads, and what still cannot work. One function per rule. */
import type { Diagnostic } from './diagnostics.ts';
import type { ClusterConfig } from './model.ts';
import { rules } from './rules/rules.ts';

/** Every fault that the rules find; an empty list is a configuration that can be pushed without remark. */
export const validateConfig = (config: ClusterConfig): Diagnostic[] => rules.flatMap((rule) => rule(config));
