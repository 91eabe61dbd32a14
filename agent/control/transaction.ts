/** The part of apply that changes things, step by step, each with its way back. */
import { serviceName, stepLine, tableLines } from '#lib/ipvs/command.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { ApplyResult } from '#lib/protocol/messages.ts';
import { type WantedAddress, wantedAddresses } from '../dataplane/addresses.ts';
import { changeAddresses } from '../dataplane/interfaces.ts';
import { changeKernelTable, setTimeouts, type Timeouts } from '../dataplane/kernel-table.ts';
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { ApplyPlan, ApplyRequest } from './apply.ts';
import { announcePlaces } from './converge.ts';
import { identify } from './identity.ts';
import { isOwned, ownAddresses, type Router, type Running, setFindings } from './router.ts';

/** How many configurations are kept to return to. */
const HISTORY = 10;

interface Change {
  readonly config: ClusterConfig;
  readonly request: ApplyRequest;
  readonly plan: ApplyPlan;
  readonly hash: string;
}

interface Done {
  /** What ran before, to return to. */
  readonly previousHash: string | null;
  readonly shown: Pick<ApplyResult, 'commands' | 'addressCommands' | 'table'>;
}

/** Takes back what was done, newest first. */
type Undo = (() => Promise<unknown>)[];

const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs inside the queue. On failure the kernel, the file and the state are as before. */
export async function commit(router: Router, change: Change): Promise<Attempt<Done>> {
  const undo: Undo = [];
  const outcome = await perform(router, change, undo).catch((error: unknown) => failure(problemOf(error)));
  if (outcome.ok) return outcome;
  for (const step of undo.reverse()) await step().catch(() => {});
  return outcome;
}

async function perform(router: Router, change: Change, undo: Undo): Promise<Attempt<Done>> {
  const { config, plan } = change;
  const before = router.running;
  router.nanny.configure(config, plan.actual);
  if (before !== null) undo.push(async () => router.nanny.configure(before.config, plan.actual));
  const wanted = compileTable(config, router.nanny.weightOf);
  const places = wantedAddresses(config);
  await claim(router, { wanted, places, undo });

  const steps = planSteps(plan.actual, wanted, isOwned(router, wanted));
  const table = await changeKernelTable(router.exec, plan.actual, steps);
  if (!table.ok) return table;
  undo.push(() =>
    changeKernelTable(router.exec, wanted, planSteps(wanted, plan.actual, isOwned(router, wanted))),
  );
  const addressLines = router.holding ? await placeAddresses(router, places, undo) : success([]);
  if (!addressLines.ok) return addressLines;
  const timeouts = await placeTimeouts(router, config, undo);
  if (!timeouts.ok) return timeouts;
  await store(router, { ...change, wanted, places, undo });

  if (router.holding) announcePlaces(router, addressLines.value);
  return success({
    previousHash: before?.hash ?? null,
    shown: {
      commands: steps.map(stepLine),
      addressCommands: [...addressLines.value],
      table: tableLines(wanted),
    },
  });
}

interface Claim {
  readonly wanted: ReturnType<typeof compileTable>;
  readonly places: readonly WantedAddress[];
  readonly undo: Undo;
}

/**
 * Writes down what will be ours before it is made, so that a kill in the middle leaves nothing in the kernel that
 * nobody would remove.
 */
async function claim(router: Router, { wanted, places, undo }: Claim): Promise<void> {
  const { ownedServices, ownedAddresses } = router.state.current;
  undo.push(() => router.state.update({ ownedServices, ownedAddresses }));
  const names = new Set([...ownedServices, ...wanted.services.map(({ key }) => serviceName(key))]);
  await router.state.update({
    ownedServices: [...names],
    ownedAddresses: [...ownedAddresses, ...plainPlaces(places)],
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
  const outcome = await changeAddresses(router.exec, { wanted: places, ours }, glance);
  const before = router.running === null ? [] : wantedAddresses(router.running.config);
  if (outcome.ok) undo.push(() => changeAddresses(router.exec, { wanted: before, ours }, glance));
  return outcome;
}

export const timeoutsOf = ({ global }: ClusterConfig): Timeouts => ({
  tcp: global.tcpTimeoutSeconds,
  tcpFin: global.tcpFinTimeoutSeconds,
  udp: global.udpTimeoutSeconds,
});

async function placeTimeouts(router: Router, config: ClusterConfig, undo: Undo): Promise<Attempt<boolean>> {
  const outcome = await setTimeouts(router.exec, timeoutsOf(config));
  const before = router.running?.config;
  if (outcome.ok && outcome.value && before !== undefined)
    undo.push(() => setTimeouts(router.exec, timeoutsOf(before)));
  if (outcome.ok) setFindings(router, 'timeouts', []);
  return outcome;
}

/** The file, the memory, and from here on it runs. Rejects when the disk does not take it. */
async function store(router: Router, change: Change & Claim): Promise<void> {
  const { config, request, plan, hash, wanted, places, undo } = change;
  const { files, state } = router;
  const onDisk = await files.read().catch(() => null);
  await files.keep({ text: request.text, hash });
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
  await state.update({
    history: all.slice(0, HISTORY),
    ownedServices: wanted.services.map(({ key }) => serviceName(key)),
    ownedAddresses: plainPlaces(places),
  });
  for (const { hash: old } of all.slice(HISTORY)) await files.forget(old);

  router.running = running;
  router.left = wanted;
  router.reportedFileHash = null;
  router.configuredAs = identify(config, new Set(plan.interfaces.addresses.map(({ address }) => address)));
  setFindings(router, 'configuration', []);
  setFindings(router, 'table', []);
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
