import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { createServiceManager, sendBySystemdNotify, takeNotifyEnvironment } from './service-manager.ts';
import { startReceiver } from './test-systemd.ts';

const WATCHDOG = { NOTIFY_SOCKET: '/run/none', WATCHDOG_USEC: '30000000' };

/** A systemd that hears what it is told; while `deaf`, nothing arrives. */
function listener() {
  const heard: string[][] = [];
  const systemd = { heard, deaf: false };
  const send = async (words: readonly string[]): Promise<boolean> => {
    if (!systemd.deaf) heard.push([...words]);
    return !systemd.deaf;
  };
  return { systemd, send };
}

describe('what systemd is told', () => {
  it('is that the agent serves, once, and three times in a period that it lives', async () => {
    const clock = createVirtualClock();
    const { systemd, send } = listener();
    let role = 'standby';
    createServiceManager(clock, send, WATCHDOG).ready(() => role);
    await clock.advance(0);
    expect(systemd.heard).toEqual([['READY=1', 'WATCHDOG=1', 'STATUS=standby']]);
    role = 'active';
    await clock.advance(30_000);
    expect(systemd.heard.slice(1)).toEqual(Array(3).fill(['WATCHDOG=1', 'STATUS=active']));
  });

  it('is said again until it was heard: a start that was not told of would be ended', async () => {
    const clock = createVirtualClock();
    const { systemd, send } = listener();
    systemd.deaf = true;
    createServiceManager(clock, send, WATCHDOG).ready(() => 'active');
    await clock.advance(5000);
    systemd.deaf = false;
    await clock.advance(1000);
    expect(systemd.heard[0]).toContain('READY=1');
  });

  it('is no more than that it is ready where there is no watchdog', async () => {
    const clock = createVirtualClock();
    const { systemd, send } = listener();
    createServiceManager(clock, send, { NOTIFY_SOCKET: '/run/none' }).ready(() => 'active');
    await clock.advance(120_000);
    expect(systemd.heard).toHaveLength(1);
  });

  it('is nothing any more after the end has begun', async () => {
    const clock = createVirtualClock();
    const { systemd, send } = listener();
    const manager = createServiceManager(clock, send, WATCHDOG);
    manager.ready(() => 'active');
    await clock.advance(0);
    manager.stopping();
    await clock.advance(60_000);
    // One beat was due when the end began; it says nothing that is wrong.
    expect(systemd.heard.filter((words) => words.includes('WATCHDOG=1')).length).toBeLessThanOrEqual(2);
    expect(systemd.heard).toContainEqual(['STOPPING=1', 'STATUS=ending']);
  });

  it('is not for the programs that the agent runs', () => {
    const env: NodeJS.ProcessEnv = { ...WATCHDOG, WATCHDOG_PID: '1', PATH: '/bin', NODE_ENV: 'test' };
    expect(takeNotifyEnvironment(env)).toEqual(WATCHDOG);
    expect(env).toEqual({ PATH: '/bin', NODE_ENV: 'test' });
  });
});

it('systemd-notify brings the words to the socket', async () => {
  expect(
    existsSync('/usr/bin/systemd-notify') || existsSync('/bin/systemd-notify'),
    'the Debian package systemd is missing; npm test installs it as root',
  ).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), 'shoal-notify-'));
  const { socket, heard } = await startReceiver(folder);
  try {
    expect(await sendBySystemdNotify(socket)(['READY=1', 'STATUS=active, serial 7'])).toBe(true);
    await expect.poll(() => heard.text).toContain('READY=1');
    await expect.poll(() => heard.text).toContain('STATUS=active, serial 7');
    expect(await sendBySystemdNotify(join(folder, 'nobody'))(['READY=1'])).toBe(false);
  } finally {
    heard.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
