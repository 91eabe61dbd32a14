/**
 * Makes clusters when the console starts, for the demo and for unattended installations: from the JSON file that
 * SHOAL_SEED names, which holds one cluster or a list of them. Runs while the console serves already; waits for the
 * routers as long as it takes.
 */
import 'server-only';
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { Database } from '#lib/platform/database.ts';
import { log } from '#lib/platform/log.ts';
import { consoleActor } from './actor.ts';
import { insertCluster } from './clusters/mutations.ts';
import type { LiveHub } from './live/hub.ts';
import { fillDraft } from './revisions/mutations.ts';
import { catchUpRouters, pushDraft } from './revisions/push.ts';
import { readMembers } from './routers/data.ts';
import { publicKeyOf } from './routers/keys.ts';
import { insertRouter, pinHostKey } from './routers/mutations.ts';

const seedSchema = z.object({
  cluster: z.string(),
  /** Text of the configuration. */
  lvsCf: z.string(),
  routers: z.array(
    z.object({
      role: z.enum(['primary', 'backup']),
      name: z.string(),
      address: z.string(),
      port: z.number().default(22),
      user: z.string().default('shoal'),
      /** Pinned as it stands: whoever writes the seed has seen the host key. */
      fingerprint: z.string(),
    }),
  ),
  /** Where the console's public key line is written before the first connection. */
  publicKeyFile: z.string().optional(),
});

type Seed = z.infer<typeof seedSchema>;

/** What stands in the way; the message is a sentence. */
class SeedError extends Error {}

function readSeeds(file: string): readonly Seed[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const parsed = z.array(seedSchema).safeParse(Array.isArray(content) ? content : [content]);
  if (!parsed.success) throw new SeedError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const must = <Result extends { readonly ok: boolean }>(
  result: Result,
): Extract<Result, { readonly ok: true }> => {
  if (!result.ok) throw new SeedError('message' in result ? String(result.message) : 'it failed');
  return result as Extract<Result, { readonly ok: true }>;
};

async function createSeeded(db: Database, seed: Seed): Promise<string> {
  const { id } = must(await insertCluster(db, consoleActor, seed.cluster));
  must(await fillDraft(db, consoleActor, id, seed.lvsCf));
  for (const { fingerprint, ...router } of seed.routers) {
    // Not scanned: the seed brings the fingerprint, and the router may not be up yet.
    const scan = async () => ({ ok: true as const, fingerprint });
    const { routerId } = must(await insertRouter(db, consoleActor, { clusterId: id, router }, scan));
    must(await pinHostKey(db, consoleActor, { routerId, fingerprint }));
  }
  return id;
}

const CHECK_MS = 100;

/** Resolves when every router of the cluster is connected; false when the console ends before. */
async function allConnected(db: Database, hub: LiveHub, clusterId: string): Promise<boolean> {
  for (;;) {
    const members = await readMembers(db, hub, clusterId);
    if (members.every(({ port }) => port?.view.link === 'connected')) return true;
    if (hub.hasEnded) return false;
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
  }
}

interface Planted {
  readonly clusterId: string;
  /** There was none of that name before. */
  readonly isNew: boolean;
}

/** Null: this console has other clusters, and is left alone. */
async function findOrCreate(db: Database, seed: Seed, isEmpty: boolean): Promise<Planted | null> {
  const existing = await db.cluster.findUnique({ where: { name: seed.cluster } });
  if (existing) return { clusterId: existing.id, isNew: false };
  if (isEmpty) return { clusterId: await createSeeded(db, seed), isNew: true };
  log.info(`The seed of ${seed.cluster} was left alone: this console has clusters already`);
  return null;
}

async function bringToRouters(
  db: Database,
  hub: LiveHub,
  seed: Seed,
  { clusterId, isNew }: Planted,
): Promise<void> {
  const publicKey = await publicKeyOf(db, clusterId);
  if (seed.publicKeyFile !== undefined) writeFileSync(seed.publicKeyFile, `${publicKey}\n`);
  log.info(`The cluster ${seed.cluster} waits for its routers to know this key: ${publicKey}`);
  await hub.refreshLinks(clusterId);
  if (!(await allConnected(db, hub, clusterId))) return;
  const deps = { db, ports: hub };
  const report = isNew
    ? await pushDraft(deps, consoleActor, { clusterId, message: 'First configuration' })
    : await catchUpRouters(deps, consoleActor, { clusterId });
  hub.touch(clusterId);
  log.info(report.message);
}

async function orLogged(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error('The seed failed', error instanceof SeedError ? error.message : error);
  }
}

/**
 * Makes the clusters of the seed unless there are some already, enrols their routers and pushes; a cluster of that
 * name from an earlier start catches up instead. Never rejects: the console serves without it, too.
 */
export const plantSeed = (db: Database, hub: LiveHub, file: string): Promise<void> =>
  orLogged(async () => {
    const seeds = readSeeds(file);
    const isEmpty = (await db.cluster.count()) === 0;
    const pushes: Promise<void>[] = [];
    for (const seed of seeds) {
      await orLogged(async () => {
        const planted = await findOrCreate(db, seed, isEmpty);
        // A router that does not come up must not hold up the clusters behind it.
        if (planted) pushes.push(orLogged(() => bringToRouters(db, hub, seed, planted)));
      });
    }
    await Promise.all(pushes);
  });
