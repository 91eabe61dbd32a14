import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrations.ts';

let folder = '';
let db: Database;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-database-'));
  migrate(join(folder, 'shoal.db'), 'prisma/migrations');
  db = openDatabase(join(folder, 'shoal.db'));
});
afterAll(async () => {
  await db.$disconnect();
  rmSync(folder, { recursive: true, force: true });
});

const entry = (message: string) => ({ at: new Date(), by: 'test', action: 'test', message });

describe('the database connection', () => {
  it('keeps a write that was acknowledged while another transaction failed', async () => {
    let began = (): void => {};
    const inside = new Promise<void>((resolve) => {
      began = resolve;
    });
    const failing = db
      .$transaction(async (tx) => {
        await tx.auditEntry.create({ data: entry('taken back') });
        began();
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw new Error('on purpose');
      })
      .catch(() => {});
    await inside;
    await db.auditEntry.create({ data: entry('acknowledged') });
    await failing;
    const kept = await db.auditEntry.findMany({ select: { message: true } });
    expect(kept).toEqual([{ message: 'acknowledged' }]);
  });

  it('refuses a row without its parent and deletes the children with the parent', async () => {
    const now = new Date();
    const router = {
      role: 'primary',
      name: 'r1',
      address: '192.0.2.11',
      port: 22,
      user: 'shoal',
      createdAt: now,
    };
    await expect(db.router.create({ data: { ...router, clusterId: 'nobody' } })).rejects.toMatchObject({
      code: 'P2003',
    });
    const cluster = {
      name: 'c',
      settings: '{}',
      remarks: '{}',
      updatedBy: 'x',
      updatedAt: now,
      createdAt: now,
    };
    const { id } = await db.cluster.create({ data: cluster });
    await db.router.create({ data: { ...router, clusterId: id } });
    await db.cluster.delete({ where: { id } });
    expect(await db.router.count()).toBe(0);
  });
});
