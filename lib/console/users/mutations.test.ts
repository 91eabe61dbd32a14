import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openTestConsole, type TestConsole } from '../test-console.ts';
import { hasNoUser } from './data.ts';
import {
  createAdministratorAtStart,
  createFirstAdministrator,
  renewSetupToken,
  replacePassword,
  verifyLogin,
} from './mutations.ts';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());
beforeEach(async () => {
  await shoal.db.user.deleteMany();
  await shoal.db.setupToken.deleteMany();
});

const password = 'correct horse battery';
let attempts = 0;
const login = (name: string, given: string, address?: string) => {
  attempts += 1;
  return verifyLogin(shoal.db, { name, password: given, address: address ?? `198.51.100.${attempts}` });
};

async function administrator(name = 'admin') {
  const made = await createAdministratorAtStart(shoal.db, { name, password });
  if (!made.ok) throw new Error(made.message);
  const user = await shoal.db.user.findUniqueOrThrow({ where: { name } });
  return { actor: { id: user.id, name, role: 'admin' as const }, user };
}

describe('the first administrator', () => {
  it('is made once with the token that was printed, typed in any case, with or without dashes', async () => {
    const token = await renewSetupToken(shoal.db);
    const typed = token.toLowerCase().replaceAll('-', '');
    expect(await createFirstAdministrator(shoal.db, { token: typed, name: 'admin', password })).toMatchObject(
      { ok: true },
    );
    const again = await createFirstAdministrator(shoal.db, { token, name: 'second', password });
    expect(again.ok).toBe(false);
    expect(await shoal.db.user.count()).toBe(1);
  });

  it('is not made with a wrong token, nor with one that a restart has replaced', async () => {
    const old = await renewSetupToken(shoal.db);
    await renewSetupToken(shoal.db);
    for (const token of [old, '', 'AAAAAA']) {
      expect(await createFirstAdministrator(shoal.db, { token, name: 'admin', password })).toMatchObject({
        ok: false,
        fields: { token: { message: expect.stringMatching(/not the token/) } },
      });
    }
    expect(await hasNoUser(shoal.db)).toBe(true);
  });

  it('needs a password of some length; a refusal keeps the token good', async () => {
    const token = await renewSetupToken(shoal.db);
    const short = await createFirstAdministrator(shoal.db, { token, name: 'admin', password: 'short' });
    expect(short).toMatchObject({ ok: false, fields: { password: expect.anything() } });
    expect((await createFirstAdministrator(shoal.db, { token, name: 'admin', password })).ok).toBe(true);
  });

  it('is made by one of two who use the token at once', async () => {
    const token = await renewSetupToken(shoal.db);
    const made = await Promise.all(
      ['one', 'two'].map((name) => createFirstAdministrator(shoal.db, { token, name, password })),
    );
    expect(made.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await shoal.db.user.count()).toBe(1);
  });

  it('is not made from the environment when somebody exists already', async () => {
    await administrator();
    expect((await createAdministratorAtStart(shoal.db, { name: 'intruder', password })).ok).toBe(false);
  });

  it('leaves neither the token nor the password in the database', async () => {
    const token = await renewSetupToken(shoal.db);
    await createFirstAdministrator(shoal.db, { token, name: 'admin', password });
    const stored = JSON.stringify([
      await shoal.db.user.findMany(),
      await shoal.db.setupToken.findMany(),
      await shoal.db.auditEntry.findMany(),
    ]);
    expect(stored).toContain('$argon2id$');
    expect(stored).not.toContain(password);
    expect(stored).not.toContain(token.replaceAll('-', ''));
  });
});

describe('signing in', () => {
  it('works with the right password and says the same of a wrong one and an unknown user', async () => {
    await administrator();
    expect(await login('admin', password)).toMatchObject({
      ok: true,
      user: { name: 'admin', tokenVersion: 1 },
    });
    const wrong = await login('admin', 'wrong');
    expect(wrong.ok).toBe(false);
    expect(await login('nobody', 'wrong')).toEqual(wrong);
  });

  it('makes the same address wait after five failures, even with the right password, and no other one', async () => {
    await administrator('carol');
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now);
    onTestFinished(() => clock.mockRestore());
    for (let count = 0; count < 5; count += 1) await login('carol', 'wrong', '203.0.113.7');
    expect(await login('carol', password, '203.0.113.7')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/Too many attempts/),
    });
    expect((await login('carol', password, '203.0.113.8')).ok).toBe(true);
    clock.mockReturnValue(now + 1999);
    expect((await login('carol', password, '203.0.113.7')).ok).toBe(false);
    clock.mockReturnValue(now + 2000);
    expect((await login('carol', password, '203.0.113.7')).ok).toBe(true);
  });
});

describe('changing the password', () => {
  it('ends every session and lets only the new one in', async () => {
    const { actor } = await administrator();
    const next = 'another long password';
    expect((await replacePassword(shoal.db, actor, { current: password, next })).ok).toBe(true);
    expect((await login('admin', password)).ok).toBe(false);
    expect(await login('admin', next)).toMatchObject({ ok: true, user: { tokenVersion: 2 } });
  });

  it('needs the current password and a new one of some length', async () => {
    const { actor } = await administrator();
    expect(await replacePassword(shoal.db, actor, { current: 'wrong', next: password })).toMatchObject({
      ok: false,
      fields: { current: expect.anything() },
    });
    expect(await replacePassword(shoal.db, actor, { current: password, next: 'short' })).toMatchObject({
      ok: false,
      fields: { next: expect.anything() },
    });
    expect((await login('admin', password)).ok).toBe(true);
  });
});
