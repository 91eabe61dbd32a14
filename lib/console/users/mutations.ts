/** Users and passwords. No default password: the first administrator is made with a one-time token. */
import 'server-only';
import { createHash, randomInt } from 'node:crypto';
import type { Database } from '#lib/platform/database.ts';
import { hashPassword, passwordFits } from '#lib/platform/password.ts';
import { createRateLimit, type RateLimit } from '#lib/platform/rate-limit.ts';
import { singleton } from '#lib/platform/singleton.ts';
import type { Actor } from '../actor.ts';
import { consoleActor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { FieldError } from '../contract.ts';
import { hasNoUser } from './data.ts';

export const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 1000;

const minute = 60_000;
const perUserAndAddress = (): RateLimit =>
  singleton('login-limit', () =>
    createRateLimit(() => performance.now(), {
      free: 5,
      firstWaitMs: 2_000,
      longestWaitMs: 15 * minute,
      forgetMs: 60 * minute,
    }),
  );
/** An address can be forged: this bounds guessing at one user from everywhere, without locking the user out. */
const perUser = (): RateLimit =>
  singleton('login-limit-user', () =>
    createRateLimit(() => performance.now(), {
      free: 50,
      firstWaitMs: 1_000,
      longestWaitMs: 10_000,
      forgetMs: 60 * minute,
    }),
  );

export type LoginResult =
  | { readonly ok: true; readonly user: { id: string; name: string; tokenVersion: number } }
  | { readonly ok: false; readonly message: string };

/** Checks a name and a password. The answer does not tell whether the user exists. */
export async function verifyLogin(
  db: Database,
  attempt: { readonly name: string; readonly password: string; readonly address: string },
): Promise<LoginResult> {
  const name = attempt.name.trim().slice(0, 200);
  const key = `${name}\n${attempt.address}`;
  const waitMs = Math.max(perUserAndAddress().waitMs(key), perUser().waitMs(name));
  if (waitMs > 0) {
    return { ok: false, message: `Too many attempts. Try again in ${Math.ceil(waitMs / 1000)} s` };
  }
  const user = await db.user.findUnique({ where: { name } });
  const fits = await passwordFits(user?.passwordHash ?? null, attempt.password.slice(0, LONGEST_PASSWORD));
  if (!user || !fits) {
    perUserAndAddress().failed(key);
    perUser().failed(name);
    // Only names that exist: people type their password into the wrong field, too.
    if (user) {
      const message = `Somebody failed to sign in as ${name} from ${attempt.address}`;
      await audit(db, consoleActor, { action: 'users.verifyLogin', message });
    }
    return { ok: false, message: 'The user name or the password is wrong' };
  }
  perUserAndAddress().succeeded(key);
  await audit(
    db,
    { name: user.name },
    { action: 'users.verifyLogin', message: `${user.name} signed in from ${attempt.address}` },
  );
  return { ok: true, user: { id: user.id, name: user.name, tokenVersion: user.tokenVersion } };
}

const passwordError = (password: string): FieldError | null => {
  if (password.length < SHORTEST_PASSWORD)
    return { message: `The password needs at least ${SHORTEST_PASSWORD} characters` };
  if (password.length > LONGEST_PASSWORD)
    return { message: `The password is longer than ${LONGEST_PASSWORD} characters` };
  return null;
};

const userNameError = (name: string): FieldError | null =>
  /^[\p{L}\p{N}][\p{L}\p{N}._@ -]{0,99}$/u.test(name)
    ? null
    : {
        message:
          'A user name has 1 to 100 letters, digits, dots, dashes or blanks and begins with a letter or digit',
      };

export type UserResult =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly message: string; readonly fields: Readonly<Record<string, FieldError>> };

const refused = (message: string, fields: Readonly<Record<string, FieldError>> = {}): UserResult => ({
  ok: false,
  message,
  fields,
});

const tokenHash = (token: string): string =>
  createHash('sha256').update(token.trim().toUpperCase().replaceAll('-', '')).digest('hex');

