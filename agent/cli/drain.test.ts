/** `drain --wait` counts connections down; names for completion come from the agent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLineReader, encodeLine } from '#lib/protocol/codec.ts';
import type { RouterStatus } from '#lib/protocol/messages.ts';
import { connectionsLeft, drain } from './drain-command.ts';
import { names } from './names-command.ts';
import { disable, enable, undrain, weight } from './override-commands.ts';
import { plainPaint } from './paint.ts';
import { clusterText, sceneOf } from './status/test-scene.ts';

const text = clusterText(2, 2);
const onlyHere = 'Only this router knows; run the same on its partner, or use the console, which tells both.';
let folder = '';
let server: Server | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-drain-'));
});
afterEach(async () => {
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

const socket = (): string => join(folder, 'agent.sock');

/** Status with so many connections on rs2 of web1. */
function statusWith(active: number, inactive = 0): RouterStatus {
  const { status } = sceneOf(text, { states: { 'web1/rs2': 'drained' } });
  const found = status.services[0]?.destinations.find(({ address }) => address === '198.51.100.2');
  if (found === undefined) throw new Error('the scene has no rs2');
  Object.assign(found, { activeConnections: active, inactiveConnections: inactive });
  return status;
}

/** What was asked of the agent apart from looking. */
const asked: unknown[] = [];

/** An agent that tells one status after the other, the last one for ever; drains what is called rs2. */
async function startAgent(statuses: readonly RouterStatus[]): Promise<void> {
  const left = [...statuses];
  const answers: Record<string, (params: { realServer?: string }) => unknown> = {
    hello: () => ({
      protocol: 1,
      version: '1',
      hostname: 'r1',
      capabilities: [],
      clusterKeyId: null,
      problems: [],
    }),
    status: () => (left.length > 1 ? left.shift() : left[0]),
    logs: () => ({ events: [] }),
    'config.get': () => ({ text, serial: 42, hash: 'abcdef0123456789', fileText: null }),
    'server.drain': ({ realServer }) =>
      realServer === 'rs2'
        ? { done: true, message: 'rs2 of web1 gets no new connections' }
        : { done: false, message: 'There is none' },
    'server.disable': () => ({ done: true, message: 'rs2 is out' }),
    'server.enable': () => ({ done: false, message: 'rs2 is not disabled' }),
    'server.undrain': () => ({ done: true, message: 'rs2 is back' }),
    'server.setWeight': () => ({ done: true, message: 'rs2 has its weight' }),
  };
  server = createServer((connection) => {
    const reader = createLineReader();
    connection.on('error', () => {});
    connection.on('data', (chunk) => {
      for (const line of reader.push(chunk) ?? []) {
        const { id, method, params } = JSON.parse(line);
        if (method.startsWith('server.')) asked.push({ method, ...params });
        connection.write(encodeLine({ id, result: answers[method]?.(params) }));
      }
    });
  });
  await new Promise<void>((resolve) => server?.listen(socket(), resolve));
}

async function runDrain(
  options: { wait?: boolean; mostSeconds?: number; json?: boolean; realServer?: string } = {},
) {
  const told: string[] = [];
  const outcome = await drain(
    { socket: socket(), json: options.json ?? false },
    {
      virtualServer: 'web1',
      realServer: options.realServer ?? 'rs2',
      wait: options.wait ?? false,
      mostSeconds: options.mostSeconds ?? null,
    },
    (line) => told.push(line),
  );
  return { ...outcome, told };
}

