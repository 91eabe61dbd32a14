import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAgent } from '#lib/bootstrap/build-agent.mjs';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { createServiceManager, sendBySystemdNotify, takeNotifyEnvironment } from './service-manager.ts';

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

/** Prints each datagram that comes to a unix socket as one line; Perl is on every Debian. */
const RECEIVER = `use Socket; $| = 1;
socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; bind(S, sockaddr_un($ARGV[0])) or die; print "bound\\n";
while (defined(recv(S, $text, 4096, 0))) { $text =~ s/\\n/|/g; print "$text\\n" }`;

describe('with the programs themselves', () => {
  const running: ChildProcess[] = [];
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shoal-notify-'));
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program and what it has said so far. */
  function start(argv: readonly [string, ...string[]], env: NodeJS.ProcessEnv = process.env) {
    const child = spawn(argv[0], argv.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    const said = { child, text: '', code: null as number | null, hasEnded: false };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said.text += chunk;
      });
    child.on('close', (code) => {
      said.code = code;
      said.hasEnded = true;
    });
    return said;
  }

  async function receiver() {
    const socket = join(folder, 'notify');
    const heard = start(['perl', '-e', RECEIVER, socket]);
    await expect.poll(() => heard.text, { timeout: 10_000 }).toContain('bound');
    return { socket, heard };
  }

  it('systemd-notify brings the words to the socket', async () => {
    expect(
      existsSync('/usr/bin/systemd-notify') || existsSync('/bin/systemd-notify'),
      'the Debian package systemd is missing; npm test installs it as root',
    ).toBe(true);
    const { socket, heard } = await receiver();
    expect(await sendBySystemdNotify(socket)(['READY=1', 'STATUS=active, serial 7'])).toBe(true);
    expect(heard.text).toContain('READY=1');
    expect(heard.text).toContain('STATUS=active, serial 7');
    expect(await sendBySystemdNotify(join(folder, 'nobody'))(['READY=1'])).toBe(false);
  });

  it('the agent says that it is ready and that it ends, and changes its log level by a signal and by shoalctl', async () => {
    const { socket, heard } = await receiver();
    const [program = '', shoalctl = ''] = await buildAgent(join(folder, 'built'));
    const places = ['--config', `${folder}/lvs.cf`, '--state', `${folder}/state`, '--run', `${folder}/run`];
    const agent = start([process.execPath, program, ...places], {
      ...process.env,
      NOTIFY_SOCKET: socket,
      WATCHDOG_USEC: '300000',
    });
    await expect.poll(() => heard.text, { timeout: 20_000 }).toMatch(/READY=1.*STATUS=no configuration yet/);
    await expect.poll(() => heard.text.split('WATCHDOG=1').length, { timeout: 20_000 }).toBeGreaterThan(3);
    expect(agent.text).toMatch(/^at=\S+ level=info event=agent-started sequence=\d+ message="shoal-agent/m);

    const level = async (...words: string[]): Promise<string> => {
      const said = start([
        process.execPath,
        shoalctl,
        'log-level',
        ...words,
        '--socket',
        `${folder}/run/agent.sock`,
      ]);
      await expect.poll(() => said.hasEnded, { timeout: 20_000 }).toBe(true);
      return `${said.code}: ${said.text}`;
    };
    expect(await level()).toBe('0: info\n');
    agent.child.kill('SIGUSR1');
    await expect.poll(() => agent.text).toContain('message="The log level is debug"');
    expect(await level()).toBe('0: debug\n');
    expect(agent.text).toContain('level=debug event=request method=log.level');
    expect(await level('warning')).toBe('0: warning\n');
    expect(await level('loud')).toMatch(/^2: /);
    expect(agent.text).not.toContain('Debugger');

    agent.child.kill('SIGTERM');
    await expect.poll(() => agent.hasEnded, { timeout: 20_000 }).toBe(true);
    expect(agent.code).toBe(0);
    await expect.poll(() => heard.text, { timeout: 10_000 }).toContain('STOPPING=1');
  }, 60_000);
});
