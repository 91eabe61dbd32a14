/** The draft's differences and the revisions. */
import 'server-only';
import { notFound } from 'next/navigation';
import { database } from '#lib/platform/database.ts';
import type { Comparison, ReviewView, RevisionName, RevisionView } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { liveHub } from '../live/hub.ts';
import { readMembers } from '../routers/data.ts';
import { requireUser } from '../session.ts';
import { compareStored } from './compare.ts';
import { lastRevision, lastSerial, readRevision, readRevisions, readSerials } from './data.ts';
import { nextSerial, reviewOf } from './review.ts';

/** The draft against the last revision. What each router would do is asked by the action planPush. */
export async function loadReview(clusterId: string): Promise<ReviewView> {
  await requireUser('revisions.loadReview');
  const draft = await readDraft(database(), clusterId);
  if (!draft) notFound();
  const members = await readMembers(database(), liveHub(), clusterId);
  const running = members.flatMap(({ port }) => port?.view.status?.config.serial ?? []);
  const next = nextSerial(draft, await lastSerial(database(), clusterId), running);
  return reviewOf(draft, await lastRevision(database(), clusterId), next);
}

/** So many on one page. */
const MOST_REVISIONS = 100;

/** Newest first; `below` a number, for the older ones. */
export async function listRevisions(
  clusterId: string,
  below?: number,
): Promise<{ readonly revisions: readonly RevisionView[]; readonly more: boolean }> {
  await requireUser('revisions.listRevisions');
  const revisions = await readRevisions(database(), clusterId, { below, most: MOST_REVISIONS + 1 });
  return { revisions: revisions.slice(0, MOST_REVISIONS), more: revisions.length > MOST_REVISIONS };
}

/** Two configurations side by side: numbers of revisions, or `draft`. Null when one does not exist. */
export async function loadComparison(
  clusterId: string,
  from: number | 'draft',
  to: number | 'draft',
): Promise<Comparison | null> {
  await requireUser('revisions.loadComparison');
  return compareStored(database(), clusterId, from, to);
}

/** Every revision's number, author and time, newest first: what can be compared. */
export async function listSerials(clusterId: string): Promise<readonly RevisionName[]> {
  await requireUser('revisions.listSerials');
  return readSerials(database(), clusterId);
}

/** One revision with its lvs.cf; null when there is none of that number. */
export async function loadRevision(
  clusterId: string,
  serial: number,
): Promise<(RevisionView & { readonly text: string }) | null> {
  await requireUser('revisions.loadRevision');
  return readRevision(database(), clusterId, serial);
}