/** No I, L, O, U, 0 or 1: it is read from a terminal and typed. */
const tokenAlphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** Makes the one-time token of the first run; older ones are void. Returns it, to be printed once. */
export async function renewSetupToken(db: Database): Promise<string> {
  const letters = Array.from({ length: 24 }, () => tokenAlphabet[randomInt(tokenAlphabet.length)]).join('');
  await db.$transaction(async (tx) => {
    await tx.setupToken.deleteMany();
    await tx.setupToken.create({ data: { hash: tokenHash(letters), createdAt: new Date() } });
  });
  return letters.replace(/(.{6})(?=.)/g, '$1-');
}

/** Makes the first administrator. Possible only while there is no user, with the token that the console printed. */
export async function createFirstAdministrator(
  db: Database,
  given: { readonly token: string; readonly name: string; readonly password: string },
): Promise<UserResult> {
  const token = tokenHash(given.token);
  const known = await db.setupToken.findUnique({ where: { hash: token } });
  if (!known || known.usedAt) {
    const message = 'This is not the token that the console printed when it started';
    return refused(message, {
      token: { message, hint: 'look into the log of the console; a restart makes a new one' },
    });
  }
  return insertAdministrator(db, given, async (tx) => {
    await tx.setupToken.update({ where: { hash: token }, data: { usedAt: new Date() } });
  });
}

/** Makes the first administrator without a token: only for what starts the program itself. */
export const createAdministratorAtStart = (
  db: Database,
  given: { readonly name: string; readonly password: string },
): Promise<UserResult> => insertAdministrator(db, given, async () => {});

async function insertAdministrator(
  db: Database,
  given: { readonly name: string; readonly password: string },
  alsoInTransaction: (tx: Parameters<Parameters<Database['$transaction']>[0]>[0]) => Promise<void>,
): Promise<UserResult> {
  const name = given.name.trim();
  const wrongName = userNameError(name);
  const wrongPassword = passwordError(given.password);
  if (wrongName || wrongPassword) {
    const fields = {
      ...(wrongName ? { name: wrongName } : {}),
      ...(wrongPassword ? { password: wrongPassword } : {}),
    };
    return refused((wrongName ?? wrongPassword)?.message ?? '', fields);
  }
  const passwordHash = await hashPassword(given.password);
  return db.$transaction(async (tx) => {
    if (!(await hasNoUser(tx))) return refused('There is an administrator already. Sign in');
    const now = new Date();
    await tx.user.create({ data: { name, passwordHash, role: 'admin', createdAt: now, updatedAt: now } });
    await alsoInTransaction(tx);
    await audit(tx, consoleActor, { action: 'users.first', message: `Made the first administrator ${name}` });
    return { ok: true, message: `Made the administrator ${name}` };
  });
}

/** Changes the own password and ends every session of the user. */
export async function replacePassword(
  db: Database,
  actor: Actor,
  given: { readonly current: string; readonly next: string },
): Promise<UserResult> {
  const wrong = passwordError(given.next);
  if (wrong) return refused(wrong.message, { next: wrong });
  const key = `change\n${actor.id}`;
  const waitMs = perUserAndAddress().waitMs(key);
  if (waitMs > 0) return refused(`Too many attempts. Try again in ${Math.ceil(waitMs / 1000)} s`);
  const user = await db.user.findUnique({ where: { id: actor.id } });
  if (!(await passwordFits(user?.passwordHash ?? null, given.current.slice(0, LONGEST_PASSWORD)))) {
    perUserAndAddress().failed(key);
    return refused('The current password is wrong', {
      current: { message: 'This is not your current password' },
    });
  }
  perUserAndAddress().succeeded(key);
  const passwordHash = await hashPassword(given.next);
  await db.$transaction(async (tx) => {
    await tx.user.update({
      where: { id: actor.id },
      data: { passwordHash, tokenVersion: { increment: 1 }, updatedAt: new Date() },
    });
    await audit(tx, actor, { action: 'users.changePassword', message: `${actor.name} changed the password` });
  });
  return { ok: true, message: 'The password was changed. Sign in again with the new one' };
}
