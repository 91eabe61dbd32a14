import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../audit.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { createAdministratorAtStart, verifyLogin } from '../users/mutations.ts';
import { readTrail } from './data.ts';
import { EDIT_DAYS, prune, TRAIL_DAYS } from './prune.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());
beforeEach(async () => {
  await shoal.db.auditEntry.deleteMany();
});

const write = (message: string, age: number) =>
  shoal.db.auditEntry.create({
    data: { at: new Date(now - age), by: 'alice', action: 'draft.save', message },
  });
const newest = { clusterId: null, olderThan: null };
const messages = async (choice: Parameters<typeof readTrail>[1] = newest) =>
  (await readTrail(shoal.db, choice)).entries.map(({ message }) => message);

describe('the trail', () => {
  it('shows the newest first, page by page, and loses none of one moment', async () => {
    for (let index = 0; index < 250; index += 1) await write(`entry ${index}`, Math.floor(index / 3) * day);
    const seen: string[] = [];
    let olderThan: Parameters<typeof readTrail>[1]['olderThan'] = null;
    for (;;) {
      const { entries, more } = await readTrail(shoal.db, { clusterId: null, olderThan });
      seen.push(...entries.map(({ message }) => message));
      const last = entries.at(-1);
      if (!more || !last) break;
      olderThan = { at: new Date(last.at), id: last.id };
    }
    expect(seen).toHaveLength(250);
    expect(new Set(seen).size).toBe(250);
  });

  it('is narrowed to one cluster, and names a cluster that is gone as such', async () => {
    const clusterId = await newCluster(shoal.db);
    await audit(shoal.db, alice, { action: 'revisions.push', clusterId, message: 'here' });
    await audit(shoal.db, alice, { action: 'revisions.push', clusterId: 'gone', message: 'there' });
    const of = await readTrail(shoal.db, { clusterId, olderThan: null });
    expect(of.entries.map(({ message }) => message)).toContain('here');
    expect(of.entries.map(({ message }) => message)).not.toContain('there');
    const all = (await readTrail(shoal.db, newest)).entries;
    expect(all.find(({ message }) => message === 'there')?.cluster).toBe('a deleted cluster');
  });

  it('knows who signed in and where somebody failed, and nothing of a password', async () => {
    await createAdministratorAtStart(shoal.db, { name: 'admin', password: 'correct horse battery' });
    const from = { address: '192.0.2.7' };
    await verifyLogin(shoal.db, { name: 'admin', password: 'secret typed wrong', ...from });
    await verifyLogin(shoal.db, { name: 'a password typed here', password: 'x', ...from });
    await verifyLogin(shoal.db, { name: 'admin', password: 'correct horse battery', ...from });
    const seen = await messages();
    expect(seen).toContain('admin signed in from 192.0.2.7');
    expect(seen).toContain('Somebody failed to sign in as admin from 192.0.2.7');
    expect(seen.join()).not.toMatch(/secret|typed here|horse/);
  });
});

describe('pruning', () => {
  it('forgets entries and edits of their age, and nothing younger', async () => {
    await write('old', TRAIL_DAYS * day + 1);
    await write('young', TRAIL_DAYS * day - 1);
    const edit = (age: number) =>
      shoal.db.draftEdit.create({
        data: {
          ...{
            clusterId: 'c',
            rowId: 'r',
            version: 2,
            action: 'saved',
            name: 'web',
            before: '{}',
            by: 'alice',
          },
          at: new Date(now - age),
        },
      });
    await edit(EDIT_DAYS * day + 1);
    await edit(EDIT_DAYS * day - 1);
    expect(await prune(shoal.db, now)).toEqual({ entries: 1, edits: 1 });
    expect(await messages()).toEqual(['young']);
  });

  it('keeps no more than so many, the newest', async () => {
    for (let index = 0; index < 5; index += 1) await write(`entry ${index}`, index * day);
    expect(await prune(shoal.db, now, 3)).toMatchObject({ entries: 2 });
    expect(await messages()).toEqual(['entry 0', 'entry 1', 'entry 2']);
  });
});
