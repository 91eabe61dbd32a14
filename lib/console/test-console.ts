/** For tests: a migrated database in a folder of its own, and fake routers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#lib/platform/database.ts';
import { forgetEnv } from '#lib/platform/env.ts';
import { migrate } from '#lib/platform/migrations.ts';
import type { Actor } from './actor.ts';
import { insertCluster } from './clusters/mutations.ts';

export interface TestConsole {
  readonly folder: string;
  readonly db: Database;
  end(): Promise<void>;
}

export const alice: Actor = { id: 'alice', name: 'alice', role: 'admin' };
export const bob: Actor = { id: 'bob', name: 'bob', role: 'operator' };

/** Opens a console's data in a new folder; the environment of this test file points there. */
export function openTestConsole(): TestConsole {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-console-'));
  process.env.SHOAL_DATA = folder;
  forgetEnv();
  const file = join(folder, 'shoal.db');
  migrate(file, 'prisma/migrations');
  const db = openDatabase(file);
  return {
    folder,
    db,
    async end() {
      await db.$disconnect();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let counter = 0;

/** A new cluster with an empty draft; returns its id. */
export async function newCluster(db: Database): Promise<string> {
  counter += 1;
  const made = await insertCluster(db, alice, `cluster ${counter}`);
  if (!made.ok) throw new Error(made.message);
  return made.id;
}
