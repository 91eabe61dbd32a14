/** Whether something grows over time. Pure. */

export interface Sample {
  readonly minutes: number;
  readonly value: number;
}

/** Slope of the least-squares line, per minute. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(({ minutes }) => minutes)), mean(samples.map(({ value }) => value))];
  const over = samples.reduce((sum, { minutes, value }) => sum + (minutes - x) * (value - y), 0);
  return over / samples.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0);
}

export interface Verdict {
  readonly first: number;
  readonly last: number;
  readonly perMinute: number;
  readonly grows: boolean;
}

/** The beginning, in which caches fill and code is compiled, says nothing. */
const WARM_UP = 0.2;

/** It grows when the line rises over the whole time by more than `allowed`. */
export function judge(samples: readonly Sample[], allowed: number): Verdict {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP));
  const [first, last] = [warm[0], warm.at(-1)];
  if (first === undefined || last === undefined || warm.length < 3) throw new Error('too few samples');
  const perMinute = slopeOf(warm);
  return {
    first: first.value,
    last: last.value,
    perMinute,
    grows: perMinute * (last.minutes - first.minutes) > allowed,
  };
}
