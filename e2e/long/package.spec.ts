/** Debian package and tarball on a router that never had Shoal: installed, upgraded under requests, and gone without a trace. */
import { APPLIED_FILE, applyConfig, withQuickReturn } from '#e2e/cluster/by-hand.ts';
import { builtPackages, carryTo, installDebian, type Packages, packagesOf } from '#e2e/cluster/packages.ts';
import { settle } from '#e2e/cluster/settle.ts';
import { LOST_AFTER_MS, withoutTrace } from '#e2e/cluster/without-trace.ts';
import { untilRole, watchVip } from '#e2e/cluster/witness.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { snapshot } from '#e2e/lab/snapshot.ts';
import { Service, startSystemd } from '#e2e/lab/systemd.ts';
import { expect, test } from '../fixtures.ts';

const NEWER = '99.0.0';
const SLOW = { timeoutMs: 300_000 };

/** What makes a router that of this cluster: an administrator and the console bring it to a new one. */
interface Belongings {
  readonly config: string;
  readonly key: { readonly keyId: string; readonly keyBase64: string };
  readonly consoleKey: string;
}

let belongings: Belongings;
let newer: Packages;
let giveBack: (() => Promise<void>) | null = null;

async function belongingsOf(router: Router): Promise<Belongings> {
  const kept: { keys: Belongings['key'][] } = JSON.parse(
    await router.readFile('/var/lib/shoal/cluster-key.json'),
  );
  const [key] = kept.keys;
  const letIn = await router.readFile('/var/lib/shoal/home/.ssh/authorized_keys');
  const consoleKey = /ssh-ed25519 .*$/m.exec(letIn)?.[0];
  const { text } = await router.agent.rpc.request('config.get', {});
  if (key === undefined || consoleKey === undefined || text === null)
    throw new Error(`${router.name} belongs to no cluster yet`);
  return { config: text, key, consoleKey };
}

const inTheNameOfShoal =
  'setsid setpriv --reuid=shoal --regid=shoal --clear-groups sleep 1000 </dev/null >/dev/null 2>&1 &';

/** Takes the lab's own agent away, and the console's way in. */
async function makeBare(router: Router): Promise<void> {
  await router.agent.forget();
  router.agent.rpc.close();
  await router.on(
    [
      'sh',
      '-c',
      // A session that the console still had; its user cannot go before it has.
      `own() { find /proc -maxdepth 1 -user shoal -name '[0-9]*' -printf '%f\\n' 2>/dev/null; }
      while pids=$(own); [ -n "$pids" ]; do kill -KILL $pids 2>/dev/null; sleep 0.1; done
      set -e
      userdel shoal; ! getent group shoal || groupdel shoal
      rm -rf /usr/local/lib/shoal /usr/local/bin/shoalctl /var/lib/man-db/auto-update ${APPLIED_FILE}
      rmdir /etc/sysconfig 2>/dev/null || true`,
    ],
    SLOW,
  );
}

/** Makes the new router part of the cluster, as an administrator does it. */
async function joinCluster(router: Router): Promise<void> {
  await router.agent.rpc.request('cluster.setKey', belongings.key);
  await router.on(['shoalctl', 'enrol', belongings.consoleKey]);
  await applyConfig(router, belongings.config);
  await untilRole(router, 'active');
}

test.beforeAll(async ({ lab }) => {
  test.setTimeout(600_000);
  newer = await packagesOf(NEWER);
  await settle(lab);
  giveBack = await withQuickReturn(lab);
  const { r1 } = lab;
  belongings = await belongingsOf(r1);
  await r1.keepDisk();
  await startSystemd(r1);
  await makeBare(r1);
  await untilRole(lab.r2, 'active');
});

test.afterAll(async ({ lab }) => {
  test.setTimeout(600_000);
  await lab.r1.restoreDisk();
  await settle(lab);
  await giveBack?.();
});

/** One of the two ways onto a router. */
interface Way {
  install(router: Router, from: Packages): Promise<string>;
  purge(router: Router): Promise<string>;
}

const unpacked = (file: string): string =>
  `/var/tmp/${file.slice(file.lastIndexOf('/') + 1).replace(/\.tar\.gz$/, '')}`;

const ways: Readonly<Record<string, Way>> = {
  'the Debian package': {
    install: (router, { debian }) => installDebian(router, debian),
    purge: (router) => router.on(['dpkg', '--purge', 'shoal-agent'], SLOW),
  },
  'the tarball': {
    async install(router, { tarball }) {
      await router.on(['tar', 'xzf', await carryTo(router, tarball), '-C', '/var/tmp']);
      return router.on(['sh', `${unpacked(tarball)}/install.sh`], SLOW);
    },
    purge: (router) => router.on(['/usr/lib/shoal/uninstall.sh', '--purge'], SLOW),
  },
};

/** It runs, is there at the next boot, and has nothing to do yet. */
async function expectIdle({ r1, r2 }: Lab): Promise<void> {
  const service = new Service(r1);
  expect(await service.property('ActiveState')).toBe('active');
  expect(await r1.on(['systemctl', 'is-enabled', 'shoal-agent'])).toBe('enabled\n');
  expect(await service.property('StatusText')).toBe('no configuration in effect');
  expect(await r1.addresses('eth0')).toEqual([r1.publicAddress]);
  expect((await r2.agent.status()).role).toBe('active');
}

for (const [name, way] of Object.entries(ways)) {
  test(`${name}: installs a service that runs, upgrades it without a lost request or a failover, and goes without a trace`, async ({
    lab,
  }) => {
    test.setTimeout(900_000);
    const { r1, r2 } = lab;
    const before = await snapshot(r1);
    await way.install(r1, builtPackages());
    await expectIdle(lab);
    await joinCluster(r1);
    await until('r1 to hear r2', async () => (await r1.agent.status()).peer.state === 'alive');

    const service = new Service(r1);
    const pid = await service.mainPid();
    await withoutTrace(lab, async () => {
      await way.install(r1, newer);
      expect(await service.mainPid()).not.toBe(pid);
    });
    expect((await r1.agent.status()).version).toBe(NEWER);
    expect(await r1.on(['shoalctl', '--version'])).toBe(`shoalctl ${NEWER}\n`);
    expect(await service.property('ActiveState')).toBe('active');

    // The console is let in, and has something running at that moment.
    await r1.on(['sh', '-c', inTheNameOfShoal]);
    const seen = await watchVip(lab, LOST_AFTER_MS);
    await way.purge(r1);
    expect(await r1.addresses('eth0')).not.toContain(vip);
    await seen.ownedBy(r2);
    const { report } = await seen.stop();
    // Handed over: a dead time is 30 s here.
    expect(report.longestGapMs).toBeLessThan(LOST_AFTER_MS);
    expect((await r2.agent.status()).role).toBe('active');
    await r1.on(['rm', APPLIED_FILE]);
    expect(await snapshot(r1)).toEqual(before);
  });
}
