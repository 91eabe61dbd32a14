/** The way back from an apply that fails half-way. */
import { type Attempt, reasonOf } from '../runtime/attempt.ts';

/** One step of it; hears whether the kernel took all steps before it. */
type Step = (isWhole: boolean) => Promise<Attempt<unknown>> | Promise<void>;

/** What was done, each with its way back, oldest first. */
export type Undo = Step[];

/** Takes back what was done, newest first, whatever fails. Returns what could not be taken back. */
export async function takeBack(undo: Undo): Promise<string[]> {
  const problems: string[] = [];
  for (const step of undo.reverse()) {
    try {
      const outcome = await step(problems.length === 0);
      if (outcome?.ok === false) problems.push(outcome.problem);
    } catch (error) {
      problems.push(reasonOf(error));
    }
  }
  return problems;
}
