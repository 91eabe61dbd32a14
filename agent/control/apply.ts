/**
 * Apply is a transaction: parse, validate, plan against the kernel as it is, one batch for the table, one for the
 * addresses, then the file. A step that fails takes everything before it back and says which line it was.
 */

import { stepLine, tableLines } from '#lib/ipvs/command.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import type { RoutingTable } from '#lib/ipvs/table.ts';
import { openBlock, refuseCutOff } from '#lib/lvs/cut-off.ts';
import { type Diagnostic, hasErrors } from '#lib/lvs/diagnostics.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { checkText } from '#lib/lvs/report.ts';
import type { ApplyResult } from '#lib/protocol/messages.ts';
import { type PlacedAddress, planAddresses, wantedAddresses } from '../dataplane/addresses.ts';
import { readInterfaces } from '../dataplane/interfaces.ts';
import { findOverride, type ServerNames } from '../nanny/overrides.ts';
import { type Attempt, success } from '../runtime/attempt.ts';
import { hashOf } from '../store/config-files.ts';
import { forecastWeights } from './forecast.ts';
import { identify, notThisRouter } from './identity.ts';
import { openEnd } from './open-end.ts';
import { readTable } from './read-table.ts';
import { Refusal } from './refusal.ts';
import { convergePulse, convergeSyncDaemon } from './roles.ts';
import { isOwned, ownAddresses, type Router, setFindings } from './router.ts';
import { commit } from './transaction.ts';
import { armTrial, resumeTrial } from './trial.ts';
import { unfitFor } from './unfit.ts';

export interface ApplyRequest {
  readonly text: string;
  /** Hash of the bytes that `text` was read from; the text's own when it came over the wire. */
  readonly hash?: string;
  readonly dryRun: boolean;
  /** Null: not on trial. */
  readonly confirmWithinSeconds: number | null;
  /** Undefined: whatever runs now. */
  readonly expectedHash?: string | null | undefined;
  /** What brought it here; for the event. */
  readonly origin: 'push' | 'file' | 'rollback' | 'trial';
}

/** Applies a configuration, or only says what that would do. Rejects with a `Refusal` when it must not be tried. */
export async function apply(router: Router, request: ApplyRequest): Promise<ApplyResult> {
  const startedAt = router.clock.now();
  const { config, diagnostics: found } = checkText(request.text);
  const diagnostics = [...withoutLoss(router, request, found), ...(await unfit(router, request, config))];
  const base = resultBase(request, config, diagnostics);
  const finish = (change: Partial<ApplyResult>): ApplyResult => ({
    ...base,
    ...change,
    durationMs: Math.round(router.clock.now() - startedAt),
  });
  if (hasErrors(diagnostics)) return finish({});
  const inQueue = (task: () => Promise<ApplyResult>): Promise<ApplyResult> =>
    request.dryRun ? router.queue.run(task) : whileApplying(router, () => router.queue.run(task));
  const outcome = await inQueue(async () => {
    guard(router, request);
    const survey = await surveyRouter(router, config);
    if (!survey.ok) return finish(survey);
    if (request.dryRun) return finish(forecast(router, config, survey));
    const arm = (previousHash: string | null) => armTrial(router, previousHash, request);
    const done = await commit(router, { config, request, survey, hash: base.hash ?? '', arm });
    if (!done.ok) {
      resumeTrial(router);
      return finish({ failure: done.problem });
    }
    setFindings(router, 'configuration', openEnd(router, diagnostics));
    return finish({ ...done.value.shown, applied: true });
  });
  if (outcome.applied) await followUp(router);
  return outcome;
}

/** Applies of each router that have begun or wait for their turn. */
const applies = new WeakMap<Router, number>();

export const isApplying = (router: Router): boolean => (applies.get(router) ?? 0) > 0;

async function whileApplying<Result>(router: Router, task: () => Promise<Result>): Promise<Result> {
  applies.set(router, (applies.get(router) ?? 0) + 1);
  try {
    return await task();
  } finally {
    applies.set(router, (applies.get(router) ?? 1) - 1);
  }
}

/** What ran here before comes back, whatever the machine lacks by now. */
const unfit = async (router: Router, { origin }: ApplyRequest, config: ClusterConfig) =>
  origin === 'push' || origin === 'file' ? unfitFor(router, config) : [];

/** A file that looks cut off does not replace one that runs. What ran here before comes back as it was. */
function withoutLoss(
  { running, state }: Router,
  request: ApplyRequest,
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (running === null || openBlock(found) === undefined) return found;
  const hash = request.hash ?? hashOf(request.text);
  if (hash === running.hash || state.current.history.some((before) => before.hash === hash)) return found;
  return refuseCutOff(found, `so serial ${running.serial} runs on`);
}

