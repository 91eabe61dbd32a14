/** Questions to a process of this program that measures. */
import type { ChildProcess } from 'node:child_process';

/** Sends a question and resolves with the next answer. */
export const answerOf = <T>(child: ChildProcess, question: object): Promise<T> =>
  new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as T));
    child.send(question);
  });