describe('drain', () => {
  it('without --wait ends at once', async () => {
    await startAgent([statusWith(12)]);
    expect(await runDrain()).toMatchObject({
      exitCode: 0,
      text: `rs2 of web1 gets no new connections\n${onlyHere}`,
      told: [],
    });
  });

  it('with --wait counts the connections down and ends when the last one is gone', async () => {
    await startAgent([statusWith(12), statusWith(12), statusWith(1), statusWith(0, 30)]);
    expect(await runDrain({ wait: true })).toMatchObject({
      exitCode: 0,
      text: 'nobody is connected to rs2 of web1 any more',
      told: ['rs2 of web1 gets no new connections', onlyHere, '12 connections left', '1 connection left'],
    });
  });

  it('waits no longer than it may, and says what is left', async () => {
    await startAgent([statusWith(3)]);
    expect(await runDrain({ wait: true, mostSeconds: 0 })).toMatchObject({
      exitCode: 1,
      complaint: 'shoalctl: 3 connections left on rs2 of web1; it stays drained',
    });
    const { exitCode, text: json } = await runDrain({ wait: true, mostSeconds: 0, json: true });
    expect([exitCode, JSON.parse(json)]).toEqual([
      1,
      {
        done: true,
        message: 'rs2 of web1 gets no new connections',
        partnerTold: false,
        connectionsLeft: 3,
      },
    ]);
  });

  it('of a real server that there is not waits for nothing', async () => {
    await startAgent([statusWith(3)]);
    expect(await runDrain({ wait: true, realServer: 'rs9' })).toMatchObject({ exitCode: 1, told: [] });
  });

  it('counts what is inactive for UDP, where nothing is ever active', () => {
    const udp = clusterText(1, 2).replace('  scheduler = wlc', '  protocol = udp\n  scheduler = wlc');
    expect(connectionsLeft(sceneOf(udp), 'web1', 'rs1')).toBe(12 + 30);
    expect(connectionsLeft(sceneOf(text), 'web1', 'rs1')).toBe(12);
  });
});

describe('the other decisions about a real server', () => {
  const names = { virtualServer: 'web1', realServer: 'rs2' };
  const asking = () => ({ socket: socket(), json: false });

  it('reach the agent with the name of who decides', async () => {
    await startAgent([statusWith(0)]);
    asked.length = 0;
    process.env.SUDO_USER = 'alice';
    await undrain(asking(), names);
    await disable(asking(), names);
    await weight(asking(), names, '5');
    await weight(asking(), names, 'auto');
    delete process.env.SUDO_USER;
    const by = 'alice';
    expect(asked).toEqual([
      { method: 'server.undrain', ...names, by },
      { method: 'server.disable', ...names, by },
      { method: 'server.setWeight', ...names, by, weight: 5 },
      { method: 'server.setWeight', ...names, by, weight: null },
    ]);
  });

  it('say that the partner does not know, and nothing of it where there is none', async () => {
    await startAgent([statusWith(0)]);
    expect(await disable(asking(), names)).toMatchObject({ exitCode: 0, text: `rs2 is out\n${onlyHere}` });
    const { status } = sceneOf(text);
    await new Promise((resolve) => server?.close(resolve));
    await startAgent([{ ...status, peer: { ...status.peer, state: 'none' } }]);
    expect(await disable(asking(), names)).toMatchObject({ exitCode: 0, text: 'rs2 is out' });
  });

  it('end with 1 and the reason when the agent did not do it', async () => {
    await startAgent([statusWith(0)]);
    expect(await enable(asking(), names)).toMatchObject({
      exitCode: 1,
      complaint: 'shoalctl: rs2 is not disabled',
    });
  });

  it('take no weight that no configuration would take', async () => {
    expect(await weight(asking(), names, '65536')).toMatchObject({ exitCode: 2 });
  });
});

describe('names for completion', () => {
  const ask = (...args: string[]) =>
    names({
      args,
      flag: () => false,
      value: () => null,
      json: false,
      socket: socket(),
      paint: plainPaint,
      errorPaint: plainPaint,
    });

  it('are those of virtual servers, and of the real servers of one', async () => {
    await startAgent([statusWith(0)]);
    expect((await ask()).text).toBe('web1\nweb2');
    expect((await ask('web2')).text).toBe('rs1\nrs2');
    expect((await ask('none')).text).toBe('');
  });

  it('without an agent are none, and nothing is said', async () => {
    expect(await ask()).toEqual({ exitCode: 3, text: '' });
  });
});
