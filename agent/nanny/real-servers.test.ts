/** The nanny with nothing replaced: system clock, real sockets, real servers on loopback. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { systemClock } from '#agent/runtime/clock.ts';
import { exec } from '#agent/runtime/exec.ts';
import { systemHost } from '#agent/runtime/host.ts';
import { createNanny } from './driver.ts';
import { config, emptyTable, server, virtual } from './scene.ts';

/** A web server that can die and come back on its port. */
async function webServer() {
  const web = createServer((_, response) => response.end('hello'));
  const start = (port: number) => new Promise<void>((resolve) => web.listen(port, '127.0.0.1', resolve));
  await start(0);
  const { port } = web.address() as AddressInfo;
  return { port, start: () => start(port), stop: () => new Promise((resolve) => web.close(resolve)) };
}

const events: string[] = [];
let weight: number | null = null;
const nanny = createNanny(
  {
    clock: systemClock,
    exec,
    host: systemHost,
    log: { event: (_, kind, message) => events.push(`${kind} ${message}`) },
  },
  {
    overrides: [],
    onChange: () => {
      weight = nanny.weightOf(0, 0);
    },
  },
);
afterAll(() => nanny.stop());

const patience = { timeout: 20_000 };

it('finds a web server, its death and its return', async () => {
  const web = await webServer();
  // Port 80 of the virtual server and nothing configured: the default HTTP check, on the real server's own port.
  const settings = { port: 80, checkSeconds: 1, reentrySeconds: 0 };
  const site = virtual('web', [server('one', '127.0.0.1', { port: web.port, weight: 5 })], settings);
  nanny.configure(config(site), emptyTable);
  await vi.waitFor(() => expect(weight).toBe(5), patience);
  await web.stop();
  await vi.waitFor(() => expect(weight).toBeNull(), patience);
  expect(events.at(-1)).toBe(
    `server-down [inactive] shutting down 127.0.0.1:${web.port} of web due to connection refused`,
  );
  await web.start();
  await vi.waitFor(() => expect(weight).toBe(5), patience);
  await web.stop();
});
