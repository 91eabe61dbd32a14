/**
 * Authors migrations with Prisma's official schema engine in its wasm build; needs no network and no binary.
 *
 *   node prisma/author-migration.mjs create NAME   writes prisma/migrations/STAMP_NAME/migration.sql
 *   node prisma/author-migration.mjs check         exit 2 when the schema and the migrations differ
 *   node prisma/author-migration.mjs status FILE   what the engine thinks of a database's history
 *
 * Migrations are applied by the console itself at start (lib/platform/migrations.ts), never from here.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bg from '@prisma/schema-engine-wasm/schema_engine_bg';

const here = dirname(fileURLToPath(import.meta.url));
const baseDir = join(here, 'migrations');
const lockText = '# managed by Prisma Migrate\nprovider = "sqlite"\n';

/** The engine replays whole files through executeRaw, whose prepare() takes one statement only. */
class ScriptFactory extends PrismaBetterSqlite3 {
  async connectToShadowDb() {
    const db = await super.connectToShadowDb();
    const raw = db.executeRaw.bind(db);
    db.executeRaw = (query) =>
      query.args.length > 0 ? raw(query) : db.executeScript(query.sql).then(() => 0);
    return db;
  }
}

let started;
/** The package's own entry needs wasm ESM imports, which Node 20 has not: instantiate by hand, once. */
async function startWasm() {
  started ??= (async () => {
    const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const { instance } = await WebAssembly.instantiate(readFileSync(script.replace(/\.js$/, '.wasm')), {
      './schema_engine_bg.js': bg,
    });
    bg.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  await started;
}

async function openEngine(url) {
  await startWasm();
  const schema = readFileSync(join(here, 'schema.prisma'), 'utf8');
  const factory = bindMigrationAwareSqlAdapterFactory(new ScriptFactory({ url }));
  const engine = await bg.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, factory);
  return { engine, schema };
}

function migrationList() {
  const folders = existsSync(baseDir)
    ? readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: lockText },
    shadowDbInitScript: '',
    migrationDirectories: folders
      .map((entry) => entry.name)
      .sort()
      .map((path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(baseDir, path, 'migration.sql'), 'utf8') },
        },
      })),
  };
}

/** SQL that leads from the migrations to the schema; `null` when there is no difference. */
export async function pendingSql() {
  const { engine, schema } = await openEngine(':memory:');
  const result = await engine.diff({
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
    from: { tag: 'migrations', ...migrationList() },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
  });
  return result.exitCode === 0 ? null : (result.stdout ?? '');
}

/** What the engine finds in the history of an existing database file. */
export async function historyOf(file) {
  const { engine } = await openEngine(`file:${file}`);
  const found = await engine.diagnoseMigrationHistory({
    migrationsList: migrationList(),
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
  });
  return {
    history: found.history ?? null,
    editedMigrationNames: found.editedMigrationNames,
    failedMigrationNames: found.failedMigrationNames,
  };
}

async function create(name) {
  if (!/^[a-z0-9_]+$/.test(name ?? '')) {
    console.error('Name the migration in lower case with underscores: create add_router_notes');
    return 1;
  }
  const sql = await pendingSql();
  if (sql === null) {
    console.log('Nothing to do: the migrations already lead to prisma/schema.prisma.');
    return 0;
  }
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(baseDir, `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  writeFileSync(join(baseDir, 'migration_lock.toml'), lockText);
  console.log(`Wrote ${folder}/migration.sql. Read it: a new NOT NULL column needs a default.`);
  return 0;
}

async function check() {
  const sql = await pendingSql();
  if (sql === null) return 0;
  console.error(`The migrations do not lead to prisma/schema.prisma. Missing:\n${sql}`);
  return 2;
}

async function main([command, argument]) {
  if (command === 'create') return create(argument);
  if (command === 'check') return check();
  if (command === 'status' && argument) {
    console.log(JSON.stringify(await historyOf(argument), null, 2));
    return 0;
  }
  console.error('Usage: node prisma/author-migration.mjs create NAME | check | status FILE');
  return 2;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}
