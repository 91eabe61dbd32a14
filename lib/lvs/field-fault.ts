/** What is wrong with what a person typed into a directive's field, in the words of browser and server alike. */
import type { Kind, KindResult } from './kinds.ts';

export interface FieldFault {
  readonly message: string;
  readonly hint?: string;
}

/** The refusal of `Kind.fromField` as a sentence that says what was expected, and a way to mend it. */
export const faultOf = (
  { expected }: Pick<Kind<unknown>, 'expected'>,
  { message, hint }: Extract<KindResult<unknown>, { ok: false }>,
): FieldFault => ({
  message: `${message}: expected ${expected}`,
  ...(hint === undefined ? {} : { hint }),
});
