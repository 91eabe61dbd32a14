/** The kernel's routing table, by ipvsadm: read as one text, changed by one batch, never flushed. */
import { type Step, serviceName, stepLine } from '#lib/ipvs/command.ts';
import { applySteps, planSteps } from '#lib/ipvs/plan.ts';
import { readTable, withThresholds } from '#lib/ipvs/read.ts';
import type { RoutingTable, ServiceKey } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Host } from '../runtime/host.ts';
import type { Exec, ExecResult } from '../runtime/types.ts';
import { complaintOf } from './interfaces.ts';
import { shareOut } from './shares.ts';

export type IsOwned = (key: ServiceKey) => boolean;

/**
 * A batch is given time for its length: the kernel looks through every destination that was deleted in the last two
 * minutes at each new one, so that 40 000 may take a slow machine half a minute. Ended half-way, it is all taken back.
 */
const BATCH_LIMIT = { baseMs: 15_000, lineMs: 3 } as const;
/** A table of that size is read in a second; a slow machine may be busy. */
const READ_LIMIT_MS = 60_000;

/** So many lines are worth a process of their own. */
const SHARE_LINES = 2000;
/** The kernel takes one line at a time: what more processes gain is only the work of ipvsadm between two of them. */
const MOST_SHARES = 4;

/** Whatever changes the kernel's table. */
export interface TableAccess {
  readonly exec: Exec;
  readonly host: Pick<Host, 'processors'>;
}

interface Batch {
  readonly lines: readonly string[];
  /** What the first process that failed said, if one did. */
  readonly result: ExecResult;
}

const isSilentSuccess = ({ code, stderr }: ExecResult): boolean => code === 0 && stderr.trim() === '';

/** A long batch goes to as many processes as the router has processors, services side by side. */
async function runBatch({ exec, host }: TableAccess, steps: readonly Step[]): Promise<Batch> {
  const timeoutMs = BATCH_LIMIT.baseMs + BATCH_LIMIT.lineMs * steps.length;
  const count = Math.min(MOST_SHARES, host.processors, Math.ceil(steps.length / SHARE_LINES));
  const running = shareOut(steps, count).map((share) => {
    const lines = share.map(stepLine);
    return { lines, result: exec(['ipvsadm', '-R'], { stdin: `${lines.join('\n')}\n`, timeoutMs }) };
  });
  const results = await Promise.all(running.map(({ result }) => result));
  const result = results.find((each) => !isSilentSuccess(each)) ?? results[0];
  if (result === undefined) throw new Error('A batch needs at least one step');
  return { lines: running.flatMap(({ lines }) => lines), result };
}

export interface Reading {
  /** With the connection thresholds: `ipvsadm -Sn` leaves them out, and asking for them costs another program. */
  readonly thresholds: boolean;
}

/** Reads the table. */
export async function readKernelTable(exec: Exec, { thresholds }: Reading): Promise<Attempt<RoutingTable>> {
  const [saved, listed] = await Promise.all([
    exec(['ipvsadm', '-Sn'], { timeoutMs: READ_LIMIT_MS }),
    thresholds ? exec(['ipvsadm', '-Ln', '--thresholds'], { timeoutMs: READ_LIMIT_MS }) : null,
  ]);
  if (saved.code !== 0)
    return failure(`The routing table cannot be read: ipvsadm -Sn: ${complaintOf(saved)}`);
  const table = readTable(saved.stdout);
  if (listed === null) return success(table);
  return listed.code === 0
    ? success(withThresholds(table, listed.stdout))
    : failure(`The routing table cannot be read: ipvsadm -Ln --thresholds: ${complaintOf(listed)}`);
}

const hasThresholds = (table: RoutingTable): boolean =>
  table.services.some(({ destinations }) =>
    destinations.some(({ upperThreshold, lowerThreshold }) => upperThreshold !== 0 || lowerThreshold !== 0),
  );

/**
 * Runs the steps as one batch. `ipvsadm -R` goes on after a line that the kernel refuses and its exit code is that
 * of the last line, so any complaint makes us read the table again: what is missing names the line, and the way
 * back is planned from what stands there. Returns the lines that were given.
 */
export async function changeKernelTable(
  access: TableAccess,
  before: RoutingTable,
  steps: readonly Step[],
): Promise<Attempt<readonly string[]>> {
  if (steps.length === 0) return success([]);
  const { lines, result } = await runBatch(access, steps);
  if (isSilentSuccess(result)) return success(lines);
  const expected = applySteps(before, steps);
  const after = await readKernelTable(access.exec, {
    thresholds: hasThresholds(before) || hasThresholds(expected),
  });
  if (!after.ok) return after;
  const touched = touchedKeys(before, expected);
  const missing = planSteps(after.value, expected, touched).map(stepLine);
  if (missing.length === 0) return success(lines);
  const culprit = lines.find((line) => missing.includes(line)) ?? missing[0] ?? '';
  const back = planSteps(after.value, before, touched);
  const restored = await restore(access, back);
  return failure(
    `ipvsadm ${culprit}: ${complaintOf(result)}${restored === null ? '' : `; the way back failed too: ${restored}`}`,
  );
}

/** The services that differ between two tables, by any attribute. */
function touchedKeys(before: RoutingTable, after: RoutingTable): IsOwned {
  const text = (table: RoutingTable) =>
    new Map(table.services.map((service) => [serviceName(service.key), JSON.stringify(service)]));
  const old = text(before);
  const next = text(after);
  const changed = new Set([...old.keys(), ...next.keys()].filter((name) => old.get(name) !== next.get(name)));
  return (key) => changed.has(serviceName(key));
}

async function restore(access: TableAccess, back: readonly Step[]): Promise<string | null> {
  if (back.length === 0) return null;
  const { result } = await runBatch(access, back);
  return isSilentSuccess(result) ? null : complaintOf(result);
}

/** Connection timeouts in seconds, `ipvsadm --set`; 0 leaves the kernel's value. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export const timeoutsOf = ({ global }: ClusterConfig): Timeouts => ({
  tcp: global.tcpTimeoutSeconds,
  tcpFin: global.tcpFinTimeoutSeconds,
  udp: global.udpTimeoutSeconds,
});

/**
 * Sets what differs. Nothing is run when all three are 0. Returns whether a command was given; `onChange` gets the
 * kernel's values before it is.
 */
export async function setTimeouts(
  exec: Exec,
  wanted: Timeouts,
  onChange: (before: Timeouts) => void = () => {},
): Promise<Attempt<boolean>> {
  const values = [wanted.tcp, wanted.tcpFin, wanted.udp] as const;
  if (values.every((value) => value === 0)) return success(false);
  const now = await exec(['ipvsadm', '-L', '--timeout']);
  // What is not known cannot be given back when a later step fails.
  if (now.code !== 0)
    return failure(`The connection timeouts cannot be read: ipvsadm -L --timeout: ${complaintOf(now)}`);
  const found = /:\s*(\d+)\s+(\d+)\s+(\d+)/.exec(now.stdout)?.slice(1).map(Number);
  if (found !== undefined && values.every((value, index) => value === 0 || value === found[index]))
    return success(false);
  const [tcp = 0, tcpFin = 0, udp = 0] = found ?? [];
  onChange({ tcp, tcpFin, udp });
  const argv = ['ipvsadm', '--set', ...values.map(String)] as [string, ...string[]];
  const result = await exec(argv);
  return result.code === 0 ? success(true) : failure(`${argv.join(' ')}: ${complaintOf(result)}`);
}
