/** Asks a real server for its load: by TCP from a load agent, or by a program on this router. */
import { connect } from 'node:net';
import type { Exec } from '#agent/runtime/types.ts';
import type { ClusterConfig, VirtualServer } from '#lib/lvs/model.ts';
import { type Load, percentOfLoad, readAgentAnswer, readMonitorOutput, unknownLoad } from './load.ts';

/** Where the load of one server comes from. */
export type LoadSource =
  | { readonly kind: 'agent'; readonly address: string; readonly port: number }
  | { readonly kind: 'program'; readonly argv: readonly [string, ...string[]] };

const MAX_ANSWER_BYTES = 1024;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** Programs that may be named without a path. */
const known = new Set(['rup', 'ruptime']);
const shells = new Set(['rsh', 'ssh']);

export type SourceOrFault = LoadSource | { readonly kind: 'fault'; readonly reason: string };

function remoteUptime(shell: string, address: string): SourceOrFault {
  if (!shells.has(shell) && !shell.startsWith('/'))
    return { kind: 'fault', reason: `rsh_command has to be rsh, ssh or an absolute path, not ${shell}` };
  // ssh must fail where it would ask for a password.
  const quietly = shell.split('/').at(-1) === 'ssh' ? ['-oBatchMode=yes'] : [];
  return { kind: 'program', argv: [shell, ...quietly, address, 'uptime'] };
}

/** Who says the load of this real server; null when nobody is asked. A load agent goes before a load monitor. */
export function loadSourceOf(
  { remoteShellCommand }: ClusterConfig['global'],
  { loadAgentPort, loadMonitor }: Pick<VirtualServer, 'loadAgentPort' | 'loadMonitor'>,
  address: string,
): SourceOrFault | null {
  if (loadAgentPort !== null) return { kind: 'agent', address, port: loadAgentPort };
  if (loadMonitor === null || loadMonitor === 'none' || loadMonitor === '') return null;
  if (loadMonitor === 'uptime') return remoteUptime(remoteShellCommand, address);
  if (known.has(loadMonitor) || loadMonitor.startsWith('/'))
    return { kind: 'program', argv: [loadMonitor, address] };
  const reason = `load_monitor has to be none, uptime, rup, ruptime or an absolute path, not ${loadMonitor}`;
  return { kind: 'fault', reason };
}

/** The first line that a load agent says, or null. It may say endlessly much or nothing: both end in time. */
function firstLine(
  address: string,
  port: number,
  limitMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    let text = '';
    const timer = setTimeout(() => end(null), limitMs);
    const end = (line: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(line);
    };
    // By hand: given to `connect`, the signal would keep every socket of its long life.
    const giveUp = (): void => end(null);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const [line = '', ...more] = text.split(/\r?\n/);
      if (more.length > 0) end(line);
      else if (text.length > MAX_ANSWER_BYTES) end(null);
    });
    socket.on('end', () => end(text === '' ? null : text));
    socket.on('error', () => end(null));
  });
}

/** The load now; null when it could not be had, which changes nothing. */
export async function askLoad(
  source: LoadSource,
  before: Load,
  limitMs: number,
  { exec, signal }: { readonly exec: Exec; readonly signal: AbortSignal },
): Promise<Load | null> {
  if (source.kind === 'agent') {
    const line = await firstLine(source.address, source.port, limitMs, signal);
    return line === null ? null : readAgentAnswer(line, before);
  }
  const result = await exec(source.argv, { timeoutMs: limitMs, maxOutputBytes: MAX_OUTPUT_BYTES, signal });
  const load = result.code === 0 ? readMonitorOutput(result.stdout) : null;
  return load === null ? null : { ...unknownLoad, percent: percentOfLoad(load) };
}
