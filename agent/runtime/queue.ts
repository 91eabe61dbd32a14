/** One thing at a time: every change to the kernel goes through one such queue, and so do the effects of pulse. */
export interface SerialQueue {
  /** Runs `task` after everything that was given before. A task that rejects does not stop the next. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** The same, but begins before it returns if nothing is under way: a takeover has no time to lose. */
  runAtOnce<Result>(task: () => Promise<Result>): Promise<Result>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  let given = 0;
  const keep = <Result>(result: Promise<Result>): Promise<Result> => {
    given += 1;
    last = result
      .catch(() => {})
      .then(() => {
        given -= 1;
      });
    return result;
  };
  const run = <Result>(task: () => Promise<Result>) => keep(last.then(task));
  return { run, runAtOnce: (task) => (given === 0 ? keep(task()) : run(task)) };
}
