/**
 * Brings a database to the schema of this build. Own runner, because the official one needs a native engine; its
 * records are the official ones. Each rule below mends a trap: see the comments.
 */
import 'server-only';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** The database cannot be brought to this build's schema; nothing was changed. */
export class MigrationError extends Error {}

/** How long one start waits for another. */
const BUSY_LIMIT_MS = 30_000;
const BUSY_STEP_MS = 20;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: string | null;
}

const recordsTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
"migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;

/** Migrations of this build, in order. */
function readMigrations(folder: string): readonly Migration[] {
  if (!existsSync(folder)) throw new MigrationError(`The migrations are missing: ${folder} does not exist`);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name, 'migration.sql'));
      return {
        name,
        sql: bytes.toString('utf8'),
        checksum: createHash('sha256').update(bytes).digest('hex'),
      };
    });
}

function appliedRows(db: Database.Database): readonly AppliedRow[] {
  const known = db
    .prepare(`SELECT 1 FROM sqlite_master WHERE type='table' AND name='_prisma_migrations'`)
    .get();
  if (known === undefined) return [];
  return db
    .prepare<[], AppliedRow>(
      'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name',
    )
    .all();
}

/** What is still to be applied. Throws when the history is not one that this build may continue. */
function pendingOf(migrations: readonly Migration[], applied: readonly AppliedRow[]): readonly Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = byName.get(row.migration_name);
    if (!migration) {
      throw new MigrationError(
        `The database was written by a newer version of Shoal (it knows the migration ${row.migration_name}): start that version, or restore the backup that it made before it migrated`,
      );
    }
    if (row.finished_at === null) {
      throw new MigrationError(
        `The migration ${row.migration_name} was begun by another program and not finished: restore a backup of the database`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new MigrationError(
        `The migration ${row.migration_name} was changed after it had been applied: use an unchanged release`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.migration_name));
  return migrations.filter((migration) => !done.has(migration.name));
}

function applyAll(db: Database.Database, pending: readonly Migration[], now: () => Date): void {
  const record = db.prepare(
    `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count) VALUES (?, ?, ?, ?, NULL, NULL, ?, 1)`,
  );
  // Prisma's own format of a time.
  const stamp = (): string => now().toISOString().replace('Z', '+00:00');
  for (const migration of pending) {
    const startedAt = stamp();
    db.exec(migration.sql);
    record.run(randomUUID(), migration.checksum, stamp(), migration.name, startedAt);
  }
  if (db.prepare('PRAGMA foreign_key_check').all().length > 0) {
    throw new MigrationError('A migration would leave rows without their parent: nothing was changed');
  }
}

export interface MigrationReport {
  readonly applied: readonly string[];
  /** Copy of the database as it was; null when it was new or nothing had to be done. */
  readonly backup: string | null;
}

/**
 * Applies what is missing, all of it or nothing. Several processes may start at once: one applies, the others
 * wait and find nothing to do. Throws MigrationError.
 */
export function migrate(file: string, folder: string, now: () => Date = () => new Date()): MigrationReport {
  const migrations = readMigrations(folder);
  const db = new Database(file, { timeout: BUSY_LIMIT_MS });
  try {
    switchToWal(db);
    // Before BEGIN: inside a transaction the pragma does nothing, and a table rebuild's DROP TABLE would then
    // delete the children of every row.
    db.pragma('foreign_keys = OFF');
    const applied = appliedRows(db);
    if (pendingOf(migrations, applied).length === 0) return { applied: [], backup: null };
    const backup = applied.length > 0 ? backUp(db, file, now) : null;
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(recordsTable);
      // Read again inside the lock: another process may have been faster.
      const pending = pendingOf(migrations, appliedRows(db));
      applyAll(db, pending, now);
      db.exec('COMMIT');
      return { applied: pending.map((migration) => migration.name), backup };
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      if (error instanceof MigrationError) throw error;
      throw new MigrationError(
        `The database could not be brought to this version, nothing was changed: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  } finally {
    db.close();
  }
}

/** SQLite does not wait here by itself: it fails at once while another process writes into a file that is not in it yet. */
function switchToWal(db: Database.Database): void {
  for (let waitedMs = 0; ; waitedMs += BUSY_STEP_MS) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
      if (!isBusy || waitedMs >= BUSY_LIMIT_MS) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_STEP_MS);
  }
}

/** VACUUM INTO copies a consistent state and fails when the target exists. */
function backUp(db: Database.Database, file: string, now: () => Date): string {
  const target = `${file}.before-${now().toISOString().replace(/[:.]/g, '-')}-${process.pid}`;
  try {
    db.prepare('VACUUM INTO ?').run(target);
  } catch (error) {
    rmSync(target, { force: true });
    throw new MigrationError(
      `The backup before the migration failed, nothing was changed: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  return target;
}
