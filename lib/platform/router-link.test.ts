import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkState } from '../protocol/live.ts';
import { RouterLink, type RouterLinkOptions } from './router-link.ts';
import { scanHostKey } from './scan-host-key.ts';
import { generateSshKey } from './ssh-keys.ts';
import { createSshd, hasSshd, type TestSshd } from './sshd-in-test.ts';

const key = generateSshKey('test');
const OFTEN_MS = 200;

let sshd: TestSshd;
let link: RouterLink | null = null;
let onChange: () => void = () => {};

beforeEach(async () => {
  sshd = await createSshd();
  sshd.authorize(key.publicKey);
  await sshd.start();
});
afterEach(async () => {
  link?.stop();
  link = null;
  onChange = () => {};
  await sshd.remove();
});

/** Statuses that come so seldom that a busy machine is not taken for a silent router. */
const SELDOM_MS = 30_000;

function open(change: Partial<RouterLinkOptions['target']> = {}, intervalMs = SELDOM_MS): RouterLink {
  link = new RouterLink({
    target: {
      address: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      fingerprint: sshd.fingerprint(),
      privateKey: key.privateKey,
      ...change,
    },
    name: 'r1',
    enrolCommand: "shoalctl enrol 'KEY'",
    onChange: () => onChange(),
    onReady: () => {},
    intervalMs,
  });
  link.start();
  return link;
}

const until = (opened: RouterLink, state: LinkState): Promise<void> =>
  vi.waitFor(() => expect(opened.view.link).toBe(state), { timeout: 15_000, interval: 10 });

describe.skipIf(!hasSshd)('the link to a router, over a real sshd', () => {
  it('says hello, subscribes and keeps getting statuses', async () => {
    const opened = open({}, OFTEN_MS);
    await until(opened, 'connected');
    const first = opened.view.status?.at;
    expect(opened.view).toMatchObject({ message: null, status: { role: 'active' } });
    expect(opened.view.events.map(({ kind }) => kind)).toEqual(['started']);
    await vi.waitFor(() => expect(opened.view.status?.at).not.toBe(first), { timeout: 15_000 });
  });

  it('answers many requests over its one channel, each with its own answer', async () => {
    const opened = open();
    await until(opened, 'connected');
    const [got, unknown] = await Promise.all([
      opened.request('config.get', {}),
      opened.request('switchover', {}),
    ]);
    expect(got).toMatchObject({ ok: true, result: { text: 'shoalctl rpc' } });
    expect(unknown).toEqual({ ok: false, code: 'unknown-method', message: 'no switchover here' });
  });

  it('gives up a request after its time limit and refuses an answer of another shape', async () => {
    const opened = open();
    await until(opened, 'connected');
    expect(await opened.request('logs', { limit: 1 }, 50)).toMatchObject({ ok: false, code: 'timeout' });
    expect(await opened.request('config.check', { text: '' })).toMatchObject({
      ok: false,
      code: 'bad-answer',
    });
  });

  it('stops at a changed host key, names both fingerprints and does not try again', async () => {
    const pinned = sshd.fingerprint();
    const opened = open();
    await until(opened, 'connected');
    await sshd.stop();
    sshd.newHostKey();
    await sshd.start();
    await until(opened, 'key-changed');
    expect(opened.view.message).toContain(pinned);
    expect(opened.view.message).toContain(sshd.fingerprint());
    expect(opened.view.status).toBeNull();
    expect(await opened.request('status', {})).toMatchObject({ ok: false, code: 'unreachable' });
    const { since } = opened.view;
    // Longer than the first retries of every other failure.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(opened.view).toMatchObject({ link: 'key-changed', since });
  });

  it('sends nothing to a router whose key it does not know from the start', async () => {
    const opened = open({ fingerprint: `SHA256:${'A'.repeat(43)}` });
    await until(opened, 'key-changed');
    expect(opened.view.status).toBeNull();
  });

  it('tells what to run on a router that does not know the console, and gets in once it does', async () => {
    sshd.authorize(generateSshKey('somebody else').publicKey);
    const opened = open();
    await until(opened, 'refused');
    expect(opened.view.message).toContain("shoalctl enrol 'KEY'");
    sshd.authorize(key.publicKey);
    await until(opened, 'connected');
  });

  it('forgets the state of a router that goes away and finds it again when it returns', async () => {
    const opened = open();
    await until(opened, 'connected');
    await sshd.stop();
    await until(opened, 'unreachable');
    expect(opened.view.status).toBeNull();
    expect(opened.view.lastSeenAt).not.toBeNull();
    expect(opened.view.message).toMatch(/r1 .*cannot be reached/);
    await sshd.start();
    await until(opened, 'connected');
  });

  it('takes a router that says nothing for three intervals for unreachable, though the connection stands', async () => {
    sshd.script({ silentAfterMs: 500 });
    const opened = open({}, OFTEN_MS);
    await until(opened, 'connected');
    // Much sooner than TCP would find it out.
    await until(opened, 'unreachable');
    expect(opened.view.message).toMatch(/silent/);
  });

  it('is not taken for silent by a console that stood still itself', async () => {
    const opened = open({}, OFTEN_MS);
    await until(opened, 'connected');
    const seen = new Set<LinkState>();
    onChange = () => seen.add(opened.view.link);
    // Longer than what breaks a silent connection; the statuses of that time wait in the socket.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OFTEN_MS * 10);
    const last = opened.view.status?.at;
    await vi.waitFor(() => expect(opened.view.status?.at).not.toBe(last), { timeout: 15_000 });
    expect([...seen]).toEqual(['connected']);
  });

  it('answers what was under way when the connection breaks', async () => {
    const opened = open();
    await until(opened, 'connected');
    const answer = opened.request('logs', { limit: 1 }, 30_000);
    await sshd.stop();
    expect(await answer).toMatchObject({ ok: false, code: 'lost' });
  });

  it('passes on why shoalctl ended on the router', async () => {
    sshd.script({ refuse: 'shoal-agent does not answer on /run/shoal/agent.sock' });
    const opened = open();
    await until(opened, 'unreachable');
    expect(opened.view.message).toMatch(/shoal-agent does not answer/);
  });

  it('refuses an agent of another protocol and says which one it speaks', async () => {
    sshd.script({ protocol: 2 });
    const opened = open();
    await until(opened, 'refused');
    expect(opened.view.message).toMatch(/protocol 2.*protocol 1/);
  });

  it('survives a private key that cannot be read', async () => {
    const opened = open({ privateKey: 'no key at all' });
    await until(opened, 'unreachable');
  });
});

describe.skipIf(!hasSshd)('asking an address for its host key', () => {
  it('gives the fingerprint that ssh-keygen prints', async () => {
    expect(await scanHostKey('127.0.0.1', sshd.port)).toEqual({ ok: true, fingerprint: sshd.fingerprint() });
  });

  it('says in a sentence that nothing listens', async () => {
    await sshd.stop();
    const scan = await scanHostKey('127.0.0.1', sshd.port);
    expect(scan).toMatchObject({ ok: false, message: expect.stringMatching(/nothing listens there/) });
  });
});
