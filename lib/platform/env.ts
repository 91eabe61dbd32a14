/**
 * The console's environment, read and checked once. Every variable that the console knows stands here; nothing
 * else reads process.env.
 */
import 'server-only';
import { isAbsolute, resolve, sep } from 'node:path';
import * as z from 'zod';

const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value));

const schema = z.object({
  /** Folder of the database and the keys. */
  SHOAL_DATA: optionalText,
  /** Seals stored keys in place of the data folder's key file; at least 32 characters. */
  SHOAL_SECRET: optionalText.refine((value) => value === undefined || value.length >= 32, {
    message: 'SHOAL_SECRET must have at least 32 characters',
  }),
  /** Creates the first administrator at start, only while there is no user. */
  SHOAL_ADMIN_USER: optionalText,
  SHOAL_ADMIN_PASSWORD: optionalText,
  /** JSON file that creates a cluster at start (lib/console/demo-seed.ts). */
  SHOAL_SEED: optionalText,
  /** Folder of the migrations; only tests name another one. */
  SHOAL_MIGRATIONS: optionalText,
  NEXTAUTH_URL: optionalText.pipe(
    z.url({ message: 'NEXTAUTH_URL must be an address such as https://console.example' }).optional(),
  ),
  NEXTAUTH_SECRET: optionalText,
  /** Set by the start script: this program, not Next, ends on SIGTERM (lib/console/boot.ts). */
  NEXT_MANUAL_SIG_HANDLE: optionalText,
  HOSTNAME: optionalText,
  PORT: optionalText,
  NODE_ENV: optionalText,
});

export interface Env {
  readonly dataFolder: string;
  readonly migrationsFolder: string;
  readonly secret: string | null;
  readonly firstAdministrator: { readonly name: string; readonly password: string } | null;
  readonly seedFile: string | null;
  readonly publicUrl: string | null;
  readonly sessionSecret: string | null;
  readonly endsItself: boolean;
  readonly isDevelopment: boolean;
  /** Where the console listens, for messages to a person. */
  readonly listens: string;
}

/** A variable of the environment is wrong; the message says which and how to mend it. */
export class EnvError extends Error {}

/** Reads the environment. Throws EnvError. `cwd` is where a relative SHOAL_DATA is resolved. */
export function readEnv(source: Readonly<Record<string, string | undefined>>, cwd: string): Env {
  const parsed = schema.safeParse(source);
  if (!parsed.success) throw new EnvError(parsed.error.issues.map((issue) => issue.message).join('; '));
  const given = parsed.data;
  // server.js of the standalone build changes into its own folder, which the next build replaces.
  const inBuild = cwd.endsWith(`${sep}.next${sep}standalone`);
  if (inBuild && (given.SHOAL_DATA === undefined || !isAbsolute(given.SHOAL_DATA))) {
    throw new EnvError(
      'SHOAL_DATA must be an absolute path: relative to the built server, the next build would delete the data. Start with npm start, or set it',
    );
  }
  if ((given.SHOAL_ADMIN_USER === undefined) !== (given.SHOAL_ADMIN_PASSWORD === undefined)) {
    throw new EnvError('SHOAL_ADMIN_USER and SHOAL_ADMIN_PASSWORD go together: set both or neither');
  }
  const name = given.SHOAL_ADMIN_USER;
  const password = given.SHOAL_ADMIN_PASSWORD;
  return {
    dataFolder: resolve(cwd, given.SHOAL_DATA ?? 'data'),
    migrationsFolder: resolve(cwd, given.SHOAL_MIGRATIONS ?? 'prisma/migrations'),
    secret: given.SHOAL_SECRET ?? null,
    firstAdministrator: name !== undefined && password !== undefined ? { name, password } : null,
    seedFile: given.SHOAL_SEED === undefined ? null : resolve(cwd, given.SHOAL_SEED),
    publicUrl: given.NEXTAUTH_URL ?? null,
    sessionSecret: given.NEXTAUTH_SECRET ?? null,
    endsItself: given.NEXT_MANUAL_SIG_HANDLE !== undefined,
    isDevelopment: given.NODE_ENV === 'development',
    listens: given.NEXTAUTH_URL ?? `http://${given.HOSTNAME ?? 'localhost'}:${given.PORT ?? '3000'}`,
  };
}

let cached: Env | null = null;

/** The environment of this process. Throws EnvError. */
export function env(): Env {
  cached ??= readEnv(process.env, process.cwd());
  return cached;
}

/** For tests that change the environment. */
export function forgetEnv(): void {
  cached = null;
}
