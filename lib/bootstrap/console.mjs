/** The console by itself: for production (`npm start`) and for development (`npm run dev`). */
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { consoleEnvironment, consoleFlags } from './console-flags.mjs';
import { at, bin, root } from './place.mjs';
import { attend } from './processes.mjs';
import { Stop, say } from './say.mjs';

/** Where the console listens and keeps its data: PORT, HOSTNAME, SHOAL_DATA or their defaults. */
export function consoleSettings() {
  // Many shells and containers export HOSTNAME as the machine's name; that is no wish for a public listener.
  const wished = process.env.HOSTNAME;
  const port = Number(process.env.PORT ?? 3636);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Stop(`PORT is "${process.env.PORT}"; it must be a number from 1 to 65535.`);
  }
  return {
    port,
    host: wished && wished !== hostname() ? wished : '127.0.0.1',
    data: resolve(root, process.env.SHOAL_DATA ?? 'data'),
  };
}

/** @param {string} host @param {number} port @param {string} advice */
export function refuseTakenPort(host, port, advice) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      const what = taken ? 'is taken by another program' : `cannot be used (${error.message})`;
      reject(new Stop(`Port ${port} on ${host} ${what}. ${advice}`));
    });
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

function environment() {
  const { port, host, data } = consoleSettings();
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return { PORT: String(port), HOSTNAME: host, SHOAL_DATA: data, NEXT_TELEMETRY_DISABLED: '1' };
}

/** Runs the built console until it is told to end. Returns its exit code. */
export async function startConsole() {
  const { port, host, data } = consoleSettings();
  await refuseTakenPort(host, port, 'Set PORT to another one.');
  say(`Shoal's console: http://${host}:${port} (data in ${data})`);
  return attend([process.execPath, ...consoleFlags, at('.next', 'standalone', 'server.js')], {
    env: {
      ...environment(),
      ...consoleEnvironment,
      NODE_ENV: 'production',
      NEXT_MANUAL_SIG_HANDLE: 'true',
    },
  });
}

/** Runs the console from its source. */
export async function developConsole() {
  const { port, host } = consoleSettings();
  await refuseTakenPort(host, port, 'Set PORT to another one.');
  return attend([bin('next'), 'dev', '-p', String(port), '-H', host], { env: environment() });
}
