/** What a run of the unit tests has noted (see unit-reporter.mjs), read. */

/**
 * @typedef {{ planned: string[] } | { began: string } | { tested: string } | { ended: string, passed: number, failures: string[] } | { complete: true }} Note
 * @typedef {{ passed: number, failures: string[], running: string[], open: string[], isComplete: boolean }} Notes
 *   `running` have begun and not ended, `open` have not ended, begun or not
 */

/** A last line that is cut off, as it is just being written, is none yet. @param {string} text @returns {Notes} */
export function readNotes(text) {
  const lines = text.split('\n').slice(0, -1);
  /** @type {Set<string>} */
  const open = new Set();
  /** @type {Set<string>} */
  const running = new Set();
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  let isComplete = false;
  for (const line of lines) {
    /** @type {Note} */
    const note = JSON.parse(line);
    if ('planned' in note) for (const name of note.planned) open.add(name);
    else if ('began' in note) running.add(note.began);
    else if ('ended' in note) {
      open.delete(note.ended);
      running.delete(note.ended);
      passed += note.passed;
      failures.push(...note.failures);
    } else if ('complete' in note) isComplete = true;
  }
  return { passed, failures, running: [...running], open: [...open], isComplete };
}
