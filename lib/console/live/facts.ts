/** Reads what the live view needs of the database. */
import 'server-only';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { Transaction } from '#lib/platform/database.ts';
import type { RouterRole } from '#lib/protocol/live.ts';
import { readDraft } from '../draft/data.ts';
import type { Draft } from '../draft/draft.ts';
import { readOwed } from '../overrides/debts.ts';
import { lastRevisionName, revisionBySerial, revisionsByHash } from '../revisions/data.ts';
import { configOfRevision, countDraftChanges, knownRevision } from '../revisions/review.ts';
import { readTrial } from '../revisions/trial.ts';
import type { ClusterFacts } from './snapshot.ts';

/** Of a router, as the database has it. */
export const roleOf = (text: string): RouterRole => (text === 'backup' ? 'backup' : 'primary');

/** What a revision says; its text is read once. */
async function readBefore(
  db: Transaction,
  draft: Draft,
  { hash, serial }: { readonly hash: string; readonly serial: number },
): Promise<ClusterConfig | null> {
  const known = knownRevision(hash);
  if (known !== null) return known;
  const revision = await revisionBySerial(db, draft.cluster.id, serial);
  return revision && configOfRevision(revision, draft);
}

/** Null when there is no such cluster. */
export async function readFacts(db: Transaction, clusterId: string): Promise<ClusterFacts | null> {
  const draft = await readDraft(db, clusterId);
  if (!draft) return null;
  const routers = await db.router.findMany({ where: { clusterId }, orderBy: { role: 'desc' } });
  const last = await lastRevisionName(db, clusterId);
  const before = last && (await readBefore(db, draft, last));
  return {
    clusterId,
    routers: routers.map((router) => ({
      id: router.id,
      role: roleOf(router.role),
      name: router.name,
      address: router.address,
      fingerprint: router.fingerprint,
      createdAt: router.createdAt.toISOString(),
    })),
    last: last && { serial: last.serial, hash: last.hash },
    revisions: await revisionsByHash(db, clusterId),
    draftChanges: countDraftChanges(draft, before),
    owed: await readOwed(db, clusterId),
    trial: await readTrial(db, clusterId),
  };
}
