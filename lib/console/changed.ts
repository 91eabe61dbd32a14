/** What follows a change: pages are read again, and the live view counts the draft's differences anew. */
import 'server-only';
import { revalidatePath } from 'next/cache';
import { liveHub } from './live/hub.ts';

/** Passes an action's result on after it has told everybody about it. A refused change told nobody anything. */
export function changed<Result extends { readonly ok: boolean }>(
  clusterId: string | null,
  result: Result,
): Result {
  if (!result.ok) return result;
  if (clusterId !== null) liveHub().touch(clusterId);
  revalidatePath('/', 'layout');
  return result;
}
