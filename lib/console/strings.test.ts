/** What people paste into the text fields outside of the draft: stored as typed or refused with a sentence. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertCluster } from './clusters/mutations.ts';
import { FakeRouter } from './fake-router.ts';
import { readRevisions } from './revisions/data.ts';
import { fillDraft } from './revisions/mutations.ts';
import { pushDraft } from './revisions/push.ts';
import { insertRouter, type NewRouter } from './routers/mutations.ts';
import { isSentence, strings } from './strings-in-test.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from './test-console.ts';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

const answers = async () => ({ ok: true as const, fingerprint: `SHA256:${'A'.repeat(43)}` });
const good: NewRouter = { role: 'primary', name: 'r1', address: '192.0.2.11', port: 22, user: 'shoal' };

describe.each(Object.entries(strings))('%s', (_what, text) => {
  it('as the name of a cluster', async () => {
    const made = await insertCluster(shoal.db, alice, text);
    const stored = await shoal.db.cluster.findFirst({ where: { name: text.trim() } });
    if (made.ok) expect(stored?.id).toBe(made.id);
    else expect([stored, isSentence(made.fields.name?.message ?? made.message)]).toEqual([null, true]);
  });

  it.each(['name', 'address', 'user'] as const)('as the %s of a router', async (field) => {
    const clusterId = await newCluster(shoal.db);
    const router = { ...good, [field]: text };
    const made = await insertRouter(shoal.db, alice, { clusterId, router }, answers);
    const stored = await shoal.db.router.findFirst({ where: { clusterId } });
    if (made.ok) expect(stored?.[field]).toBe(text.trim());
    else expect([stored, isSentence(made.fields[field]?.message ?? made.message)]).toEqual([null, true]);
  });

  it('as the message of a push', async () => {
    const clusterId = await newCluster(shoal.db);
    const router = new FakeRouter('r1');
    await insertRouter(shoal.db, alice, { clusterId, router: good }, answers);
    await fillDraft(shoal.db, alice, clusterId, 'primary = 192.0.2.11\nnetwork = direct\n');
    const report = await pushDraft({ db: shoal.db, ports: { port: () => router } }, alice, {
      clusterId,
      message: text,
    });
    expect(report).toMatchObject({ outcome: 'all' });
    expect((await readRevisions(shoal.db, clusterId))[0]?.message).toBe(text);
  });
});
