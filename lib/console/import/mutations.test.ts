import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffConfigs } from '#lib/lvs/diff.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { checkText } from '#lib/lvs/report.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import type { ImportRequest } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { configOf } from '../draft/draft.ts';
import { draftFile } from '../draft/export.ts';
import { publicKeyOf } from '../routers/keys.ts';
import { alice, openTestConsole, type TestConsole } from '../test-console.ts';
import { importCluster } from './mutations.ts';

const corpus = 'lib/lvs/corpus';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

const web = `# Shop of Vienna
serial_no = 41
primary = 192.0.2.11
network = direct
#@ colour = blue
virtual web {
  # in front of the shop
  active = 1
  address = 192.0.2.100 eth0:1
  port = 80
  server rs1 {
    # the old one
    address = 192.0.2.21
    active = 1
  }
}
`;

const importing = (change: Partial<ImportRequest> & { readonly name: string }) =>
  importCluster(shoal.db, alice, {
    text: web,
    dialect: null,
    device: 'eth0',
    source: 'lvs.cf',
    acknowledged: 0,
    ...change,
  });

const imported = async (change: Partial<ImportRequest> & { readonly name: string }) => {
  const result = await importing(change);
  if (!result.ok) throw new Error(result.message);
  return result.id;
};

describe('importing a cluster', () => {
  it('keeps names, comments of the top and of blocks, and lines that it does not know', async () => {
    const id = await imported({ name: 'whole' });
    const draft = await readDraft(shoal.db, id);
    expect(draft && configOf(draft)).toEqual(parseConfig(web).config);
    expect((await draftFile(shoal.db, id))?.text).toMatch(
      /^# Shop of Vienna\n.*#@ colour = blue\n.*# in front of the shop\n.*# the old one\n/s,
    );
  });

  it('makes the keys of the cluster, knows the file on the router, and says in the trail who did it from what', async () => {
    const id = await imported({ name: 'trail', source: '192.0.2.11' });
    expect(await publicKeyOf(shoal.db, id)).toMatch(/^ssh-ed25519 /);
    expect(await shoal.db.cluster.findUnique({ where: { id } })).toMatchObject({
      takenInHash: textHash(web),
      updatedBy: 'alice',
    });
    expect(await shoal.db.auditEntry.findMany({ where: { clusterId: id } })).toMatchObject([
      {
        by: 'alice',
        action: 'import.importCluster',
        message:
          'Made the cluster trail from 192.0.2.11, read as Piranha or Shoal (lvs.cf): 1 virtual server, 1 real server; 0 things not carried over',
      },
    ]);
  });

  it('imports nothing while an error stands, and names its line', async () => {
    const text = web.replace('192.0.2.21', '192.0.2.999');
    expect(await importing({ name: 'faulty', text })).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^Nothing was imported: the text has 1 error\. line 13: /),
      fields: { text: expect.anything() },
    });
    expect(await shoal.db.cluster.findUnique({ where: { name: 'faulty' } })).toBeNull();
  });

  it('imports nothing of an lvs.cf that ends inside a block: what was cut off would be missing', async () => {
    const text = web.slice(0, web.lastIndexOf('}'));
    expect(await importing({ name: 'cut', text })).toMatchObject({
      ok: false,
      message: expect.stringMatching(
        /the text has 1 error\. line \d+: The file ends inside .*It looks cut off/,
      ),
    });
    expect(await shoal.db.cluster.findUnique({ where: { name: 'cut' } })).toBeNull();
  });

  it('imports nothing before every loss is accepted', async () => {
    const text = '-A -t 192.0.2.100:80 -s rr\n-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 2\n';
    expect(await importing({ name: 'kernel', text })).toMatchObject({
      ok: false,
      fields: { acknowledged: { message: expect.stringMatching(/3 things .* Read the list and accept it/) } },
    });
    const id = await imported({ name: 'kernel', text, device: 'bond0', acknowledged: 3 });
    const draft = await readDraft(shoal.db, id);
    expect(draft && configOf(draft)).toMatchObject({
      global: { forwarding: 'nat' },
      virtualServers: [
        { scheduler: 'rr', vip: { device: 'bond0' }, servers: [{ address: '10.11.12.21', weight: 2 }] },
      ],
    });
    expect((await shoal.db.cluster.findUnique({ where: { id } }))?.takenInHash).toBeNull();
  });

  it('refuses a name that is taken or missing and then stores nothing at all', async () => {
    await imported({ name: 'twin' });
    const before = await Promise.all([shoal.db.virtualServer.count(), shoal.db.auditEntry.count()]);
    expect(await importing({ name: ' twin ' })).toMatchObject({ fields: { name: expect.anything() } });
    expect(await importing({ name: '  ' })).toMatchObject({ fields: { name: expect.anything() } });
    expect(await Promise.all([shoal.db.virtualServer.count(), shoal.db.auditEntry.count()])).toEqual(before);
  });

  it('refuses a text of no known form and names those that are known', async () => {
    expect(await importing({ name: 'prose', text: 'Dear sir or madam' })).toMatchObject({
      fields: { text: { message: expect.stringMatching(/none of the known forms \(.*lvs\.cf/) } },
    });
  });

  it('means the same when it is exported again, for every valid file of the corpus', async () => {
    let taken = 0;
    for (const name of readdirSync(corpus).filter((file) => file.endsWith('.cf'))) {
      const text = readFileSync(join(corpus, name), 'utf8');
      const { config, loads } = checkText(text);
      const result = await importing({ name, text, dialect: 'lvs' });
      expect(result.ok, name).toBe(loads);
      if (!result.ok) continue;
      taken += 1;
      const exported = parseConfig((await draftFile(shoal.db, result.id))?.text ?? '');
      expect(
        exported.diagnostics.filter(({ severity }) => severity === 'error'),
        name,
      ).toEqual([]);
      expect(diffConfigs(config, exported.config), name).toEqual([]);
    }
    // Every file that Piranha accepts; what Shoal would not program keeps the draft from being pushed.
    expect(taken).toBe(52);
  }, 60_000);
});
