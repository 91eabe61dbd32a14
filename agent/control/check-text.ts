/** The one way from a text to a configuration and all that is wrong with it. Pure. */
import { type Diagnostic, hasErrors } from '#lib/lvs/diagnostics.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { validateConfig } from '#lib/lvs/validate.ts';

export interface CheckedText {
  readonly config: ClusterConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/** Validation follows only a text that could be read: what was misread would be reported again, as missing. */
export function checkText(text: string): CheckedText {
  const { config, diagnostics } = parseConfig(text);
  return hasErrors(diagnostics)
    ? { config, diagnostics }
    : { config, diagnostics: [...diagnostics, ...validateConfig(config)] };
}
