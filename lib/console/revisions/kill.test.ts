/** The console killed (-9) in the middle of saves and pushes: what it leaves is whole, and true. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import SqliteFile from 'better-sqlite3';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatConfig } from '#lib/lvs/format.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import { readDraft } from '../draft/data.ts';
import { configOf, virtualsOf } from '../draft/draft.ts';
import { insertRouter, pinHostKey } from '../routers/mutations.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { fillDraft } from './mutations.ts';
import { KeptRouter } from './pusher-in-test.ts';
import { openOutcomes } from './settle.ts';
import { PushWatch } from './watch.ts';

/** All of it takes minutes on a busy machine: every change runs a part, test:long the whole. */
const isLong = process.env.SIM_SEEDS !== undefined;
/** So many saves and pushes in all, in so many lives. */
const ACTS = isLong ? 200 : 30;
const LIVES = isLong ? 12 : 3;

let shoal: TestConsole;
let programs = '';
beforeAll(() => {
  shoal = openTestConsole();
  const folder = resolve('dist/test-programs');
  mkdirSync(folder, { recursive: true });
  programs = mkdtempSync(join(folder, 'pusher-'));
  buildSync({
    entryPoints: ['lib/console/revisions/pusher-in-test.ts'],
    outfile: join(programs, 'pusher.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'server-only': './lib/platform/server-only-in-tests.ts' },
    footer: { js: 'saveAndPush(JSON.parse(process.argv[2]));' },
    logLevel: 'error',
  });
}, 300_000);
afterAll(async () => {
  rmSync(programs, { recursive: true, force: true });
  await shoal.end();
});

const lvsCf = `primary = 192.0.2.11
service = lvs
backup_active = 1
backup = 192.0.2.12
network = direct
virtual web {
  active = 1
  address = 192.0.2.100 eth0:1
  port = 80
  server rs1 {
    address = 10.11.12.21
    active = 1
  }
}
`;

async function enrol(clusterId: string, role: 'primary' | 'backup', name: string): Promise<string> {
  const fingerprint = `SHA256:${'A'.repeat(43)}`;
  const router = { role, name, address: '192.0.2.11', port: 22, user: 'shoal' };
  const made = await insertRouter(shoal.db, alice, { clusterId, router }, async () => ({
    ok: true,
    fingerprint,
  }));
  if (!made.ok) throw new Error(made.message);
  await pinHostKey(shoal.db, alice, { routerId: made.routerId, fingerprint });
  return made.routerId;
}

/** Lets the program do so many acts, then a moment more, and kills it. Returns what it said it had done. */
async function live(given: object, acts: number, momentMs: number): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, [join(programs, 'pusher.mjs'), JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((done) =>
    child.once('exit', (_code, signal) => done(signal)),
  );
  const said: string[] = [];
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === acts + 1) setTimeout(() => child.kill('SIGKILL'), momentMs);
  }
  // An end of its own is a failure of the program, and says why on standard error.
  expect(await ended).toBe('SIGKILL');
  return said.filter((line) => line !== 'begins');
}

const took = (name: string): readonly string[] => {
  const file = join(shoal.folder, `${name}.json.took`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

/** What must hold of the database whenever it is opened. */
async function expectWholeAndTrue(clusterId: string): Promise<void> {
  const file = new SqliteFile(join(shoal.folder, 'shoal.db'), { readonly: true });
  expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(file.pragma('foreign_key_check')).toEqual([]);
  file.close();
  const revisions = await shoal.db.revision.findMany({ where: { clusterId }, include: { results: true } });
  const known = new Set(revisions.map(({ hash }) => hash));
  for (const { text, hash, serial, results } of revisions) {
    expect(textHash(text)).toBe(hash);
    expect(parseConfig(text).diagnostics).toEqual([]);
    expect(parseConfig(text).config.global.serialNumber).toBe(serial);
    // No push is reported that was not made.
    for (const { name, outcome } of results)
      if (['applied', 'trial', 'rolled-back'].includes(outcome)) expect(took(name)).toContain(hash);
  }
  // Nothing was sent that is not on record, with the router.
  for (const name of ['r1', 'r2'])
    for (const hash of took(name)) {
      expect(known).toContain(hash);
      const sent = revisions.find((revision) => revision.hash === hash)?.results.map((result) => result.name);
      expect(sent).toContain(name);
    }
  const draft = await readDraft(shoal.db, clusterId);
  const row = draft && virtualsOf(draft, 'virtual')[0];
  if (!draft || !row) throw new Error('The draft is gone');
  expect(parseConfig(formatConfig(configOf(draft))).diagnostics).toEqual([]);
  // A save is whole: the row, what it held before, and the trail.
  const edits = await shoal.db.draftEdit.count({ where: { rowId: row.id, action: 'saved' } });
  expect(edits).toBe(row.version - 1);
  expect(await shoal.db.auditEntry.count({ where: { clusterId, action: 'draft.save' } })).toBe(edits);
}

test('the console killed at random during saves and pushes leaves no half revision and reports no push that was not made', async () => {
  const clusterId = await newCluster(shoal.db);
  const routers = {
    [await enrol(clusterId, 'primary', 'r1')]: 'r1',
    [await enrol(clusterId, 'backup', 'r2')]: 'r2',
  };
  await fillDraft(shoal.db, alice, clusterId, lvsCf);
  let acts = 0;
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let life = 0; life < LIVES || acts < ACTS; life += 1) {
    const share = Math.ceil(ACTS / LIVES);
    const said = await live({ folder: shoal.folder, clusterId, routers }, share + random(5), random(40));
    acts += said.length;
    await expectWholeAndTrue(clusterId);
    // What it said it had saved and pushed is there.
    const saved = said.flatMap((line) => /^saved (\d+)/.exec(line)?.[1] ?? []).map(Number);
    const draft = await readDraft(shoal.db, clusterId);
    const row = draft && virtualsOf(draft, 'virtual')[0];
    expect(row?.version).toBeGreaterThanOrEqual(Math.max(...saved));
    for (const line of said) {
      const serial = Number(/^pushed (\d+)/.exec(line)?.[1] ?? Number.NaN);
      if (Number.isNaN(serial)) continue;
      const where = { clusterId_serial: { clusterId, serial } };
      const pushed = await shoal.db.revision.findUnique({ where, include: { results: true } });
      expect(pushed?.results.map(({ name }) => name).sort()).toEqual(['r1', 'r2']);
    }
  }
  expect(acts).toBeGreaterThanOrEqual(ACTS);

  // The routers' word settles what was left in the open; nothing stays `being sent`.
  const ports = {
    port: (id: string) => (routers[id] ? new KeptRouter(routers[id], shoal.folder) : null),
  };
  for (const { id } of await shoal.db.router.findMany({ where: { clusterId } })) ports.port(id)?.expire();
  const watch = new PushWatch({ db: shoal.db, ports, onSettled: () => {}, now: () => Date.now() + 600_000 });
  await watch.check(clusterId);
  const open = await shoal.db.pushResult.findMany({
    where: {
      revision: { clusterId },
      outcome: { in: openOutcomes.filter((outcome) => outcome !== 'trial') },
    },
  });
  expect(open).toEqual([]);
  await expectWholeAndTrue(clusterId);
}, 600_000);
