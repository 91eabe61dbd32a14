/**
 * For Vitest: notes what was planned, each test, and how each file ended, one line of JSON each, as it happens. The JSON reporter
 * writes at the end alone, and a run that stands still has none.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const file = process.env.UNIT_NOTES ?? 'unit-notes.ndjson';

/** @param {import('./unit-notes.mjs').Note} note */
const write = (note) => appendFileSync(file, `${JSON.stringify(note)}\n`);

const countOf = (tests) => [...tests].length;

export default class UnitReporter {
  #root = '';

  onInit(vitest) {
    this.#root = vitest.config.root;
    writeFileSync(file, '');
  }

  onTestRunStart(specifications) {
    write({ planned: specifications.map(({ moduleId }) => this.#name(moduleId)) });
  }

  onTestModuleStart(module) {
    write({ began: this.#name(module.moduleId) });
  }

  /** A file may have many tests that take their time. */
  onTestCaseResult({ fullName }) {
    write({ tested: fullName });
  }

  onTestModuleEnd(module) {
    const failed = countOf(module.children.allTests('failed'));
    const passed = countOf(module.children.allTests('passed'));
    // A file that does not load has no tests to fail.
    const isBroken = failed === 0 && module.state() === 'failed';
    write({ ended: this.#name(module.moduleId), passed, failed: failed + Number(isBroken) });
  }

  onTestRunEnd() {
    write({ complete: true });
  }

  #name(moduleId) {
    return relative(this.#root, moduleId);
  }
}
