/** `status --watch` with an agent that comes and goes. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildAgent } from '#lib/bootstrap/build-agent.mjs';
import { createLineReader, encodeLine } from '#lib/protocol/codec.ts';
import { clusterText, sceneOf } from './test-scene.ts';
import { type Display, watchStatus } from './watch.ts';

let folder = '';
let agents: { close(): Promise<void> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-watch-'));
});
afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  agents = [];
  rmSync(folder, { recursive: true, force: true });
});

const text = clusterText(1, 2);
const path = (): string => join(folder, 'agent.sock');

/** Answers as an agent does, from a scene. */
async function startAgent(): Promise<{ readonly asked: string[]; close(): Promise<void> }> {
  const seen = sceneOf(text);
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const hello = {
    protocol: 1,
    version: '1.2.3',
    hostname: 'r1',
    capabilities: [],
    clusterKeyId: null,
    problems: [],
  };
  const answers: Record<string, unknown> = {
    hello,
    status: seen.status,
    logs: { events: [] },
    'config.get': { text, serial: 42, hash: seen.status.config.hash, fileText: null },
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const reader = createLineReader();
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const line of reader.push(chunk) ?? []) {
        const { id, method } = JSON.parse(line);
        asked.push(method);
        socket.write(encodeLine({ id, result: answers[method] }));
      }
    });
  });
  rmSync(path(), { force: true });
  await new Promise<void>((resolve) => server.listen(path(), resolve));
  const agent = {
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  agents.push(agent);
  return agent;
}

function fakeDisplay() {
  const shown: string[] = [];
  const calls = { quit: () => {}, closed: 0 };
  const display: Display = {
    show: (lines) => shown.push(lines.join('\n')),
    onQuit: (quit) => {
      calls.quit = quit;
    },
    onResize: () => {},
    close: () => {
      calls.closed += 1;
    },
  };
  return { display, shown, calls };
}

it('paints what it sees, says when nobody answers, comes back, and ends with 0', async () => {
  const { display, shown, calls } = fakeDisplay();
  const first = await startAgent();
  const ended = watchStatus(display, {
    socket: path(),
    intervalMs: 5,
    paint: (seen, lost) => [
      `${seen?.status.hostname ?? 'nobody'} ${lost === null ? 'now' : `lost: ${lost.message}`}`,
    ],
  });
  await expect.poll(() => shown.at(-1)).toBe('r1 now');
  await first.close();
  await expect.poll(() => shown.at(-1)).toMatch(/^r1 lost: No agent answers/);
  await startAgent();
  await expect.poll(() => shown.at(-1)).toBe('r1 now');
  calls.quit();
  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(calls.closed).toBe(1);
});

it('without an agent says so at once, and ends with 3', async () => {
  const { display, shown, calls } = fakeDisplay();
  const ended = watchStatus(display, {
    socket: path(),
    intervalMs: 5,
    paint: (seen, lost) => [seen === null && lost !== null ? lost.message : 'seen'],
  });
  await expect.poll(() => shown.at(-1)).toMatch(/systemctl start shoal-agent/);
  calls.quit();
  expect(await ended).toMatchObject({ exitCode: 3 });
});

it('asks for the configuration once, as long as it stays the same', async () => {
  const { display, shown, calls } = fakeDisplay();
  const agent = await startAgent();
  const ended = watchStatus(display, { socket: path(), intervalMs: 1, paint: () => ['seen'] });
  await expect.poll(() => shown.length).toBeGreaterThan(5);
  calls.quit();
  await ended;
  expect(agent.asked.filter((method) => method === 'config.get')).toHaveLength(1);
});

/** Of bsdutils, which Debian never is without. */
const SCRIPT = '/usr/bin/script';

it.skipIf(!existsSync(SCRIPT))(
  'on a real terminal: a screen of its own, q ends, and the terminal is left as it was',
  async () => {
    const programs = await buildAgent(folder);
    await startAgent();
    const line = `stty cols 80 rows 24; ${process.execPath} ${programs[1]} status --watch --color never --socket ${path()}; echo code $?; stty -a`;
    const child = spawn(SCRIPT, ['-qec', line, '/dev/null'], {
      env: { PATH: process.env.PATH, TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/sh', NODE_ENV: 'test' },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await expect.poll(() => output, { timeout: 20_000 }).toContain('every second; q ends');
    expect(output).toMatch(/r1 \(primary\) {2}ACTIVE[\s\S]*web1 {2}tcp 192\.0\.2\.101:8001/);
    child.stdin.write('q');
    await expect.poll(() => output, { timeout: 20_000 }).toContain('code 0');
    child.stdin.end();
    await ended;
    const [enter, leave] = ['\u001B[?1049h', '\u001B[?1049l'].map((sequence) => output.indexOf(sequence));
    expect(enter).toBeGreaterThan(-1);
    expect(leave).toBeGreaterThan(enter ?? 0);
    // Raw mode is over: lines are edited and echoed again.
    expect(output).toMatch(/ icanon[\s\S]* echo /);
  },
  60_000,
);
