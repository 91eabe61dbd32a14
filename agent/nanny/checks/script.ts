/**
 * Check kind `script`: a program on the router (send_program). Run without a shell from an absolute path, with a
 * limit of time and of output, killed with its children. Up: it exits with 0 and, when `expect` is set, its output
 * without the last line end equals it exactly (Piranha reference 3.3; every other exit is down, see D4, D5).
 */
import type { ExecResult } from '#agent/runtime/types.ts';
import type { Checker, CheckResult } from './checker.ts';
import { answeredIn, duration, quote } from './words.ts';

const MAX_OUTPUT_BYTES = 64 * 1024;

/** How Node words that a program did not start. Then the router is at fault, not the real server. */
const notStarted = /\bspawn\b.*\bE[A-Z0-9]+$/m;

function judge(result: ExecResult, expect: string | null, limitMs: number): Omit<CheckResult, 'durationMs'> {
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n', 1)[0] ?? '';
  const remark = said === '' ? '' : `: ${quote(said)}`;
  if (result.timedOut) return { ok: false, evidence: `the program did not end within ${duration(limitMs)}` };
  if (result.code === null && notStarted.test(result.stderr))
    return { ok: null, evidence: `not checked: the program could not be started${remark}` };
  if (result.code === null) return { ok: false, evidence: `the program was ended${remark}` };
  if (result.code !== 0)
    return { ok: false, evidence: `the program ended with code ${result.code}${remark}` };
  const output = result.stdout.replace(/\r?\n$/, '');
  if (expect === null || output === expect) return { ok: true, evidence: '' };
  return { ok: false, evidence: `the program printed ${quote(output)}, expected ${quote(expect)}` };
}

export const checkScript: Checker<'script'> = async (target, options, limitMs, { clock, exec, signal }) => {
  const started = clock.now();
  const [program, ...words] = options.argv;
  if (!program.startsWith('/')) {
    const evidence = `not checked: send_program has to be an absolute path, not ${quote(program)}`;
    return { ok: null, evidence, durationMs: 0 };
  }
  const replacements: Readonly<Record<string, string>> = { '%h': target.address, '%p': String(target.port) };
  const args = words.map((word) => replacements[word] ?? word);
  const limits = { timeoutMs: limitMs, maxOutputBytes: MAX_OUTPUT_BYTES, signal };
  const result = await exec([program, ...args], limits);
  const durationMs = clock.now() - started;
  if (signal.aborted) return { ok: null, evidence: 'the check was given up', durationMs };
  const { ok, evidence } = judge(result, options.expect, limitMs);
  return { ok, evidence: ok ? answeredIn(durationMs) : evidence, durationMs };
};
