/** An expected failure as a value: the caller must look before it goes on. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `problem` is a sentence for a person. */
  | { readonly ok: false; readonly problem: string };

export const success = <Value>(value: Value): Attempt<Value> => ({ ok: true, value });
export const failure = (problem: string): Attempt<never> => ({ ok: false, problem });

/** What was thrown, in its own words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
