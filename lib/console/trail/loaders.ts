/** The trail: who did what when. */
import 'server-only';
import { database } from '#lib/platform/database.ts';
import type { TrailView } from '../contract.ts';
import { requireUser } from '../session.ts';
import { readTrail } from './data.ts';

/** One page of it, the newest first; `cursor` as `ISO ID` of the last entry of the page before. */
export async function loadTrail(clusterId: string | null, cursor: string | null): Promise<TrailView> {
  await requireUser('trail.loadTrail');
  const [, at, id] = /^(\d{4}-\d{2}-\d{2}T[\d:.]{8,15}Z) (.{1,100})$/.exec(cursor ?? '') ?? [];
  const date = new Date(at ?? Number.NaN);
  const olderThan = id === undefined || Number.isNaN(date.getTime()) ? null : { at: date, id };
  return readTrail(database(), { clusterId, olderThan });
}