function resultBase(
  request: ApplyRequest,
  config: ClusterConfig,
  diagnostics: readonly Diagnostic[],
): ApplyResult {
  return {
    applied: false,
    dryRun: request.dryRun,
    diagnostics: diagnostics.map(({ path, ...rest }) =>
      path === undefined ? rest : { ...rest, path: [...path] },
    ),
    commands: [],
    addressCommands: [],
    table: [],
    serial: config.global.serialNumber,
    hash: request.hash ?? hashOf(request.text),
    failure: null,
    durationMs: 0,
  };
}

/** A change that the caller has not seen must not be overwritten. */
function guard(router: Router, { expectedHash, origin }: ApplyRequest): void {
  if (origin === 'trial' && router.state.current.trial === null)
    throw new Refusal('conflict', 'The push was confirmed at the last moment');
  const current = router.running?.hash ?? null;
  if (expectedHash === undefined || expectedHash === current) return;
  throw new Refusal(
    'conflict',
    `This router runs ${current === null ? 'no configuration' : `serial ${router.running?.serial} (${current.slice(0, 12)})`}, ` +
      `not ${expectedHash === null ? 'none' : expectedHash.slice(0, 12)} as you expect: somebody changed it in between; look at the difference and push again`,
  );
}

/** What an apply finds on this router. */
export interface Survey {
  readonly ok: true;
  readonly actual: RoutingTable;
  readonly standing: readonly PlacedAddress[];
  /** Addresses of this router, which tell who it is. */
  readonly addresses: ReadonlySet<string>;
}

/** Reads the kernel; fails when the configuration is not one of this router. */
async function surveyRouter(
  router: Router,
  config: ClusterConfig,
): Promise<Survey | ({ ok: false } & Partial<ApplyResult>)> {
  const { running } = router;
  const [actual, standing] = await Promise.all([
    readTable(router, config, ...(running === null ? [] : [running.config])),
    standingAddresses(router, config),
  ]);
  if (!actual.ok) return { ok: false, failure: actual.problem };
  if (!standing.ok) return { ok: false, failure: standing.problem };
  const addresses = new Set(standing.value.map(({ address }) => address));
  if (identify(config, addresses) === null) {
    const message = notThisRouter(config, addresses);
    const diagnostic = {
      code: 'not-this-router',
      severity: 'error' as const,
      message,
      path: ['global', 'primaryAddress'],
    };
    return { ok: false, diagnostics: [diagnostic] };
  }
  return { ok: true, actual: actual.value, standing: standing.value, addresses };
}

/** What the configuration would change, by the forecast of the weights. */
function forecast(
  router: Router,
  config: ClusterConfig,
  { actual, standing }: Survey,
): Pick<ApplyResult, 'commands' | 'addressCommands' | 'table'> {
  const { nanny, running } = router;
  const isFixed = (names: ServerNames): boolean =>
    findOverride(nanny.overrides(), names, 'weight') !== undefined;
  const weights = forecastWeights(
    running === null ? null : { config: running.config, weightOf: nanny.weightOf, isFixed },
    config,
  );
  const wanted = compileTable(config, weights);
  return {
    commands: planSteps(actual, wanted, isOwned(router, wanted, config)).map(stepLine),
    addressCommands: addressLinesOf(router, config, standing),
    table: tableLines(wanted),
  };
}

function addressLinesOf(router: Router, config: ClusterConfig, standing: readonly PlacedAddress[]): string[] {
  if (!router.holding) return [];
  const wanted = wantedAddresses(config);
  return planAddresses(standing, wanted, ownAddresses(router, wanted));
}

/**
 * The addresses on the interfaces. Most changes leave them alone, and then a glance at those that are up is enough;
 * starting `ip` would take as long as reading the table.
 */
async function standingAddresses(
  router: Router,
  config: ClusterConfig,
): Promise<Attempt<readonly PlacedAddress[]>> {
  const seen = router.host.localAddresses();
  const isThisRouter = identify(config, new Set(seen.map(({ address }) => address))) !== null;
  if (isThisRouter && addressLinesOf(router, config, seen).length === 0) return success(seen);
  const all = await readInterfaces(router.exec);
  return all.ok ? success(all.value.addresses) : all;
}

/** What depends on the new configuration and may take its time. */
async function followUp(router: Router): Promise<void> {
  router.changed();
  await convergePulse(router, false);
  void convergeSyncDaemon(router);
}
