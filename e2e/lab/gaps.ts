/** What a probe saw: how long the service was away for a client. Pure. */

export interface ProbeReport {
  readonly answered: number;
  /** No answer in time, or one that was cut off. */
  readonly late: number;
  /** Somebody said no: the connection was refused or reset. */
  readonly refused: number;
  /** Of these, reset after the connection stood: a new one was not refused. */
  readonly cutOff: number;
  /** Longest time between two good answers, in ms. */
  readonly longestGapMs: number;
  /** Who answered how often. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Collects the moments of good answers. */
export class GapMeter {
  #answered = 0;
  #late = 0;
  #refused = 0;
  #cutOff = 0;
  #last: number | null = null;
  #longest = 0;
  readonly #answers: Record<string, number> = {};

  /** A good answer by `name` at `now` (ms). */
  answer(name: string, now: number): void {
    if (this.#last !== null) this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
    this.#answered += 1;
    this.#answers[name] = (this.#answers[name] ?? 0) + 1;
  }

  late(): void {
    this.#late += 1;
  }

  refused(): void {
    this.#refused += 1;
  }

  /** Reset by somebody who knows nothing of a connection that stood. */
  cutOff(): void {
    this.#refused += 1;
    this.#cutOff += 1;
  }

  /** The report at `now`; a gap that is still open counts. */
  report(now: number): ProbeReport {
    const open = this.#last === null ? 0 : now - this.#last;
    return {
      answered: this.#answered,
      late: this.#late,
      refused: this.#refused,
      cutOff: this.#cutOff,
      longestGapMs: Math.round(Math.max(this.#longest, open)),
      answers: { ...this.#answers },
    };
  }
}

/** Reads the last line that the probe printed. */
export function parseProbeReport(line: string): ProbeReport {
  const report: unknown = JSON.parse(line);
  if (typeof report !== 'object' || report === null || !('longestGapMs' in report)) {
    throw new Error(`The probe printed no report: ${line}`);
  }
  return report as ProbeReport;
}
