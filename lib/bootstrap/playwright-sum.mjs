/** What Playwright's JSON report says, as npm test counts it. */
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ title: string, ok: boolean, file: string, line: number, tests: { status: string, results: { errors: { message?: string }[] }[] }[] }} Spec
 * @typedef {{ specs: Spec[], suites?: Suite[] }} Suite
 * @typedef {{ stats: { expected: number }, suites: Suite[], errors: { message?: string }[] }} Report
 */

/** A test that passed at its second try has failed once. @param {Report} report @returns {import('./unit-tests.mjs').Sum} */
export function playwrightSum({ stats, suites, errors }) {
  const failures = suites
    .flatMap(specsOf)
    .flatMap(({ title, file, line, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(
          ({ results }) => `${file}:${line} ${title}: ${firstLine(results.flatMap((each) => each.errors))}`,
        ),
    );
  return { passed: stats.expected, failures: [...failures, ...errors.map((error) => firstLine([error]))] };
}

/** @param {Suite} suite @returns {Spec[]} */
const specsOf = ({ specs, suites = [] }) => [...specs, ...suites.flatMap(specsOf)];

/** @param {{ message?: string }[]} errors */
const firstLine = ([error]) => stripVTControlCharacters(error?.message ?? 'it failed').split('\n', 1)[0];
