import net, { type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { consoleSettings, refuseTakenPort } from './console.mjs';

afterEach(() => vi.unstubAllEnvs());

async function takenPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

test('a taken port stops with one sentence and exit code 1', async () => {
  const port = await takenPort();
  await expect(refuseTakenPort('127.0.0.1', port, 'Set PORT to another one.')).rejects.toMatchObject({
    message: `Port ${port} on 127.0.0.1 is taken by another program. Set PORT to another one.`,
    code: 1,
  });
});

test('an address that this machine does not have is told from a taken port', async () => {
  await expect(refuseTakenPort('192.0.2.1', 3636, 'Set PORT to another one.')).rejects.toMatchObject({
    message: expect.stringMatching(/^Port 3636 on 192\.0\.2\.1 cannot be used \(.*\)\. Set PORT/),
  });
});

test('looking at a free port leaves it free', async () => {
  const server = net.createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  await refuseTakenPort('127.0.0.1', port, '');
  await refuseTakenPort('127.0.0.1', port, '');
});

test.each(['0', '65536', 'http', '36.5', ''])(
  'PORT "%s" is refused with the range that is allowed',
  (port) => {
    vi.stubEnv('PORT', port);
    expect(() => consoleSettings()).toThrow(`PORT is "${port}"; it must be a number from 1 to 65535.`);
  },
);

test('the name of the machine in HOSTNAME is no wish for a public listener', () => {
  vi.stubEnv('HOSTNAME', hostname());
  expect(consoleSettings().host).toBe('127.0.0.1');
  vi.stubEnv('HOSTNAME', '192.0.2.7');
  expect(consoleSettings().host).toBe('192.0.2.7');
});
