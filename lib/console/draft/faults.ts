/** What is wrong with a draft as a whole, worked out once for each state of it. Pure. */
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import { onceFor } from '#lib/lvs/once-for.ts';
import { createValidator } from '#lib/lvs/validate.ts';
import { singleton } from '#lib/platform/singleton.ts';
import { configOf, type Draft } from './draft.ts';

const validate = singleton('draft-validator', createValidator);

export const faultsOf = onceFor(
  (draft: Draft): readonly Diagnostic[] => validate(configOf(draft)),
  singleton('draft-faults', () => new WeakMap()),
);
