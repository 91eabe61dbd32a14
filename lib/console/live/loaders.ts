/** The live state of a cluster for the first rendering of a page; the event stream goes on from there. */
import 'server-only';
import { notFound } from 'next/navigation';
import type { LiveSnapshot } from '#lib/protocol/live.ts';
import type { Overview } from '#lib/protocol/overview.ts';
import { requireUser } from '../session.ts';
import { liveHub } from './hub.ts';

export async function loadLive(clusterId: string): Promise<LiveSnapshot> {
  await requireUser('live.loadLive');
  return (await liveHub().snapshot(clusterId)) ?? notFound();
}

/** All clusters, the worst first. */
export async function loadOverview(): Promise<Overview> {
  await requireUser('live.loadOverview');
  return liveHub().overview();
}
