/** The rules for firewall marks over the life of the agent. What changes them runs inside the router's queue. */
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { listMarkRules, markRules, setMarkRules } from '../dataplane/mark-rules.ts';
import { type Attempt, success } from '../runtime/attempt.ts';
import { hasFindings, type Router, setFindings } from './router.ts';
import type { Undo } from './undo.ts';

/** As a step of an apply; nft is run only when the rules change. `undo` gets the way back. */
export async function placeMarks(router: Router, config: ClusterConfig, undo: Undo): Promise<Attempt<null>> {
  const before = router.running === null ? [] : markRules(router.running.config);
  const rules = markRules(config);
  if (rules.join('\n') === before.join('\n')) return success(null);
  undo.push(() => enforce(router, before));
  return leaveMarks(router, rules);
}

async function leaveMarks(router: Router, rules: readonly string[]): Promise<Attempt<null>> {
  const outcome = await setMarkRules(router.exec, rules);
  if (!outcome.ok) return outcome;
  router.leftMarks = outcome.value;
  setFindings(router, 'marks', []);
  return success(null);
}

/** After a start: the rules of the configuration, or none where an earlier one had some. */
export async function adoptMarks(router: Router): Promise<void> {
  if (router.running === null) return;
  const rules = markRules(router.running.config);
  if (rules.length > 0 || router.state.current.ownsMarkRules) await enforce(router, rules);
}

async function enforce(router: Router, rules: readonly string[]): Promise<Attempt<null>> {
  const outcome = await leaveMarks(router, rules);
  if (!outcome.ok) setFindings(router, 'marks', [{ problem: outcome.problem, serving: false }]);
  return outcome;
}

/** Puts back rules that somebody changed, and tries again what could not be set. */
export async function repairMarks(router: Router): Promise<void> {
  if (router.running === null || router.ending) return;
  const rules = markRules(router.running.config);
  const isUnsettled = hasFindings(router, 'marks');
  if (rules.length === 0 && !isUnsettled) return;
  const isRight =
    !isUnsettled && router.leftMarks !== null && (await listMarkRules(router.exec)) === router.leftMarks;
  if (isRight) return;
  const wasKnown = !isUnsettled && router.leftMarks !== null;
  await enforce(router, rules);
  if (wasKnown)
    router.log.event(
      'warning',
      'drift-repaired',
      'The rules for firewall marks (nft table inet shoal) were changed by somebody else and are repaired',
    );
}

/** The service stops: nothing of the agent's stays in the firewall. */
export async function removeMarks(router: Router): Promise<void> {
  if (router.leftMarks === null) return;
  await setMarkRules(router.exec, []);
  router.leftMarks = null;
}
