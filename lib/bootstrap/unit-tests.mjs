/**
 * Runs Vitest, and notices when it stands still. Limits of tests and hooks are timers inside its processes: one that
 * is blocked as a whole (a deadlock in Node.js or in a native package) keeps it for ever, and nothing says where.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, bin, root } from './place.mjs';
import { describeProcess, processTree } from './process-tree.mjs';
import { whileAttended } from './processes.mjs';
import { say } from './say.mjs';
import { readNotes } from './unit-notes.mjs';

/** A test may take a minute (vitest.config.ts), and a busy machine several times as long. */
const STILL_LIMIT_MS = 600_000;
const LOOK_MS = 1000;
/** Between two looks at the processor time of what stands still. */
const IDLE_MS = 2000;
/** In these many ticks of the kernel's clock (10 ms) in that time something computes. */
const BUSY_TICKS = 40;

/**
 * @typedef {{ passed: number, failures: string[] }} Sum each failure in one line: which test, and why
 * @typedef {{ cwd?: string, env?: Record<string, string>, notes: string, isStill?: () => boolean, quiet?: boolean, tell?: (text: string) => void }} Options
 *   `isStill`: whether nothing has happened for too long; `notes`: where the run writes what has ended
 */

/** Whether nothing has been noted for a while. @param {string} notes @returns {() => boolean} */
function silenceOf(notes) {
  const began = Date.now();
  return () => {
    const last = existsSync(notes) ? statSync(notes).mtimeMs : began;
    return Date.now() - Math.max(began, last) > STILL_LIMIT_MS;
  };
}

/**
 * All of them. What has not ended when the run stands still is run once more, by a new Vitest, unless something
 * computes: an endless loop is a fault of the test or of what it tests.
 * @param {Options} options @returns {Promise<Sum>}
 */
export async function runUnitTests(options) {
  const first = await runOnce(options, []);
  const { still } = first;
  if (!still) return first.sum;
  if (still.isBusy) return withFailure(first.sum, still.what);
  const { tell = say } = options;
  // It could not end itself: all has been tested.
  if (first.isComplete) return first.sum;
  tell(`It is ended, and the ${first.open.length} files that have not ended are run once more.`);
  const second = await runOnce(options, first.open);
  const both = {
    passed: first.sum.passed + second.sum.passed,
    failures: [...first.sum.failures, ...second.sum.failures],
  };
  return second.still ? withFailure(both, second.still.what) : both;
}

/** @param {Sum} sum @param {string} failure @returns {Sum} */
const withFailure = (sum, failure) => ({ ...sum, failures: [...sum.failures, failure] });

/** @param {Options} options @param {readonly string[]} files all if there are none */
async function runOnce({ cwd = root, env = {}, notes, isStill, quiet = false, tell = say }, files) {
  rmSync(notes, { force: true });
  const argv = ['run', '--reporter=default', `--reporter=${at('lib', 'bootstrap', 'unit-reporter.mjs')}`];
  const child = spawn(bin('vitest'), [...argv, ...files], {
    cwd,
    stdio: quiet ? 'ignore' : 'inherit',
    env: { ...process.env, ...env, UNIT_NOTES: notes },
  });
  const watched = watch(child, isStill ?? silenceOf(notes), () => read(notes), tell);
  const code = await whileAttended(child);
  const still = await watched.end();
  const { passed, failures, open, isComplete } = read(notes);
  const sum = { passed, failures };
  // Errors outside of any test, or an end before all were run.
  const isBad = !still && failures.length === 0 && (code !== 0 || !isComplete);
  return { sum: isBad ? withFailure(sum, `Vitest ended with code ${code}`) : sum, open, isComplete, still };
}

const read = (notes) => readNotes(existsSync(notes) ? readFileSync(notes, 'utf8') : '');

/** Ends the run when it stands still, with all that it has started, and tells what each was doing. */
function watch(child, isStill, notesNow, tell) {
  const over = new AbortController();
  /** @type {{ what: string, isBusy: boolean } | null} */
  let found = null;
  const looking = (async () => {
    while (!over.signal.aborted) {
      await sleep(LOOK_MS, null, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted || !isStill()) continue;
      const before = processTree(child.pid);
      await sleep(IDLE_MS);
      if (over.signal.aborted) return;
      const now = processTree(child.pid);
      const isBusy = hasComputed(before, now);
      const how = isBusy ? 'computes without an end' : 'stands still';
      const what = `Vitest ${how}, with ${notesNow().running.join(', ') || 'no file'} under way`;
      found = { what, isBusy };
      tell(`\n${what}:`);
      for (const each of now) tell(`  ${describeProcess(each)}`);
      // Parents first: Vitest would begin the next file in place of one that is gone.
      for (const { pid } of now) kill(pid);
      return;
    }
  })();
  return {
    async end() {
      over.abort();
      await looking;
      return found;
    },
  };
}

/** Whether something has used the processor, or wanted to both times: on a busy machine it may get little. */
function hasComputed(before, now) {
  const ticksOf = (tree) => tree.reduce((sum, { ticks }) => sum + ticks, 0);
  const wants = new Set(before.filter(({ state }) => state === 'R').map(({ pid }) => pid));
  return (
    ticksOf(now) - ticksOf(before) > BUSY_TICKS ||
    now.some(({ pid, state }) => state === 'R' && wants.has(pid))
  );
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
