/**
 * The start of the agent: finds its configuration, adopts what stands in the kernel, and only then changes what
 * differs. After a kill -9 nothing differs, so nothing is changed.
 */

import { serviceName } from '#lib/ipvs/command.ts';
import { refuseCutOff } from '#lib/lvs/cut-off.ts';
import { type Diagnostic, hasErrors } from '#lib/lvs/diagnostics.ts';
import { checkText } from '#lib/lvs/report.ts';
import { wantedAddresses } from '../dataplane/addresses.ts';
import { timeoutsOf } from '../dataplane/kernel-table.ts';
import { markRules } from '../dataplane/mark-rules.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { convergeAddresses, convergeTable, leaveTimeouts } from './converge.ts';
import { identify, notThisRouter } from './identity.ts';
import { adoptMarks } from './marks.ts';
import { openEnd } from './open-end.ts';
import { readTable } from './read-table.ts';
import { beginServices, convergePulse, convergeSyncDaemon } from './roles.ts';
import { type Router, type Running, setFindings } from './router.ts';
import { selfCheck } from './self-check.ts';
import { plainPlaces } from './transaction.ts';
import { resumeTrial } from './trial.ts';

export async function start(router: Router): Promise<void> {
  router.running = await findConfiguration(router);
  const { running } = router;
  if (running === null) {
    router.idle = {
      role: 'fault',
      reason: 'There is no configuration yet: push one from the console or run shoalctl apply FILE',
      since: router.clock.wall(),
    };
    router.log.event('info', 'agent-started', `shoal-agent ${router.version} runs without a configuration`);
    return selfCheck(router);
  }
  recogniseItself(router, running);
  beginServices(router);
  // A router that was active sends heartbeats first of all, before its partner takes this restart for a death.
  // Any other one first looks whether it can serve.
  if (!router.holding) await selfCheck(router);
  // Queued first, so that no VIP is put on before the table behind it stands.
  const adopting = router.queue.run(() => adopt(router));
  await convergePulse(router, router.holding);
  await adopting;
  await selfCheck(router);
  const role = router.configuredAs ?? 'neither primary nor backup';
  router.log.event(
    'info',
    'agent-started',
    `shoal-agent ${router.version} runs serial ${running.serial} as ${role}`,
  );
  void convergeSyncDaemon(router);
  void router.selfRoutes.clearFound(wantedAddresses(running.config).map(({ address }) => address));
  resumeTrial(router);
}

/** The file on disk; if it is damaged, the last good one, and a problem that says so. */
async function findConfiguration(router: Router): Promise<Running | null> {
  const { files, state } = router;
  const history = state.current.history;
  const problems: string[] = [];
  const onDisk = await files.read().catch((error: unknown) => {
    problems.push(`${files.path} cannot be read: ${reasonOf(error)}`);
    return null;
  });
  if (onDisk !== null) {
    const { running, diagnostics } = readContent(router, onDisk);
    if (running !== null) {
      setFindings(router, 'configuration', openEnd(router, diagnostics));
      await remember(router, running);
      return running;
    }
    const first = diagnostics.find(({ severity }) => severity === 'error');
    problems.push(
      `${files.path} has faults and is not used; see: shoalctl check ${files.path}` +
        (first === undefined
          ? ''
          : ` (${first.line === undefined ? '' : `line ${first.line}: `}${first.message})`),
    );
  }
  const good = await lastGood(router);
  if (good !== null && problems.length === 0) problems.push(`${files.path} is missing`);
  if (good !== null)
    problems.push(
      `The last good configuration runs, serial ${good.serial}; put it back with: shoalctl apply`,
    );
  setFindings(
    router,
    'configuration',
    problems.length === 0
      ? []
      : [{ problem: problems.join('. '), serving: good === null && history.length === 0 }],
  );
  return good;
}

interface ReadContent {
  readonly running: Running | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A file that looks cut off does not replace the last good one; the only one there is runs, as with Piranha. */
function readContent(router: Router, content: { text: string; hash: string }): ReadContent {
  const { config, diagnostics: found } = checkText(content.text);
  const { history } = router.state.current;
  const known = history.find(({ hash }) => hash === content.hash);
  const mayBeOpen = known !== undefined || history.length === 0;
  const diagnostics = mayBeOpen ? found : refuseCutOff(found, 'so it is not taken');
  if (hasErrors(diagnostics)) return { running: null, diagnostics };
  const serial = config.global.serialNumber;
  const appliedAt = known?.appliedAt ?? router.clock.wall();
  return { running: { config, ...content, serial, appliedAt }, diagnostics };
}

async function lastGood(router: Router): Promise<Running | null> {
  for (const { hash } of router.state.current.history) {
    const text = await router.files.kept(hash);
    const running = text === null ? null : readContent(router, { text, hash }).running;
    if (running !== null) return running;
  }
  return null;
}

/** A file that was edited or put there while the agent did not run becomes a good configuration too. */
async function remember(router: Router, running: Running): Promise<void> {
  const { files, state } = router;
  const { hash, serial, appliedAt } = running;
  const others = state.current.history.filter((item) => item.hash !== hash);
  await files.keep(running).catch((error: unknown) => complain(router, error));
  await state
    .update({ history: [{ hash, serial, appliedAt }, ...others].slice(0, 10) })
    .catch((error: unknown) => complain(router, error));
}

/** The disk may be full or read-only; the router serves all the same. */
const complain = (router: Router, error: unknown): void =>
  router.log.event('warning', 'state-not-saved', `Not saved: ${reasonOf(error)}`);

/** Which router this is, and whether an earlier run of the agent left it active. Starts no program. */
export function recogniseItself(router: Router, running: Running): void {
  const here = new Set(router.host.localAddresses().map(({ address }) => address));
  router.configuredAs = identify(running.config, here);
  setFindings(
    router,
    'identity',
    router.configuredAs === null ? [{ problem: notThisRouter(running.config, here), serving: true }] : [],
  );
  router.holding =
    router.configuredAs !== null && wantedAddresses(running.config).some(({ address }) => here.has(address));
}

/** Takes over what stands in the kernel, then changes what differs. */
async function adopt(router: Router): Promise<void> {
  const { running } = router;
  if (running === null) return;
  const table = await readTable(router, running.config);
  // Killed in an apply that had got as far as the file.
  const { overridesOf } = router.state.current;
  if (overridesOf?.hash === running.hash) router.nanny.override(overridesOf.overrides);
  router.nanny.configure(running.config, table.ok ? table.value : { services: [] });
  const wanted = router.compile(running.config, router.nanny.weightOf);
  const { ownedServices, ownedAddresses, ownsMarkRules } = router.state.current;
  const names = wanted.services.map(({ key }) => serviceName(key));
  await router.state
    .update({
      ownedServices: [...new Set([...ownedServices, ...names])],
      ownedAddresses: uniquePlaces([...ownedAddresses, ...plainPlaces(wantedAddresses(running.config))]),
      ownsMarkRules: ownsMarkRules || markRules(running.config).length > 0,
      overrides: [...router.nanny.overrides()],
      overridesOf: null,
    })
    .catch((error: unknown) => complain(router, error));
  await convergeTable(router, table);
  await adoptMarks(router);
  if (router.holding) await convergeAddresses(router);
  await leaveTimeouts(router, timeoutsOf(running.config));
}

function uniquePlaces<Place extends { address: string; prefix: number; device: string }>(
  places: Place[],
): Place[] {
  return [
    ...new Map(places.map((place) => [`${place.address}/${place.prefix} ${place.device}`, place])).values(),
  ];
}
