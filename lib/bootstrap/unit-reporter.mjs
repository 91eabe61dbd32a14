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

/** Where and why, in one line: the whole of it stands in what Vitest prints. */
const failureOf = (where, errors) => `${where}: ${errors[0]?.message.split('\n', 1)[0] ?? 'it failed'}`;

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
    const name = this.#name(module.moduleId);
    const failures = [...module.children.allTests('failed')].map((test) =>
      failureOf(`${name} > ${test.fullName}`, test.result().errors ?? []),
    );
    // A file that does not load has no tests to fail; a suite's hook may fail beside them.
    if (failures.length === 0 && module.state() === 'failed') failures.push(failureOf(name, module.errors()));
    write({ ended: name, passed: countOf(module.children.allTests('passed')), failures });
  }

  onTestRunEnd() {
    write({ complete: true });
  }

  #name(moduleId) {
    return relative(this.#root, moduleId);
  }
}
