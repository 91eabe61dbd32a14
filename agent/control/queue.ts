/** One thing at a time: every change to the kernel goes through one such queue. */
export interface SerialQueue {
  /** Runs `task` after everything that was given before. A task that rejects does not stop the next. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(task);
      last = result.catch(() => {});
      return result;
    },
  };
}
