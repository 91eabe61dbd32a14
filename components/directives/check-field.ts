import type { FieldError } from '#lib/console/contract.ts';
import type { Directive } from '#lib/lvs/directive.ts';
import { faultOf } from '#lib/lvs/field-fault.ts';

/** What is wrong with what was typed into a field by itself; null when it can stand. The server decides again. */
export function checkField(directive: Directive, typed: string): FieldError | null {
  const result = directive.kind.fromField(typed);
  return result.ok ? null : faultOf(directive.kind, result);
}

/** Which of the parts of a field in two parts is wrong: 0 the address, 1 the device. */
export function wrongPart(directive: Directive, typed: string): number {
  const result = directive.kind.fromField(typed);
  return result.ok ? 0 : result.at;
}
