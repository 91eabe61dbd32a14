/**
 * Two fake routers for `npm run dev`: `node main.mjs LVS.CF SEED.JSON` serves them on 127.0.0.1, ports 3701 and
 * 3702, and writes the seed that lets a console begin with them (SHOAL_SEED). Commands on standard input change
 * the world, one a line: `down web real1`, `up web real1`, `rising web real1`, `fault r2`, `gone r2`, `back r2`,
 * `rekey r2`, `edit r2`, `unfit r2`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { FakeRouter } from './router.ts';
import { type FakeSshd, newHostKey, serveRouter } from './ssh.ts';

interface Served {
  readonly router: FakeRouter;
  readonly port: number;
  hostKey: ReturnType<typeof newHostKey>;
  sshd: FakeSshd | null;
}

const [configFile = '', seedFile = ''] = process.argv.slice(2);
const lvsCf = readFileSync(configFile, 'utf8');

const r1 = new FakeRouter({ name: 'r1', configuredAs: 'primary' });
const r2 = new FakeRouter({ name: 'r2', configuredAs: 'backup' });
r1.partner = r2;
r2.partner = r1;
r1.become('active', 'the primary router keeps the service while it is well');
r2.become('standby', 'the partner is active');

const served = new Map<string, Served>();
for (const [router, port] of [
  [r1, 3701],
  [r2, 3702],
] as const) {
  const hostKey = newHostKey();
  served.set(router.options.name, { router, port, hostKey, sshd: await serveRouter(router, port, hostKey) });
}

writeFileSync(
  seedFile,
  JSON.stringify({
    cluster: 'Example',
    lvsCf,
    routers: [...served.values()].map(({ router, port, hostKey }) => ({
      role: router.options.configuredAs,
      name: router.options.name,
      address: '127.0.0.1',
      port,
      user: 'shoal',
      fingerprint: hostKey.fingerprint,
    })),
  }),
);

/** Each command, by its first word. */
const commands: Readonly<Record<string, (args: readonly string[]) => void | Promise<void>>> = {
  down: ([virtual = '', real = '']) => everywhere((router) => router.setHealth(virtual, real, 'down')),
  up: ([virtual = '', real = '']) => everywhere((router) => router.setHealth(virtual, real, 'up')),
  rising: ([virtual = '', real = '']) => everywhere((router) => router.setHealth(virtual, real, 'rising')),
  fault: ([name = '']) => {
    const router = served.get(name)?.router;
    if (!router) return;
    router.problems = ['The kernel has no ip_vs: run `modprobe ip_vs` as root on this router'];
    router.partner?.become('active', 'the partner reports a fault');
    router.become('fault', 'the data plane cannot be programmed');
  },
  unfit: ([name = '']) => {
    const router = served.get(name)?.router;
    if (!router) return;
    const message =
      'IPv4 forwarding is off: run `sysctl -w net.ipv4.ip_forward=1` as root on this router. It cannot serve until then';
    router.remarks = [{ code: 'router-unfit', severity: 'warning', message }];
  },
  gone: ([name = '']) => {
    const one = served.get(name);
    one?.sshd?.close();
  },
  back: ([name = '']) => reopen(name, false),
  rekey: ([name = '']) => reopen(name, true),
  edit: ([name = '']) => {
    const router = served.get(name)?.router;
    if (router?.text) router.fileText = `${router.text}# edited by hand\n`;
    router?.event('warning', 'file-changed', 'lvs.cf was changed by hand');
  },
};

function everywhere(change: (router: FakeRouter) => void): void {
  for (const { router } of served.values()) change(router);
}

async function reopen(name: string, withNewKey: boolean): Promise<void> {
  const one = served.get(name);
  if (!one) return;
  one.sshd?.close();
  if (withNewKey) one.hostKey = newHostKey();
  one.sshd = await serveRouter(one.router, one.port, one.hostKey);
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [word = '', ...args] = line.trim().split(/\s+/);
  await commands[word]?.(args);
});
