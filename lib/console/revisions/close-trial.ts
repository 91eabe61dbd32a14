/** The end of a trial: the record of it, the revision in the history and the closing sentence of the trail, once. */
import 'server-only';
import type { Database } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { type AuditFact, audit } from '../audit.ts';
import type { TrialEnd } from './settle.ts';

interface Ending {
  readonly outcome: TrialEnd;
  readonly at: Date;
  /** Of the trail. */
  readonly by: Pick<Actor, 'name'>;
  readonly action: AuditFact['action'];
  readonly message: string;
  /** Who needs not be told, because it was his doing. */
  readonly acknowledgedBy: string | null;
}

/** False when it had been ended already: by a person and by the watch at the same time. */
export function closeTrial(
  db: Database,
  trial: { readonly id: string; readonly revisionId: string; readonly clusterId: string },
  { outcome, at, by, action, message, acknowledgedBy }: Ending,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.trial.updateMany({
      where: { id: trial.id, outcome: null },
      data: { outcome, message, endedAt: at, ...(acknowledgedBy === null ? {} : { acknowledgedBy }) },
    });
    if (count === 0) return false;
    if (outcome === 'rolled-back')
      await tx.revision.update({ where: { id: trial.revisionId }, data: { rolledBackAt: at } });
    await audit(tx, by, { action, clusterId: trial.clusterId, message });
    return true;
  });
}
