/** The router's interfaces, by `ip`. */
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Exec, ExecResult } from '../runtime/types.ts';
import {
  type FoundAddress,
  type InterfaceTable,
  type PlacedAddress,
  placeKey,
  planAddresses,
  readInterfaceTable,
} from './addresses.ts';

/** What a program said, in one line. */
export const complaintOf = (result: ExecResult): string =>
  result.timedOut
    ? 'no answer in time'
    : (result.stderr || result.stdout).trim().replace(/\s*\n\s*/g, '; ') || `exit code ${result.code}`;

export async function readInterfaces(exec: Exec): Promise<Attempt<InterfaceTable>> {
  const result = await exec(['ip', '-j', 'addr', 'show']);
  const table = result.code === 0 ? readInterfaceTable(result.stdout) : null;
  return table === null
    ? failure(`The interfaces cannot be read: ip addr: ${complaintOf(result)}`)
    : success(table);
}

export interface AddressChange {
  readonly wanted: readonly FoundAddress[];
  /** What the agent may remove. */
  readonly ours: readonly PlacedAddress[];
}

/** Addresses of the interfaces that are up, without starting a program; a takeover has no time for one. */
export type Glance = () => readonly PlacedAddress[];

/**
 * Linux removes the secondary addresses of a network with its first one where `promote_secondaries` cannot be set;
 * they then come back in a further round.
 */
const ROUNDS = 3;

/**
 * Brings the interfaces to `wanted`: additions first, nothing touched that stays. Returns the lines that were
 * given to `ip -batch`. On failure everything is put back as it was, and the problem names the line.
 */
export async function changeAddresses(
  exec: Exec,
  change: AddressChange,
  glance: Glance,
): Promise<Attempt<readonly string[]>> {
  const seen = glance();
  const isSure = showsDevicesOf(seen, withoutThose(change.ours, change.wanted));
  const quick = planAddresses(seen, change.wanted, change.ours);
  if (isSure && quick.length === 0) return success([]);
  const areAdditions = isSure && quick.every((line) => line.startsWith('addr add'));
  if (areAdditions && (await runBatch(exec, quick)).code === 0) return success(quick);
  const before = await readInterfaces(exec);
  if (!before.ok) return before;
  // What the quick way put on before it failed is no part of what was there before.
  const early = new Set(areAdditions ? withoutThose(change.wanted, seen).map(placeKey) : []);
  const original = before.value.addresses.filter((place) => !early.has(placeKey(place)));
  const touched = [...change.ours, ...change.wanted];
  const look = (): readonly PlacedAddress[] | null => {
    const now = glance();
    return showsDevicesOf(now, touched) ? now : null;
  };
  return changeStepwise(exec, change, { found: before.value.addresses, original, look });
}

/** An interface that is down shows no address: a glance does not tell whether one is to be taken off it. */
const showsDevicesOf = (seen: readonly PlacedAddress[], places: readonly PlacedAddress[]): boolean =>
  places.every(({ device }) => seen.some((place) => place.device === device));

const withoutThose = (
  places: readonly PlacedAddress[],
  others: readonly PlacedAddress[],
): PlacedAddress[] => {
  const keys = new Set(others.map(placeKey));
  return places.filter((place) => !keys.has(placeKey(place)));
};

interface Standing {
  /** What stands now, without a program; null where that does not show all that is to change. */
  readonly look: () => readonly PlacedAddress[] | null;
  readonly found: readonly FoundAddress[];
  /** To return to on failure. */
  readonly original: readonly FoundAddress[];
}

async function changeStepwise(
  exec: Exec,
  change: AddressChange,
  standing: Standing,
): Promise<Attempt<readonly string[]>> {
  let { found } = standing;
  const done: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const lines = planAddresses(found, change.wanted, change.ours);
    if (lines.length === 0) return success(done);
    const result = await runBatch(exec, lines);
    if (result.code !== 0) {
      const complaint = failedLine(result, lines);
      const restored = await putBack(exec, standing.original, change);
      return failure(`${complaint}${restored ? '' : '; not everything could be put back'}`);
    }
    done.push(...lines);
    if (!lines.some((line) => line.startsWith('addr del'))) return success(done);
    const now = standing.look();
    if (now !== null && planAddresses(now, change.wanted, change.ours).length === 0) return success(done);
    const after = await readInterfaces(exec);
    if (!after.ok) {
      await putBack(exec, standing.original, change);
      return after;
    }
    found = after.value.addresses;
  }
  return failure('Addresses that were put on the interfaces do not stay there; something else removes them');
}

const runBatch = (exec: Exec, lines: readonly string[], force = false): Promise<ExecResult> =>
  exec(['ip', ...(force ? ['-force'] : []), '-batch', '-'], { stdin: `${lines.join('\n')}\n` });

/** `ip -batch` stops at the first line that fails and says `Command failed -:3`. */
const FAILED_LINE = /Command failed -:(\d+)/;

/** Which line of `ip -batch` failed, from 1; null when none did, or `ip` does not say. */
export function failedLineOf({ code, stderr }: ExecResult): number | null {
  const number = code === 0 ? undefined : FAILED_LINE.exec(stderr)?.[1];
  return number === undefined ? null : Number(number);
}

/** The same for a caller that counts its lines otherwise than `ip` has. */
export const sayingLine = (result: ExecResult, number: number): ExecResult => ({
  ...result,
  stderr: result.stderr.replace(FAILED_LINE, `Command failed -:${number}`),
});

function failedLine(result: ExecResult, lines: readonly string[]): string {
  const number = failedLineOf(result);
  const said = complaintOf(result).replace(/;? ?Command failed -:\d+/, '');
  const line = number === null ? undefined : lines[number - 1];
  return line === undefined ? `ip -batch failed: ${said}` : `ip ${line}: ${said}`;
}

async function putBack(exec: Exec, before: readonly FoundAddress[], change: AddressChange): Promise<boolean> {
  const now = await readInterfaces(exec);
  if (!now.ok) return false;
  const touched = [...change.ours, ...change.wanted];
  const keys = new Set(touched.map(placeKey));
  const lines = planAddresses(
    now.value.addresses,
    before.filter((item) => keys.has(placeKey(item))),
    touched,
  );
  return lines.length === 0 || (await runBatch(exec, lines, true)).code === 0;
}

/** Takes off whatever of `ours` is there, each line by itself. */
export async function removeAddresses(
  exec: Exec,
  ours: readonly PlacedAddress[],
  glance: Glance,
): Promise<Attempt<null>> {
  const quick = planAddresses(glance(), [], ours);
  if (quick.length > 0) await runBatch(exec, quick, true);
  const seen = glance();
  const isSure = quick.length > 0 && showsDevicesOf(seen, ours);
  if (isSure && planAddresses(seen, [], ours).length === 0) return success(null);
  const before = await readInterfaces(exec);
  if (!before.ok) return before;
  const lines = planAddresses(before.value.addresses, [], ours);
  if (lines.length === 0) return success(null);
  const result = await runBatch(exec, lines, true);
  if (result.code === 0) return success(null);
  // Removing the first address of a network may have removed the others already: only what stands still counts.
  const after = await readInterfaces(exec);
  if (!after.ok) return after;
  const left = planAddresses(after.value.addresses, [], ours);
  return left.length === 0 ? success(null) : failure(`ip ${left[0]}: ${complaintOf(result)}`);
}
