/**
 * Program: demo [curl [N]]. Boots the lab, installs and enrols the agents as an administrator does, starts the
 * console inside the lab and hands 127.0.0.1:PORT of this machine on to it. Ctrl-C leaves nothing.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installAgents, startConsole, waitForPush } from '#e2e/cluster/console.ts';
import { bootLab } from '#e2e/lab/lab.ts';
import { isInside, leave, startInside, watchLifeline } from '#e2e/lab/namespace.ts';
import { projectRoot, vip } from '#e2e/lab/places.ts';
import { prepare } from '#e2e/lab/prepare.ts';
import { listenOutside, relayToConsole } from './relay.ts';
import { noteSocket, sendTraffic, serveTraffic } from './traffic.ts';

const port = Number(process.env.PORT ?? 3636);
/** Emptied at each start: the routers' disks and host keys are new each time, and so is what belongs to them. */
const data = join(resolve(projectRoot, process.env.SHOAL_DATA ?? 'data'), 'demo');
const noteFile = join(resolve(projectRoot, process.env.SHOAL_DATA ?? 'data'), 'demo.socket');

const PARENT_CHECK_MS = 500;

const consoleSocket = (folder: string): string => join(folder, 'console.sock');
const trafficSocket = (folder: string): string => join(folder, 'traffic.sock');

/** Whoever started this may be killed without a word to it; nobody would be there to end the demo by Ctrl-C. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), PARENT_CHECK_MS).unref();
}

async function outer(): Promise<number> {
  const listener = await listenOutside(port).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.message})`;
    console.error(`Port ${port} on 127.0.0.1 ${why}. Set PORT to another one.`);
    return null;
  });
  if (listener === null) return 1;
  await prepare();
  rmSync(data, { recursive: true, force: true });
  const inside = startInside(fileURLToPath(import.meta.url), []);
  listener.openTo(consoleSocket(inside.folder));
  let asked = false;
  const end = (): void => {
    if (!asked) console.log('\nEnds the demo.');
    asked = true;
    inside.end();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  endWithParent(end);
  const code = await inside.ended;
  rmSync(noteFile, { force: true });
  listener.close();
  return asked ? 0 : code;
}

async function inner(): Promise<void> {
  const folder = process.env.SHOAL_LAB ?? '';
  let stop = async (): Promise<void> => {};
  let ending = false;
  const end = (code: number): void => {
    if (!ending) void stop().finally(() => leave(code));
    ending = true;
  };
  // Ctrl-C reaches this process too; the outer one decides, over the lifeline.
  process.on('SIGINT', () => {});
  watchLifeline(() => end(0));

  console.log('Boots the lab: routers r1 and r2, real servers rs1, rs2 and rs3, a client.');
  const lab = await bootLab(folder);
  console.log('Installs and starts the agent on both routers.');
  await installAgents(lab);
  console.log('Starts the console and enrols it on both routers.');
  const shoal = await startConsole(lab, { port, data });
  stop = shoal.stop;
  await waitForPush(lab);
  relayToConsole(consoleSocket(folder), port);
  serveTraffic(trafficSocket(folder), lab.client);
  noteSocket(noteFile, trafficSocket(folder));
  console.log(`
Shoal's demo is ready.

  Address    ${shoal.url}
  User       ${shoal.user}
  Password   ${shoal.password}   (for this demo only)

  Virtual server http://${vip}/ with real servers rs1, rs2, rs3 behind routers r1 and r2.
  Send traffic through it, in a second terminal:  npm run demo -- curl 20

  The demo's data in ${data} is made anew at each start. Ctrl-C ends it and leaves nothing running.
`);
}

const [word, count] = process.argv.slice(2);
const work = isInside() ? inner().then(() => null) : word === 'curl' ? sendTraffic(noteFile, count) : outer();
work.then(
  (code) => {
    if (code !== null) process.exit(code);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
