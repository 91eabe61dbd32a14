import type { ActionResult, CreateResult, FieldError, SaveResult } from '#lib/console/contract.ts';
import { sentence } from './sentence.ts';

/** A save that has no form to show its faults in, as sentences. */
export function asAction(result: SaveResult | CreateResult, done: string): ActionResult {
  if (result.ok) return { ok: true, message: done };
  const conflict = 'conflict' in result ? result.conflict : undefined;
  const who = conflict ? [`${conflict.by} changed it meanwhile: ${conflict.changes.join(', ')}`] : [];
  const faults = Object.values(result.fields).flatMap((fault: FieldError) => [
    fault.message,
    fault.hint ?? '',
  ]);
  return { ok: false, message: [result.message, ...who, ...faults].map(sentence).filter(Boolean).join(' ') };
}
