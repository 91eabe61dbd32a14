import type { Clock } from '../runtime/types.ts';

/** Acts at once, and once more after the pause for all calls in between. */
export function atMostEvery(clock: Clock, pauseMs: number, act: () => void): () => void {
  let isResting = false;
  let isWanted = false;
  const call = (): void => {
    if (isResting) {
      isWanted = true;
      return;
    }
    isResting = true;
    isWanted = false;
    act();
    clock.after(pauseMs, () => {
      isResting = false;
      if (isWanted) call();
    });
  };
  return call;
}
