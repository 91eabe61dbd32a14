/** What happens once when the console starts: folder, keys, database, first run, links, seed; and its orderly end. */
import 'server-only';
import { databaseFile, openDataFolder } from '#lib/platform/data-folder.ts';
import { DataFolderInUse, holdDataFolder } from '#lib/platform/data-folder-lock.ts';
import { type Database, database } from '#lib/platform/database.ts';
import { type Env, EnvError, env } from '#lib/platform/env.ts';
import { log } from '#lib/platform/log.ts';
import { MigrationError, migrate } from '#lib/platform/migrations.ts';
import { SealError } from '#lib/platform/sealed.ts';
import { sessionSecret } from '#lib/platform/session-secret.ts';
import { onShutdown } from '#lib/platform/shutdown.ts';
import { singleton } from '#lib/platform/singleton.ts';
import { plantSeed } from './demo-seed.ts';
import { liveHub } from './live/hub.ts';
import { debtWatch } from './overrides/watch.ts';
import { pushWatch } from './revisions/watch.ts';
import { checkKeys } from './routers/keys.ts';
import { pruneDaily } from './trail/prune.ts';
import { hasNoUser } from './users/data.ts';
import { setFirstRun } from './users/first-run.ts';
import { createAdministratorAtStart, renewSetupToken } from './users/mutations.ts';

/** Streams see their end before the database goes. */
const FAREWELL_MS = 300;

/** Faults that one sentence explains. */
const forPersons = [EnvError, DataFolderInUse, MigrationError, SealError];

/** Starts the console. A fault that a person must mend ends the program with a sentence. */
export const boot = (): Promise<void> =>
  singleton('boot', () =>
    start().catch((error: unknown) => {
      const isForPerson = error instanceof Error && forPersons.some((kind) => error instanceof kind);
      log.error('Shoal cannot start', isForPerson ? error.message : error);
      process.exit(1);
    }),
  );

async function start(): Promise<void> {
  const settings = env();
  openDataFolder(settings.dataFolder);
  singleton('data-folder-lock', () => holdDataFolder(settings.dataFolder));
  sessionSecret(settings);
  // Without a public address next-auth takes the host that the browser asked for.
  if (settings.publicUrl === null) process.env.AUTH_TRUST_HOST = 'true';
  const { applied, backup } = migrate(databaseFile(settings.dataFolder), settings.migrationsFolder);
  if (applied.length > 0) log.info(`The database was brought to this version: ${applied.join(', ')}`);
  if (backup !== null) log.info(`Its state before stands in ${backup}`);
  const db = database();
  await checkKeys(db);
  await openFirstRun(db, settings);
  const hub = liveHub();
  hub.observe(pushWatch());
  hub.observe(debtWatch());
  await hub.start();
  const stopPruning = pruneDaily(db);
  if (settings.seedFile !== null) void plantSeed(db, hub, settings.seedFile);
  if (settings.endsItself) {
    onShutdown(async () => {
      hub.end();
      stopPruning();
      await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
      await db.$disconnect();
    });
  }
}

/** While nobody can sign in: an administrator from the environment, or a one-time token for /setup. */
async function openFirstRun(db: Database, settings: Env): Promise<void> {
  if (!(await hasNoUser(db))) return;
  if (settings.firstAdministrator) {
    const result = await createAdministratorAtStart(db, settings.firstAdministrator);
    if (!result.ok) throw new EnvError(`SHOAL_ADMIN_USER or SHOAL_ADMIN_PASSWORD: ${result.message}`);
    log.info(result.message);
    return;
  }
  const token = await renewSetupToken(db);
  setFirstRun(true);
  log.info(
    `No user exists yet. Open ${settings.listens}/setup and make the first administrator with the one-time token ${token}`,
  );
}
