/** The kernel's routing table, by ipvsadm: read as one text, changed by one batch, never flushed. */
import { type Step, serviceName, stepLine } from '#lib/ipvs/command.ts';
import { applySteps, planSteps } from '#lib/ipvs/plan.ts';
import { readTable, withThresholds } from '#lib/ipvs/read.ts';
import type { RoutingTable, ServiceKey } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Exec, ExecResult } from '../runtime/types.ts';
import { complaintOf } from './interfaces.ts';

export type IsOwned = (key: ServiceKey) => boolean;

/**
 * A batch is given time for its length: the kernel looks through every destination that was deleted in the last two
 * minutes at each new one, so that 40 000 may take a slow machine half a minute. Ended half-way, it is all taken back.
 */
const BATCH_LIMIT = { baseMs: 15_000, lineMs: 3 } as const;
/** A table of that size is read in a second; a slow machine may be busy. */
const READ_LIMIT_MS = 60_000;

function runBatch(exec: Exec, lines: readonly string[]): Promise<ExecResult> {
  const timeoutMs = BATCH_LIMIT.baseMs + BATCH_LIMIT.lineMs * lines.length;
  return exec(['ipvsadm', '-R'], { stdin: `${lines.join('\n')}\n`, timeoutMs });
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
  exec: Exec,
  before: RoutingTable,
  steps: readonly Step[],
): Promise<Attempt<readonly string[]>> {
  if (steps.length === 0) return success([]);
  const lines = steps.map(stepLine);
  const result = await runBatch(exec, lines);
  if (result.code === 0 && result.stderr.trim() === '') return success(lines);
  const expected = applySteps(before, steps);
  const after = await readKernelTable(exec, { thresholds: hasThresholds(before) || hasThresholds(expected) });
  if (!after.ok) return after;
  const touched = touchedKeys(before, expected);
  const missing = planSteps(after.value, expected, touched).map(stepLine);
  if (missing.length === 0) return success(lines);
  const culprit = lines.find((line) => missing.includes(line)) ?? missing[0] ?? '';
  const back = planSteps(after.value, before, touched);
  const restored = await restore(exec, back);
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

async function restore(exec: Exec, back: readonly Step[]): Promise<string | null> {
  if (back.length === 0) return null;
  const result = await runBatch(exec, back.map(stepLine));
  return result.code === 0 && result.stderr.trim() === '' ? null : complaintOf(result);
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
