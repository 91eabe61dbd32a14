/** What pages ask about users. */
import 'server-only';
import { database } from '#lib/platform/database.ts';
import { currentActor } from '../session.ts';
import { hasNoUser } from './data.ts';

/** Whether the first administrator is still to be made. Public: /login and /setup ask it. */
export async function needsSetup(): Promise<boolean> {
  return hasNoUser(database());
}

/** Name of the signed-in user; null when nobody is. For the page header; never redirects. */
export async function currentUserName(): Promise<string | null> {
  return (await currentActor())?.name ?? null;
}
