/** Reads about users. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';

/** Whether nobody can sign in yet: the first run is still open. */
export const hasNoUser = async (db: Transaction): Promise<boolean> => (await db.user.count()) === 0;
