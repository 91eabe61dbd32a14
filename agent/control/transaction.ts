/** The part of apply that changes things, step by step, each with its way back. */
import { type Step, serviceName } from '#lib/ipvs/command.ts';
import { applySteps, planSteps } from '#lib/ipvs/plan.ts';
import type { RoutingTable } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { ApplyResult } from '#lib/protocol/messages.ts';
import { type WantedAddress, wantedAddresses } from '../dataplane/addresses.ts';
import { changeAddresses } from '../dataplane/interfaces.ts';
import { changeKernelTable, readKernelTable, setTimeouts, timeoutsOf } from '../dataplane/kernel-table.ts';
import { markRules } from '../dataplane/mark-rules.ts';
import { type Attempt, failure, reasonOf, success } from '../runtime/attempt.ts';
import type { ApplyRequest, Survey } from './apply.ts';
import { announcePlaces, leaveTimeouts } from './converge.ts';
import { identify } from './identity.ts';
import { placeMarks } from './marks.ts';
import { endOverrides, remainingOverrides } from './overrides.ts';
import { isOwned, ownAddresses, type Router, type Running, setFindings } from './router.ts';
import { takeBack, type Undo } from './undo.ts';

/** How many configurations are kept to return to. */
const HISTORY = 10;

interface Change {
  readonly config: ClusterConfig;
  readonly request: ApplyRequest;
  readonly survey: Survey;
  readonly hash: string;
  /** Starts, replaces or ends the trial; it belongs to the transaction, because its deadline stands on the disk. */
  readonly arm: (previousHash: string | null) => Promise<() => void>;
}

interface Done {
  readonly shown: Pick<ApplyResult, 'commands' | 'addressCommands'>;
}

/**
 * Runs inside the queue. On failure the kernel, the file and the state are as before; what the kernel would not give
 * back is told, and stays ours until the watch has removed it.
 */
export async function commit(router: Router, change: Change): Promise<Attempt<Done>> {
  const undo: Undo = [];
  const outcome = await perform(router, change, undo).catch((error: unknown) => failure(reasonOf(error)));
  if (outcome.ok) return outcome;
  const remains = await takeBack(undo);
  if (remains.length === 0) {
    router.log.event('error', 'apply-failed', `Nothing was changed: ${outcome.problem}`);
    return outcome;
  }
  router.left = null;
  const problem = `${outcome.problem}; not everything could be taken back at once, the agent goes on trying: ${remains.join('; ')}`;
  router.log.event('error', 'apply-failed', problem);
  return failure(problem);
}

async function perform(router: Router, change: Change, undo: Undo): Promise<Attempt<Done>> {
  const { config, survey } = change;
  const before = router.running;
  const overrides = router.nanny.overrides();
  undo.push(async () => router.nanny.override(overrides));
  router.nanny.configure(config, survey.actual);
  if (before !== null) undo.push(async () => router.nanny.configure(before.config, survey.actual));
  const wanted = router.compile(config, router.nanny.weightOf);
  const places = wantedAddresses(config);
  await claim(router, { ...change, wanted, places, undo });

  const steps = planSteps(survey.actual, wanted, isOwned(router, wanted, config));
  if (steps.length > 0) undo.push(() => returnTable(router, survey.actual, steps));
  const table = await changeKernelTable(router, survey.actual, steps);
  if (!table.ok) return table;
  const marks = await placeMarks(router, config, undo);
  if (!marks.ok) return marks;
  const addressLines = router.holding ? await placeAddresses(router, places, undo) : success([]);
  if (!addressLines.ok) return addressLines;
  const timeouts = await placeTimeouts(router, config, undo);
  if (!timeouts.ok) return timeouts;
  await store(router, { ...change, wanted, places, undo });

  if (router.holding) announcePlaces(router, addressLines.value);
  return success({
    shown: { commands: [...table.value], addressCommands: [...addressLines.value] },
  });
}

/**
 * Leads the kernel back to the table before the steps: from what stands there, for they may have been taken in part.
 * What others added in between is left alone.
 */
async function returnTable(
  router: Router,
  before: RoutingTable,
  steps: readonly Step[],
): Promise<Attempt<unknown>> {
  const now = await readKernelTable(router.exec, { thresholds: true });
  const after = applySteps(before, steps);
  const made = new Set(after.services.map(({ key }) => serviceName(key)));
  const from = now.ok ? now.value : after;
  const back = planSteps(from, before, (key) => made.has(serviceName(key)));
  return changeKernelTable(router, from, back);
}

interface Claim extends Pick<Change, 'config' | 'hash'> {
  readonly wanted: RoutingTable;
  readonly places: readonly WantedAddress[];
  readonly undo: Undo;
}

