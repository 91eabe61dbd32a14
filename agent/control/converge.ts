/**
 * Brings the kernel to what is wanted now: after a change of health, of role, or because somebody else changed it.
 * All functions here run inside the router's queue.
 */

import { stepLine } from '#lib/ipvs/command.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import type { RoutingTable } from '#lib/ipvs/table.ts';
import { type PlacedAddress, placeKey, wantedAddresses } from '../dataplane/addresses.ts';
import { changeAddresses, type Glance } from '../dataplane/interfaces.ts';
import { changeKernelTable, setTimeouts, type Timeouts, timeoutsOf } from '../dataplane/kernel-table.ts';
import { PROC_TABLE, withoutCounters } from '../dataplane/proc-table.ts';
import type { Attempt } from '../runtime/attempt.ts';
import { readTable } from './read-table.ts';
import { isOwned, ownAddresses, type Router, setFindings } from './router.ts';

/** After a failure the kernel is left alone for this long, unless something else changes. */
const RETRY_MS = 5000;
/** What was seen on the interfaces so long ago is asked for anew. */
const GLANCED_MS = 1000;
/** More than this is not named one by one in an event. */
const NAMED = 8;

const named = (items: readonly string[]): string =>
  items.length <= NAMED
    ? items.join('; ')
    : `${items.slice(0, NAMED).join('; ')}; and ${items.length - NAMED} more`;

/** What differs from the table that the agent left, in words; null when the kernel has no IPVS table. */
export async function tableDrift(router: Router): Promise<string[] | null> {
  if (router.left === null) return [];
  const text = await router.host.readText(PROC_TABLE);
  if (text === null) return null;
  const { left, seen } = router;
  if (left === null || (seen !== null && seen.left === left && seen.text === text)) return [];
  const bare = withoutCounters(text);
  if (seen !== null && seen.left === left && seen.bare === bare) {
    seen.text = text;
    return [];
  }
  const { drift, foreign } = router.compare(left, bare);
  const all =
    router.running?.config.global.foreignServices === 'remove'
      ? [...drift, ...foreign.map((service) => `the service ${service} had been added`)]
      : [...drift];
  router.seen = all.length === 0 ? { left, text, bare, foreign, hasToldForeign: false } : null;
  return all;
}

/** Says once of each service of others that it is there; it is left alone. */
export async function reportForeign(router: Router): Promise<void> {
  const { seen } = router;
  if (router.running?.config.global.foreignServices !== 'keep') return;
  if (seen === null || seen.left !== router.left || seen.hasToldForeign) return;
  // While an apply was under way, its services were nobody's yet.
  const text = await router.host.readText(PROC_TABLE);
  if (text === null || withoutCounters(text) !== seen.bare) return;
  seen.hasToldForeign = true;
  const { foreign } = seen;
  const unreported = foreign.filter((service) => !router.reportedForeign.includes(service));
  router.reportedForeign = foreign;
  if (unreported.length === 0) return;
  router.log.event(
    'warning',
    'foreign-service',
    `The routing table has services that are not of this configuration and are left alone: ${named(unreported)}`,
  );
  router.changed();
}

/**
 * Programs what the nanny's weights changed, from the table as the agent left it: nothing is read. Whoever changed it
 * behind the agent's back makes the batch fail or is found by the watch; then the kernel is asked.
 */
export async function followHealth(router: Router): Promise<void> {
  const { running, left } = router;
  if (running === null || router.ending) return;
  if (left === null) return convergeTable(router);
  const wanted = router.compile(running.config, router.nanny.weightOf);
  const steps = planSteps(left, wanted);
  const changed = await changeKernelTable(router, left, steps);
  if (!changed.ok) return convergeTable(router);
  router.left = wanted;
  if (steps.length === 0) return;
  router.log.event('info', 'table-changed', `Routing table: ${named(steps.map(stepLine))}`);
  router.changed();
}

/** Repairs a table that looked changed; while an apply was under way it did, and then all is well by now. */
export async function repairTable(router: Router): Promise<void> {
  const drift = await tableDrift(router);
  if (drift === null || drift.length > 0 || router.left === null) await convergeTable(router);
}

/** Programs the routing table from the running configuration and the nanny's weights; `read`: as it was just read. */
export async function convergeTable(router: Router, read?: Attempt<RoutingTable>): Promise<void> {
  const { running } = router;
  if (running === null || router.ending) return;
  const drift = await tableDrift(router);
  const actual = read ?? (await readTable(router, running.config));
  if (!actual.ok) return failed(router, actual.problem);
  const wanted = router.compile(running.config, router.nanny.weightOf);
  const steps = planSteps(actual.value, wanted, isOwned(router, wanted, running.config));
  const changed = await changeKernelTable(router, actual.value, steps);
  if (!changed.ok) return failed(router, changed.problem);
  // What the agent itself did not want otherwise, somebody else has changed, also where /proc does not show it.
  const isHidden =
    router.left !== null && planSteps(router.left, wanted).length === 0 && (drift ?? []).length === 0;
  router.left = wanted;
  router.retryAt = 0;
  // ipvsadm finds nothing of what /proc seemed to say.
  if (steps.length === 0 && (drift ?? []).length > 0) router.ticks.forget();
  setFindings(router, 'table', []);
  if (isHidden && steps.length > 0)
    router.log.event(
      'warning',
      'drift-repaired',
      `The routing table was changed by somebody else and is repaired: ${named(steps.map(stepLine))}`,
    );
  else if (drift !== null && drift.length > 0 && steps.length > 0)
    router.log.event(
      'warning',
      'drift-repaired',
      `The routing table was changed by somebody else and is repaired: ${named(drift)}`,
    );
  else if (steps.length > 0)
    router.log.event('info', 'table-changed', `Routing table: ${named(steps.map(stepLine))}`);
  if (steps.length > 0) router.changed();
}

