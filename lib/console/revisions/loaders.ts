/** The draft's differences and the revisions. */
import 'server-only';
import { notFound } from 'next/navigation';
import { database } from '#lib/platform/database.ts';
import type { ReviewView, RevisionView } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { liveHub } from '../live/hub.ts';
import { readMembers } from '../routers/data.ts';
import { requireUser } from '../session.ts';
import { lastRevision, readRevision, readRevisions } from './data.ts';
import { reviewOf } from './review.ts';

/** The draft against the last revision. What each router would do is asked by the action planPush. */
export async function loadReview(clusterId: string): Promise<ReviewView> {
  await requireUser('revisions.loadReview');
  const draft = await readDraft(database(), clusterId);
  if (!draft) notFound();
  const members = await readMembers(database(), liveHub(), clusterId);
  const running = members.flatMap(({ port }) => port?.view.status?.config.serial ?? []);
  return reviewOf(draft, await lastRevision(database(), clusterId), running);
}

/** Newest first. */
export async function listRevisions(clusterId: string): Promise<readonly RevisionView[]> {
  await requireUser('revisions.listRevisions');
  return readRevisions(database(), clusterId);
}

/** One revision with its lvs.cf; null when there is none of that number. */
export async function loadRevision(
  clusterId: string,
  serial: number,
): Promise<(RevisionView & { readonly text: string }) | null> {
  await requireUser('revisions.loadRevision');
  return readRevision(database(), clusterId, serial);
}
