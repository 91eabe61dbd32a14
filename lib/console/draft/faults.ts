/** What is wrong with a draft as a whole, worked out once for each state of it. Pure. */
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import { singleton } from '#lib/platform/singleton.ts';
import { configOf, type Draft } from './draft.ts';

const faults = singleton('draft-faults', () => new WeakMap<Draft, readonly Diagnostic[]>());

export function faultsOf(draft: Draft): readonly Diagnostic[] {
  const known = faults.get(draft);
  if (known) return known;
  const found = validateConfig(configOf(draft));
  faults.set(draft, found);
  return found;
}