function failed(router: Router, problem: string): void {
  router.left = null;
  router.retryAt = router.clock.now() + RETRY_MS;
  setFindings(router, 'table', [{ problem, serving: true }]);
}

/** Leaves the kernel with these connection timeouts, or says that it cannot; the watch then tries again. */
export async function leaveTimeouts(router: Router, timeouts: Timeouts): Promise<Attempt<boolean>> {
  const outcome = await setTimeouts(router.exec, timeouts);
  setFindings(router, 'timeouts', outcome.ok ? [] : [{ problem: outcome.problem, serving: false }]);
  return outcome;
}

/** Tries the timeouts of the configuration again when they could not be set. */
export async function repairTimeouts(router: Router): Promise<void> {
  if (router.running === null || router.ending) return;
  const outcome = await leaveTimeouts(router, timeoutsOf(router.running.config));
  if (!outcome.ok) router.retryAt = router.clock.now() + RETRY_MS;
}

/** Puts on or takes off addresses, whichever the role asks for; announces what was put on. */
export async function convergeAddresses(router: Router): Promise<Attempt<readonly string[]>> {
  const wanted = router.running === null ? [] : wantedAddresses(router.running.config);
  const change = { wanted: router.holding ? wanted : [], ours: ownAddresses(router, wanted) };
  const outcome = await changeAddresses(router.exec, change, glanceOf(router));
  setFindings(
    router,
    'addresses',
    outcome.ok
      ? []
      : [{ problem: `The addresses cannot be set: ${outcome.problem}`, serving: router.holding }],
  );
  if (outcome.ok && router.holding) announcePlaces(router, outcome.value);
  if (!outcome.ok || outcome.value.length > 0) router.changed();
  return outcome;
}

/** Its first look is the one that was taken when a takeover seemed near, if that was a moment ago. */
function glanceOf(router: Router): Glance {
  const { glanced, holding, clock, host } = router;
  router.glanced = null;
  const isFresh = holding && glanced !== null && clock.now() - glanced.at < GLANCED_MS;
  let early = isFresh ? glanced.standing : null;
  return () => {
    const seen = early ?? host.localAddresses();
    early = null;
    return seen;
  };
}

/** Announces what these lines of `ip -batch` have put on; of all else that is held only the refresh goes on. */
export function announcePlaces(router: Router, lines: readonly string[]): void {
  if (router.running === null) return;
  const { config } = router.running;
  const places = wantedAddresses(config);
  router.announcer.keep(places, config.global.announceRefreshSeconds * 1000);
  const added = new Set(lines.flatMap((line) => /^addr add (\S+)/.exec(line)?.[1] ?? []));
  router.announcer.add(places.filter(({ address, prefix }) => added.has(`${address}/${prefix}`)));
}

/** What is wrong with the addresses on the interfaces, in words; cheap: no program is started. */
export function addressDrift(router: Router): string[] {
  if (router.running === null) return [];
  const wanted = wantedAddresses(router.running.config);
  const standing = new Set(router.host.localAddresses().map(placeKey));
  const isMissing = (place: PlacedAddress): boolean => !standing.has(placeKey(place));
  if (router.holding) {
    const keep = new Set(wanted.map(placeKey));
    return [
      ...wanted.filter(isMissing).map((place) => `${placeKey(place)} was missing`),
      ...ownAddresses(router, [])
        .filter((place) => !isMissing(place) && !keep.has(placeKey(place)))
        .map((place) => `${placeKey(place)} was still there`),
    ];
  }
  return ownAddresses(router, wanted)
    .filter((place) => !isMissing(place))
    .map((place) => `${placeKey(place)} was on a router that is not active`);
}

/** Repairs the addresses if they drifted; says what was wrong. */
export async function repairAddresses(router: Router): Promise<void> {
  if (router.ending) return;
  const drift = [...new Set(addressDrift(router))];
  if (drift.length === 0) return;
  const outcome = await convergeAddresses(router);
  if (!outcome.ok) router.retryAt = router.clock.now() + RETRY_MS;
  else if (outcome.value.length > 0)
    router.log.event(
      'warning',
      'drift-repaired',
      `Addresses were changed by somebody else and are repaired: ${named(drift)}`,
    );
}
