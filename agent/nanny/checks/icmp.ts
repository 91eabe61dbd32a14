/** Check kind `icmp`: one echo, by the router's own ping. Node.js has no raw sockets, so that each check is a process. */
import type { Checker } from './checker.ts';
import { answeredIn, duration } from './words.ts';

export const checkIcmp: Checker<'icmp'> = async (
  { address, source },
  _options,
  limitMs,
  { clock, exec, signal },
) => {
  const started = clock.now();
  const from: readonly string[] = source === null ? [] : ['-I', source];
  const argv = ['ping', '-n', '-q', '-c', '1', '-W', String(limitMs / 1000), ...from, '--', address] as const;
  const result = await exec(argv, { timeoutMs: limitMs, signal });
  const durationMs = clock.now() - started;
  if (signal.aborted) return { ok: null, evidence: 'the check was given up', durationMs };
  if (result.code === 0) return { ok: true, evidence: answeredIn(durationMs), durationMs };
  // 1: no answer. Anything else: ping itself could not do it, which says nothing of the real server.
  if (result.code === 1 || result.timedOut)
    return { ok: false, evidence: `no answer to an echo within ${duration(limitMs)}`, durationMs };
  const reason = result.stderr.trim().split('\n')[0] || 'ping cannot be run (package iputils-ping)';
  return /unreachable/i.test(reason)
    ? { ok: false, evidence: 'network unreachable', durationMs }
    : { ok: null, evidence: `not checked: ${reason}`, durationMs };
};
