/** Making, naming and deleting clusters. */
import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Remarks } from '#lib/lvs/model.ts';
import type { Database, Transaction } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { CreateResult, FieldError } from '../contract.ts';
import type { RowSettings } from '../draft/draft.ts';
import { createKeys } from '../routers/keys.ts';

const LONGEST_NAME = 100;

function nameError(name: string): FieldError | null {
  if (name === '') return { message: 'A name is missing', hint: 'give the cluster a name such as web' };
  if (name.length > LONGEST_NAME) return { message: `The name is longer than ${LONGEST_NAME} characters` };
  return null;
}

const refused = (error: FieldError): CreateResult => ({
  ok: false,
  message: error.message,
  fields: { name: error },
});

const taken = (name: string): CreateResult =>
  refused({ message: `There is a cluster "${name}" already`, hint: 'choose another name' });

/** A new cluster: its name, and who made it from what. */
export interface NewCluster {
  /** Whatever a person typed. */
  readonly name: string;
  /** What the top level of the draft holds; nothing in an empty one. */
  readonly settings?: RowSettings;
  readonly remarks?: Remarks;
  readonly takenInHash?: string;
}

/** Makes a cluster with its keys, unless the name cannot stand. The caller records why. */
export async function makeCluster(tx: Transaction, actor: Actor, made: NewCluster): Promise<CreateResult> {
  const name = made.name.trim();
  const wrong = nameError(name);
  if (wrong) return refused(wrong);
  if (await tx.cluster.findUnique({ where: { name } })) return taken(name);
  const now = new Date();
  const id = randomUUID();
  await tx.cluster.create({
    data: {
      id,
      name,
      settings: JSON.stringify(made.settings ?? {}),
      remarks: JSON.stringify(made.remarks ?? { comments: [], unknown: [] }),
      takenInHash: made.takenInHash ?? null,
      updatedBy: actor.name,
      updatedAt: now,
      createdAt: now,
    },
  });
  await createKeys(tx, id);
  return { ok: true, id };
}

/** Makes a cluster with an empty draft and its keys. */
export function insertCluster(db: Database, actor: Actor, name: string): Promise<CreateResult> {
  return db.$transaction(async (tx) => {
    const made = await makeCluster(tx, actor, { name });
    if (!made.ok) return made;
    await audit(tx, actor, {
      action: 'clusters.createCluster',
      clusterId: made.id,
      message: `Made the cluster ${name.trim()}`,
    });
    return made;
  });
}

export async function updateClusterName(
  db: Database,
  actor: Actor,
  change: { readonly id: string; readonly name: string },
): Promise<CreateResult> {
  const { id } = change;
  const name = change.name.trim();
  const wrong = nameError(name);
  if (wrong) return refused(wrong);
  return db.$transaction(async (tx) => {
    const cluster = await tx.cluster.findUnique({ where: { id } });
    if (!cluster) return { ok: false, message: 'This cluster does not exist any more', fields: {} };
    const twin = await tx.cluster.findUnique({ where: { name } });
    if (twin && twin.id !== id) return taken(name);
    await tx.cluster.update({ where: { id }, data: { name } });
    await audit(tx, actor, {
      action: 'clusters.renameCluster',
      clusterId: id,
      message: `Renamed the cluster ${cluster.name} to ${name}`,
    });
    return { ok: true, id };
  });
}

/** Deletes a cluster with its draft, revisions, routers and keys. Its routers go on with what they run. */
export async function removeCluster(db: Database, actor: Actor, id: string): Promise<CreateResult> {
  return db.$transaction(async (tx) => {
    const cluster = await tx.cluster.findUnique({ where: { id } });
    if (!cluster) return { ok: false, message: 'This cluster does not exist any more', fields: {} };
    await tx.cluster.delete({ where: { id } });
    await tx.draftEdit.deleteMany({ where: { clusterId: id } });
    await audit(tx, actor, {
      action: 'clusters.deleteCluster',
      clusterId: id,
      message: `Deleted the cluster ${cluster.name} with its revisions and keys`,
    });
    return { ok: true, id };
  });
}
