/** Pushes that run now, by cluster: what browsers are shown of them. In memory; the record is in the database. */
import 'server-only';
import { singleton } from '#lib/platform/singleton.ts';
import type { LivePush } from '#lib/protocol/live.ts';

const pushes = (): Map<string, LivePush> => singleton('pushes', () => new Map<string, LivePush>());

export const pushOf = (clusterId: string): LivePush | null => pushes().get(clusterId) ?? null;

/** False when one runs already. */
export function beginPush(clusterId: string, by: string): boolean {
  if (pushes().has(clusterId)) return false;
  pushes().set(clusterId, { by, serial: null, steps: [] });
  return true;
}

export function advancePush(clusterId: string, change: (push: LivePush) => LivePush): void {
  const push = pushes().get(clusterId);
  if (push) pushes().set(clusterId, change(push));
}

export const endPush = (clusterId: string): void => void pushes().delete(clusterId);

/** One router's step became another. */
export const withStep = (
  push: LivePush,
  name: string,
  change: { readonly state: LivePush['steps'][number]['state']; readonly message: string },
): LivePush => ({
  ...push,
  steps: push.steps.map((step) => (step.name === name ? { ...step, ...change } : step)),
});
