'use server';
/** The first run and the own password. */
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import { badInput, readInput, text } from '../input.ts';
import { allow } from '../session.ts';
import { setFirstRun } from './first-run.ts';
import { createFirstAdministrator, replacePassword, type UserResult } from './mutations.ts';

/** Makes the first administrator with the token that the console printed at start. Fields: token, name, password. */
export async function setupFirstAdministrator(
  token: string,
  name: string,
  password: string,
): Promise<UserResult> {
  const input = readInput({ token: text, name: text, password: text }, { token, name, password });
  if (!input) return { ok: false, message: badInput, fields: {} };
  const result = await createFirstAdministrator(database(), input);
  if (result.ok) setFirstRun(false);
  return changed(null, result);
}

/** Changes the own password; every session of the user ends. Fields: current, next. */
export async function changePassword(current: string, next: string): Promise<UserResult> {
  const access = await allow('users.changePassword');
  if (!access.ok) return { ok: false, message: access.message, fields: {} };
  const input = readInput({ current: text, next: text }, { current, next });
  if (!input) return { ok: false, message: badInput, fields: {} };
  return replacePassword(database(), access.actor, input);
}
