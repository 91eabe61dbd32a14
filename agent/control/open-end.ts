/** What is said while a configuration runs whose file ends inside a block. */
import { openBlock } from '#lib/lvs/cut-off.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { Finding, Router } from './router.ts';

export function openEnd({ files }: Router, diagnostics: readonly Diagnostic[]): Finding[] {
  const open = openBlock(diagnostics);
  if (open === undefined) return [];
  const problem =
    `${files.path}: ${open.message}. If it was cut off, virtual servers or real servers are missing: ` +
    'put the whole file there, or write the missing "}", then: shoalctl reload';
  return [{ problem, serving: false }];
}