/**
 * Writes down what will be ours before it is made, so that a kill in the middle leaves nothing in the kernel that
 * nobody would remove.
 */
async function claim(router: Router, { config, hash, wanted, places, undo }: Claim): Promise<void> {
  const { ownedServices, ownedAddresses, ownsMarkRules, ...rest } = router.state.current;
  const { overrides, overridesOf, history, trial } = rest;
  const before = { ownedServices, ownedAddresses, ownsMarkRules, overrides, overridesOf, history, trial };
  undo.push((isWhole) => {
    const { ownedServices, ownedAddresses, ownsMarkRules } = router.state.current;
    const claimed = { ownedServices, ownedAddresses, ownsMarkRules };
    return router.state.update({ ...before, ...(isWhole ? {} : claimed) });
  });
  const names = new Set([...ownedServices, ...wanted.services.map(({ key }) => serviceName(key))]);
  await router.state.update({
    ownedServices: [...names],
    ownedAddresses: [...ownedAddresses, ...plainPlaces(places)],
    ownsMarkRules: ownsMarkRules || markRules(config).length > 0,
    // A start in between finds one configuration or the other, and each has its own names.
    overridesOf: { hash, overrides: [...router.nanny.overrides()] },
  });
}

export const plainPlaces = (places: readonly WantedAddress[]) =>
  places.map(({ address, prefix, device }) => ({ address, prefix, device }));

async function placeAddresses(
  router: Router,
  places: readonly WantedAddress[],
  undo: Undo,
): Promise<Attempt<readonly string[]>> {
  const ours = ownAddresses(router, places);
  const glance = router.host.localAddresses;
  const before = router.running === null ? [] : wantedAddresses(router.running.config);
  // Also for a change that fails half-way and cannot put back what it did.
  undo.push(() => changeAddresses(router.exec, { wanted: before, ours }, glance));
  return changeAddresses(router.exec, { wanted: places, ours }, glance);
}

async function placeTimeouts(router: Router, config: ClusterConfig, undo: Undo): Promise<Attempt<boolean>> {
  const outcome = await setTimeouts(router.exec, timeoutsOf(config), (before) => {
    undo.push(() => leaveTimeouts(router, before));
  });
  if (outcome.ok) setFindings(router, 'timeouts', []);
  return outcome;
}

/** The file, the memory, and from here on it runs. Rejects when the disk does not take it. */
async function store(router: Router, change: Change & Claim): Promise<void> {
  const { config, request, survey, hash, wanted, places, undo } = change;
  const { files, state } = router;
  const onDisk = await files.read().catch(() => null);
  const previousHash = router.running?.hash ?? null;
  const isTrial = request.confirmWithinSeconds !== null;
  await files.keep({ text: request.text, hash });
  // A kill in between must not make a push on trial last for ever.
  const armed = isTrial ? await change.arm(previousHash) : null;
  if (onDisk?.hash !== hash) {
    undo.push(() => (onDisk === null ? files.remove() : files.write(onDisk.text)));
    await files.write(request.text);
  }
  const running: Running = {
    config,
    text: request.text,
    hash,
    serial: config.global.serialNumber,
    appliedAt: router.clock.wall(),
  };
  const entry = { hash, serial: running.serial, appliedAt: running.appliedAt };
  const all = [entry, ...state.current.history.filter((item) => item.hash !== hash)];
  // However many trials came on top of each other, silence must find its way back.
  const target = state.current.trial?.previousHash;
  const kept = all.filter((item, index) => index < HISTORY || item.hash === target);
  await state.update({
    history: kept,
    ownedServices: wanted.services.map(({ key }) => serviceName(key)),
    ownedAddresses: plainPlaces(places),
    ownsMarkRules: markRules(config).length > 0,
    // While a push is on trial, the servers that it leaves out may come back.
    overrides: [...(isTrial ? router.nanny.overrides() : remainingOverrides(router))],
    overridesOf: null,
  });
  const runs = armed ?? (await change.arm(previousHash));
  for (const { hash: old } of all.filter((item) => !kept.includes(item)))
    await files.forget(old).catch(() => {});

  runs();
  router.running = running;
  router.left = wanted;
  router.reportedFileHash = null;
  router.configuredAs = identify(config, survey.addresses);
  setFindings(router, 'table', []);
  if (!isTrial) endOverrides(router);
  router.log.event(
    'info',
    'config-applied',
    `Serial ${running.serial} (${hash.slice(0, 12)}) runs, by ${origins[request.origin]}`,
  );
}

const origins: Readonly<Record<ApplyRequest['origin'], string>> = {
  push: 'a push',
  file: 'the file on disk',
  rollback: 'a rollback',
  trial: 'a trial that nobody confirmed',
};
