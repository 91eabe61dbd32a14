import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scanHostKey } from '#lib/platform/scan-host-key.ts';
import { generateSshKey } from '#lib/platform/ssh-keys.ts';
import { createSshd, hasSshd, type TestSshd } from '#lib/platform/sshd-in-test.ts';
import type { RouterLogin } from '../contract.ts';
import { alice, openTestConsole, type TestConsole } from '../test-console.ts';
import { readRouter } from './read-router.ts';

const key = generateSshKey('test');
const table = '-A -t 192.0.2.100:80 -s wlc\n-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1\n';

let shoal: TestConsole;
let sshd: TestSshd;
let router: string;
let lvsCf: string;

beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

/** A router with an lvs.cf and a table. */
async function serve(config: readonly string[] = []): Promise<void> {
  sshd = await createSshd(config);
  router = join(sshd.folder, 'router');
  lvsCf = join(router, 'lvs.cf');
  mkdirSync(router);
  writeFileSync(lvsCf, 'serial_no = 7\n');
  writeFileSync(join(router, 'table'), table);
  sshd.authorizeAtPiranha(key.publicKey, router);
  await sshd.start();
}

beforeEach(() => serve());
afterEach(() => sshd.remove());

const login = (change: Partial<RouterLogin> = {}): RouterLogin => ({
  address: '127.0.0.1',
  port: sshd.port,
  user: sshd.user,
  fingerprint: sshd.fingerprint(),
  secret: { kind: 'key', privateKey: key.privateKey, passphrase: '' },
  path: lvsCf,
  ...change,
});

const read = (change: Partial<RouterLogin> = {}) => readRouter(shoal.db, alice, login(change));
const asked = () => readFileSync(join(router, 'asked'), 'utf8').trim().split('\n');

describe.skipIf(!hasSshd)('reading a Piranha router over a real sshd', { timeout: 60_000 }, () => {
  it('brings its lvs.cf and its table, and asks for nothing else', async () => {
    expect(await read()).toEqual({ ok: true, text: 'serial_no = 7\n', table, note: null });
    expect(asked()).toEqual([
      `cat -- ${lvsCf}`,
      'test -e /proc/net/ip_vs',
      '/sbin/ipvsadm -Sn',
      '/usr/sbin/ipvsadm -Sn',
    ]);
  });

  it('brings the table alone when no path is given', async () => {
    expect(await read({ path: null })).toMatchObject({ ok: true, text: null, table });
    expect(asked().filter((command) => command.includes('cat'))).toEqual([]);
  });

  it('does not load the kernel module: without one the table is empty', async () => {
    rmSync(join(router, 'table'));
    expect(await read()).toMatchObject({
      ok: true,
      table: '',
      note: expect.stringMatching(/no IPVS loaded/),
    });
    expect(asked().filter((command) => command.includes('ipvsadm'))).toEqual([]);
  });

  it('brings the file even when ipvsadm refuses, and says why there is no table', async () => {
    rmSync(join(router, 'table'));
    writeFileSync(join(router, 'refusal'), "Can't initialize ipvs: Permission denied (you must be root)\n");
    expect(await read()).toMatchObject({
      ok: true,
      text: 'serial_no = 7\n',
      table: null,
      note: expect.stringMatching(/nothing can be compared: .*Permission denied/),
    });
  });

  it('says at the field of the path that there is no such file', async () => {
    expect(await read({ path: join(router, 'nothing.cf') })).toMatchObject({
      ok: false,
      fields: { path: { message: expect.stringMatching(/nothing\.cf was not read: .*No such file/) } },
    });
  });

  it.each(['/etc/lvs.cf; reboot', '/etc/$(reboot)', "/etc/'x'", 'lvs.cf', '/a b', '/a\nb'])(
    'asks nobody for the path %j',
    async (path) => {
      expect(await read({ path })).toMatchObject({ ok: false, fields: { path: expect.anything() } });
      expect(() => asked()).toThrow(/ENOENT/);
    },
  );

  it('takes bytes that are no UTF-8 for Latin-1, so that a comment in the old way survives', async () => {
    writeFileSync(lvsCf, Buffer.from('# K\xfcche\nserial_no = 7\n', 'latin1'));
    expect(await read()).toMatchObject({ text: '# Küche\nserial_no = 7\n' });
  });

  it('sends nothing to a router that shows another host key than the accepted one', async () => {
    const pinned = sshd.fingerprint();
    await sshd.stop();
    sshd.newHostKey();
    await sshd.start();
    const result = await read({ fingerprint: pinned });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining(sshd.fingerprint()) });
    expect(result).toMatchObject({ message: expect.stringMatching(/Nothing was sent/) });
    expect(() => asked()).toThrow(/ENOENT/);
  });

  it('says at the field of the key that the router does not know it', async () => {
    const secret = { kind: 'key', privateKey: generateSshKey('other').privateKey, passphrase: '' } as const;
    expect(await read({ secret })).toMatchObject({
      ok: false,
      fields: { privateKey: { hint: expect.stringMatching(/authorized_keys/) } },
    });
  });

  it('reads a key with a passphrase, and says when the passphrase is wrong', async () => {
    const file = join(sshd.folder, 'locked');
    writeFileSync(file, key.privateKey, { mode: 0o600 });
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', file]);
    const privateKey = readFileSync(file, 'utf8').replaceAll('\n', '\r\n');
    const by = (passphrase: string) => read({ secret: { kind: 'key', privateKey, passphrase } });
    expect(await by('open sesame')).toMatchObject({ ok: true });
    expect(await by('wrong')).toMatchObject({
      ok: false,
      fields: { privateKey: { message: expect.stringMatching(/cannot be used/) } },
    });
    expect(await by('')).toMatchObject({ ok: false, fields: { privateKey: expect.anything() } });
  });

  it('keeps nothing of the login: not in the trail, not in the answer', async () => {
    const secret = { kind: 'password', password: 'correct horse battery' } as const;
    const result = await read({ secret });
    expect(result).toMatchObject({ ok: false, fields: { password: expect.anything() } });
    const trail = JSON.stringify(await shoal.db.auditEntry.findMany());
    expect(trail).toContain(`port ${sshd.port} over SSH as ${sshd.user}`);
    for (const text of [trail, JSON.stringify(result)]) {
      expect(text).not.toContain('correct horse');
      expect(text).not.toContain('PRIVATE KEY');
    }
  });

  it('reaches an sshd as old as RHEL 5, which knows no key exchange without SHA-1', async () => {
    await sshd.remove();
    await serve(['KexAlgorithms diffie-hellman-group14-sha1', 'MACs hmac-sha1', 'Ciphers aes128-ctr']);
    expect(await scanHostKey('127.0.0.1', sshd.port)).toMatchObject({ ok: false });
    expect(await scanHostKey('127.0.0.1', sshd.port, { old: true })).toEqual({
      ok: true,
      fingerprint: sshd.fingerprint(),
    });
    expect(await read()).toMatchObject({ ok: true, table });
  });

  it('says that nothing listens', async () => {
    await sshd.stop();
    expect(await read()).toMatchObject({
      ok: false,
      message: expect.stringMatching(/nothing listens there/),
    });
  });
});
