/** Words to the person at the terminal, and ways to stop with one sentence. */

/** An end that is explained by its message alone: no stack is shown. */
export class Stop extends Error {
  /** @param {string} sentence @param {number} [code] exit code */
  constructor(sentence, code = 1) {
    super(sentence);
    this.code = code;
  }
}

/** @param {string} text */
export const say = (text) => process.stdout.write(`${text}\n`);
