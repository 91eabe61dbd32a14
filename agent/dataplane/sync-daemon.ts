/**
 * The kernel's connection synchronisation: the active router sends its connections by multicast (master, in the
 * kernel's word), the standby takes them in (backup).
 */
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Exec } from '../runtime/types.ts';
import { complaintOf } from './interfaces.ts';

export interface SyncDaemon {
  readonly state: 'master' | 'backup';
  readonly device: string;
  readonly id: number;
}

/** Reads `ipvsadm -L --daemon`: `master sync daemon (mcast=eth0, syncid=1, …)`. */
export function readSyncDaemons(text: string): SyncDaemon[] {
  const daemons: SyncDaemon[] = [];
  for (const match of text.matchAll(/^(master|backup) sync daemon \(mcast=([^,]+), syncid=(\d+)/gm)) {
    const [, state, device = '', id] = match;
    daemons.push({ state: state === 'master' ? 'master' : 'backup', device, id: Number(id) });
  }
  return daemons;
}

/** Runs the wanted daemon and no other; null = none. Gives no command when that is so already. */
export async function setSyncDaemon(exec: Exec, wanted: SyncDaemon | null): Promise<Attempt<boolean>> {
  const listed = await exec(['ipvsadm', '-L', '--daemon']);
  const running = readSyncDaemons(listed.stdout);
  const isWanted = (daemon: SyncDaemon): boolean =>
    wanted !== null &&
    daemon.state === wanted.state &&
    daemon.device === wanted.device &&
    daemon.id === wanted.id;
  const commands: [string, ...string[]][] = running
    .filter((daemon) => !isWanted(daemon))
    .map(({ state }) => ['ipvsadm', '--stop-daemon', state]);
  if (wanted !== null && !running.some(isWanted)) {
    const { state, device, id } = wanted;
    commands.push(['ipvsadm', '--start-daemon', state, '--mcast-interface', device, '--syncid', String(id)]);
  }
  for (const argv of commands) {
    const result = await exec(argv);
    if (result.code !== 0) return failure(`${argv.join(' ')}: ${complaintOf(result)}`);
  }
  return success(commands.length > 0);
}
