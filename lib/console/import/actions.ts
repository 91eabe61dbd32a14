'use server';
/** New clusters from what runs already: a router over SSH, a file, a kernel table. */
import * as z from 'zod';
import type { Dialect } from '#lib/import/dialects.ts';
import { dialects } from '#lib/import/dialects.ts';
import { database } from '#lib/platform/database.ts';
import { scanHostKey } from '#lib/platform/scan-host-key.ts';
import { LONGEST_OUTPUT } from '#lib/platform/ssh-commands.ts';
import { changed } from '../changed.ts';
import type { CreateResult, HostKeyResult, ImportRequest, RouterLogin, RouterReading } from '../contract.ts';
import { badInput, readInput, text } from '../input.ts';
import { sshFieldErrors } from '../routers/ssh-fields.ts';
import { allow } from '../session.ts';
import * as mutations from './mutations.ts';
import * as reading from './read-router.ts';

const refused = (message: string) => ({ ok: false as const, message, fields: {} });

/** The host key that an address shows, for a person to compare. No user and no secret is sent. */
export async function scanRouter(address: string, port: number): Promise<HostKeyResult> {
  const access = await allow('import.scanRouter');
  if (!access.ok) return refused(access.message);
  const input = readInput({ address: text, port: z.number() }, { address, port });
  if (!input) return refused(badInput);
  const target = { address: input.address.trim(), port: input.port };
  const fields = sshFieldErrors({ ...target, user: 'root' });
  const first = Object.values(fields)[0];
  if (first) return { ok: false, message: first.message, fields };
  const scan = await scanHostKey(target.address, target.port, { old: true });
  if (scan.ok) return scan;
  const hint = 'start sshd there, or correct the address or the port';
  return { ok: false, message: scan.message, fields: { address: { message: scan.message, hint } } };
}

const secret = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('password'), password: text }),
  z.object({ kind: z.literal('key'), privateKey: z.string().max(100_000), passphrase: text }),
]);

/** Reads lvs.cf and the routing table of a router, once; nothing of the login is kept. */
export async function readRouter(login: RouterLogin): Promise<RouterReading> {
  const access = await allow('import.readRouter');
  if (!access.ok) return refused(access.message);
  const shape = z.object({
    address: text,
    port: z.number(),
    user: text,
    fingerprint: text,
    secret,
    path: text.nullable(),
  });
  const input = readInput({ login: shape }, { login });
  if (!input) return refused(badInput);
  return reading.readRouter(database(), access.actor, input.login);
}

const dialectNames = Object.keys(dialects) as [Dialect, ...Dialect[]];

/** Makes a cluster whose draft is what the text says. Fields: name, text, acknowledged. */
export async function importCluster(given: ImportRequest): Promise<CreateResult> {
  const access = await allow('import.importCluster');
  if (!access.ok) return refused(access.message);
  const shape = z.object({
    name: text,
    text: z.string().max(LONGEST_OUTPUT),
    dialect: z.enum(dialectNames).nullable(),
    device: z.string().regex(/^[A-Za-z0-9_.:@-]{1,31}$/),
    source: z.string().max(300),
    acknowledged: z.number().int().min(0),
  });
  const input = readInput({ given: shape }, { given });
  if (!input) return refused(badInput);
  return changed(null, await mutations.importCluster(database(), access.actor, input.given));
}
