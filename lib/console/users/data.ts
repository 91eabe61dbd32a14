/** Reads about users. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';

/** Whether nobody can sign in yet: the first run is still open. */
export const hasNoUser = async (db: Transaction): Promise<boolean> => (await db.user.count()) === 0;

/** Rises with every change of the password; null when the user is gone. */
export async function tokenVersionOf(db: Transaction, userId: string): Promise<number | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { tokenVersion: true } });
  return user?.tokenVersion ?? null;
}
