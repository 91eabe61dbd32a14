/** The trail: who did what when. Written in the same transaction as what it tells of. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { Actor } from './actor.ts';

export interface AuditFact {
  readonly action: string;
  readonly clusterId?: string;
  /** A sentence; never a secret. */
  readonly message: string;
}

export async function audit(db: Transaction, actor: Pick<Actor, 'name'>, fact: AuditFact): Promise<void> {
  await db.auditEntry.create({
    data: {
      at: new Date(),
      by: actor.name,
      action: fact.action,
      clusterId: fact.clusterId ?? null,
      message: fact.message,
    },
  });
}
