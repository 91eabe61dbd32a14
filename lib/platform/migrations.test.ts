import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { historyOf, pendingSql } from '../../prisma/author-migration.mjs';
import { MigrationError, migrate } from './migrations.ts';

let root = '';
let folder = '';
let migrations = '';
let file = '';
let count = 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'shoal-migrations-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(() => {
  count += 1;
  folder = join(root, String(count));
  migrations = join(folder, 'migrations');
  file = join(folder, 'shoal.db');
  mkdirSync(migrations, { recursive: true });
});

const write = (name: string, sql: string): void => {
  mkdirSync(join(migrations, name), { recursive: true });
  writeFileSync(join(migrations, name, 'migration.sql'), sql);
};

const rows = (sql: string): unknown[] => {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
};

const parents = 'CREATE TABLE parent (id TEXT PRIMARY KEY);';
const children =
  'CREATE TABLE child (id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES parent(id) ON DELETE CASCADE);';

describe('the migrations of this build', () => {
  it('lead to the schema without a difference', async () => {
    expect(await pendingSql()).toBeNull();
  });

  it('leave a history that the official engine accepts', async () => {
    cpSync('prisma/migrations', migrations, { recursive: true });
    migrate(file, migrations);
    expect(await historyOf(file)).toEqual({
      history: null,
      editedMigrationNames: [],
      failedMigrationNames: [],
    });
  });
});

describe('bringing a database to this version', () => {
  it('applies what is missing once and has nothing to do the second time', () => {
    write('1_first', parents);
    expect(migrate(file, migrations)).toEqual({ applied: ['1_first'], backup: null });
    expect(migrate(file, migrations)).toEqual({ applied: [], backup: null });
  });

  it('backs the database up before it changes one that holds data', () => {
    write('1_first', parents);
    migrate(file, migrations);
    write('2_second', `INSERT INTO parent VALUES ('new');`);
    const { backup } = migrate(file, migrations);
    if (backup === null) throw new Error('no backup');
    expect(existsSync(backup)).toBe(true);
    copyFileSync(backup, file);
    rmSync(`${file}-wal`, { force: true });
    rmSync(`${file}-shm`, { force: true });
    expect(rows('SELECT * FROM parent')).toEqual([]);
  });

  it('keeps the children when a table is rebuilt', () => {
    write(
      '1_first',
      `${parents}${children} INSERT INTO parent VALUES ('p'); INSERT INTO child VALUES ('c', 'p');`,
    );
    migrate(file, migrations);
    write(
      '2_rebuild',
      `PRAGMA foreign_keys=OFF; CREATE TABLE new_parent (id TEXT PRIMARY KEY, note TEXT);
       INSERT INTO new_parent (id) SELECT id FROM parent; DROP TABLE parent;
       ALTER TABLE new_parent RENAME TO parent; PRAGMA foreign_keys=ON;`,
    );
    migrate(file, migrations);
    expect(rows('SELECT id FROM child')).toEqual([{ id: 'c' }]);
  });

  it('takes everything back when one of several migrations fails', () => {
    write('1_first', parents);
    write('2_bad', 'CREATE TABLE other (id TEXT); INSERT INTO nowhere VALUES (1);');
    expect(() => migrate(file, migrations)).toThrow(/nothing was changed.*nowhere/);
    expect(rows(`SELECT name FROM sqlite_master WHERE type='table'`)).toEqual([]);
  });

  it('refuses a migration that leaves rows without their parent', () => {
    write('1_first', `${parents}${children} INSERT INTO child VALUES ('c', 'nobody');`);
    expect(() => migrate(file, migrations)).toThrow(/rows without their parent/);
  });

  it('refuses a database of a newer version and says so', () => {
    write('1_first', parents);
    write('2_newer', children);
    migrate(file, migrations);
    rmSync(join(migrations, '2_newer'), { recursive: true });
    expect(() => migrate(file, migrations)).toThrow(MigrationError);
    expect(() => migrate(file, migrations)).toThrow(/newer version of Shoal.*2_newer/);
  });

  it('refuses a migration that was changed after it had been applied', () => {
    write('1_first', parents);
    migrate(file, migrations);
    write('1_first', `${parents} -- edited`);
    expect(() => migrate(file, migrations)).toThrow(/1_first was changed/);
  });

  it('refuses a migration that another program began and did not finish', () => {
    write('1_first', parents);
    migrate(file, migrations);
    const db = new Database(file);
    db.exec('UPDATE "_prisma_migrations" SET finished_at = NULL');
    db.close();
    expect(() => migrate(file, migrations)).toThrow(/not finished/);
  });
});

/** Starts another process that migrates the file; resolves with its exit code or signal. */
function migrateElsewhere(
  onOutput: (text: string, kill: () => void) => void,
): Promise<number | string | null> {
  const script = fileURLToPath(new URL('./migrate-in-test.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, file, migrations], { cwd: resolve('.') });
  child.stdout.on('data', (chunk: Buffer) => onOutput(chunk.toString(), () => child.kill('SIGKILL')));
  child.stderr.on('data', (chunk: Buffer) => console.error(chunk.toString()));
  return new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));
}

describe('several processes', () => {
  it('killed in the middle leaves the old database, and the next start finishes', async () => {
    write('1_first', `${parents} INSERT INTO parent VALUES ('kept');`);
    migrate(file, migrations);
    write('2_add', `ALTER TABLE parent ADD COLUMN note TEXT;`);
    // Long enough to be killed in: a cross join that counts for minutes.
    write(
      '3_slow',
      `CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 4000000000) SELECT max(i) FROM n;`,
    );
    const end = await migrateElsewhere((text, kill) => text.includes('begin') && setTimeout(kill, 300));
    expect(end).toBe('SIGKILL');
    expect(rows(`SELECT name FROM pragma_table_info('parent')`)).toEqual([{ name: 'id' }]);
    write('3_slow', 'CREATE TABLE quick (id TEXT);');
    expect(migrate(file, migrations).applied).toEqual(['2_add', '3_slow']);
    expect(rows('SELECT id FROM parent')).toEqual([{ id: 'kept' }]);
  });

  it('waits for who writes into a file that is not in WAL mode yet', async () => {
    cpSync('prisma/migrations', migrations, { recursive: true });
    const writer = new Database(file);
    writer.exec('BEGIN IMMEDIATE; CREATE TABLE other (id TEXT)');
    const end = await migrateElsewhere((text) => {
      if (text.includes('begin')) setTimeout(() => writer.exec('COMMIT'), 300);
    });
    writer.close();
    expect(end).toBe(0);
  });

  it('started at once on a new file: one applies, the others find nothing to do', async () => {
    cpSync('prisma/migrations', migrations, { recursive: true });
    let applied = 0;
    const ends = await Promise.all(
      Array.from({ length: 3 }, () =>
        migrateElsewhere((text) => {
          if (text.includes('applied')) applied += 1;
        }),
      ),
    );
    expect(ends).toEqual([0, 0, 0]);
    expect(applied).toBe(1);
  });
});
