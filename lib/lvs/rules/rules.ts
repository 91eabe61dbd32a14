import type { Diagnostic } from '../diagnostics.ts';
import type { ClusterConfig } from '../model.ts';

export type Rule = (config: ClusterConfig) => readonly Diagnostic[];

/** The list of rules. */
export const rules: readonly Rule[] = [];
