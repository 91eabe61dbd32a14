/** An apply under load, on a full disk, over a damaged file, and on trial while everything goes wrong. */
import { applyConfig, withPatience } from '#e2e/cluster/by-hand.ts';
import { runningText, untilUp, virtualLines, withVirtuals } from '#e2e/cluster/virtual-servers.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { startCaller, startServant, tally } from '#e2e/lab/talk.ts';
import { expect, test } from '../fixtures.ts';

const VIP = '192.0.2.126';
const PORT = 9000;

/** What stands in the kernel and on the disk. */
const sight = async (router: Router) => ({
  table: (await router.routingTable()).sort(),
  addresses: (await router.addresses('eth0')).sort(),
  file: await router.readFile(configFile),
});

const more = (lab: Lab, first: readonly string[], second: readonly string[]): string =>
  virtualLines({
    name: 'more',
    lines: [`address = ${VIP} eth0`, `port = ${PORT}`, 'scheduler = wrr'],
    servers: [
      { name: 'rs1', address: lab.rs1.address, lines: first },
      { name: 'rs2', address: lab.rs2.address, lines: second },
    ],
  });

test('weights, a drain and a server taken out under load: no request fails, a download goes on', async ({
  rested: lab,
}) => {
  const { r1 } = lab;
  const base = await runningText(r1);
  const servants = await Promise.all(['rs1', 'rs2'].map((name) => startServant(name, [`tcp/${PORT}`])));
  const load = startCaller();
  const caller = startCaller();
  const call = { host: VIP, port: PORT };
  const ask = async (count: number) => tally(await caller.ask({ ...call, count }));
  try {
    await applyConfig(r1, base + more(lab, ['weight = 1'], ['weight = 1']));
    await untilUp(r1, ['more']);
    const stays = (await load.download(call)) ?? '';
    const goes = stays === 'rs1' ? 'rs2' : 'rs1';
    const apply = (staying: string, going: string): Promise<void> =>
      applyConfig(
        r1,
        base + (stays === 'rs1' ? more(lab, [staying], [going]) : more(lab, [going], [staying])),
      );
    await load.startAsking(call);

    await apply('weight = 1', 'weight = 3');
    expect(await ask(40), 'beside the load').toMatchObject({ [goes]: expect.any(Number) });
    const shares = await ask(40);
    expect(shares[goes]).toBeGreaterThan(2 * (shares[stays] ?? 0));

    await r1.agent.rpc.request('server.drain', { virtualServer: 'more', realServer: stays });
    expect(await ask(8)).toEqual({ [goes]: 8 });
    await r1.agent.rpc.request('server.undrain', { virtualServer: 'more', realServer: stays });

    await apply('weight = 1', 'active = 0');
    expect(await ask(8)).toEqual({ [stays]: 8 });
    const before = await load.downloaded();
    await apply('weight = 1', 'weight = 1');
    await untilUp(r1, ['more']);
    expect(Object.keys(await ask(8)).sort()).toEqual(['rs1', 'rs2']);

    const { answered, failed } = await load.stopAsking();
    expect(failed).toBe(0);
    expect(answered).toBeGreaterThan(20);
    const after = await load.downloaded();
    expect(after).toMatchObject({ inOrder: true, ended: false });
    expect(after.numbers).toBeGreaterThan(before.numbers);
  } finally {
    await Promise.all([load.stop(), caller.stop()]);
    await applyConfig(r1, base);
    for (const servant of servants) await servant.stop();
  }
});

test('the sorry server comes with the check that fails last and goes with the first good one', async ({
  rested: lab,
}) => {
  const INTERVAL_MS = 2000;
  let servants = await Promise.all(['rs1', 'rs2'].map((name) => startServant(name, [`tcp/${PORT}`])));
  const sorry = await startServant('rs3', ['tcp/9001']);
  const caller = startCaller();
  const call = { host: VIP, port: PORT, count: 4 };
  const virtual = {
    name: 'sorry',
    lines: [
      ...[`address = ${VIP} eth0`, `port = ${PORT}`, 'scheduler = rr', 'reentry = 0', 'timeout = 2'],
      ...[`sorry_server = ${lab.rs3.address}`, 'sorry_port = 9001'],
    ],
    servers: [lab.rs1, lab.rs2].map(({ name, address }) => ({ name, address })),
  };
  const servers = async (): Promise<string> => {
    const lines = (await lab.r1.routingTable()).filter((line) => line.startsWith(`-a -t ${VIP}:`));
    return lines
      .map((line) => / -r (\S+)/.exec(line)?.[1])
      .sort()
      .join(' ');
  };
  try {
    await withVirtuals(lab.r1, { virtuals: [virtual] }, async () => {
      expect(tally(await caller.ask(call))).toEqual({ rs1: 2, rs2: 2 });
      for (const servant of servants) await servant.stop();
      const stoppedAt = performance.now();
      const sorryAlone = async (): Promise<boolean> => (await servers()) === `${lab.rs3.address}:9001`;
      await until('the sorry server', sorryAlone, { everyMs: 50 });
      // One look at the table is a program of the emulator, hence the second interval.
      expect(performance.now() - stoppedAt).toBeLessThanOrEqual(2 * INTERVAL_MS);
      expect(tally(await caller.ask(call))).toEqual({ rs3: 4 });

      servants = await Promise.all(['rs1', 'rs2'].map((name) => startServant(name, [`tcp/${PORT}`])));
      const startedAt = performance.now();
      const without = async (): Promise<boolean> => !(await servers()).includes(lab.rs3.address);
      await until('the sorry server to go', without, { everyMs: 50 });
      expect(performance.now() - startedAt).toBeLessThanOrEqual(2 * INTERVAL_MS);
      // A real server is up before the kernel has it.
      const both = [lab.rs1, lab.rs2].map(({ address }) => `${address}:${PORT}`).join(' ');
      await until('both to serve again', async () => (await servers()) === both);
      expect(tally(await caller.ask(call))).toEqual({ rs1: 2, rs2: 2 });
    });
  } finally {
    await caller.stop();
    for (const servant of [...servants, sorry]) await servant.stop();
  }
});

test('a full disk refuses an apply as a whole, whichever folder is full; with room again it is taken', async ({
  rested: lab,
}) => {
  const { r1 } = lab;
  const folders = ['/var/lib/shoal', '/etc/sysconfig/ha'];
  const small = `for d in "$@"; do rm -rf /run/lab-kept; cp -a "$d" /run/lab-kept;
    mount -t tmpfs -o size=256k,mode=755 lab "$d"; cp -a /run/lab-kept/. "$d"; done`;
  const large = `for d in "$@"; do rm -f "$d/full"; rm -rf /run/lab-kept; cp -a "$d" /run/lab-kept;
    umount "$d"; cp -a /run/lab-kept/. "$d"; done`;
  const base = await runningText(r1);
  const wanted = base + more(lab, [], []);
  await r1.writeFile('/run/lab-lvs.cf', wanted);
  await r1.on(['sh', '-e', '-c', small, 'sh', ...folders]);
  try {
    const before = await sight(r1);
    for (const folder of folders) {
      await r1.on(['sh', '-c', 'dd if=/dev/zero of="$1/full" bs=1k 2>/dev/null; true', 'sh', folder]);
      const { code, stdout, stderr } = await r1.agent.shoalctl(['apply', '/run/lab-lvs.cf']);
      expect(code, folder).toBe(1);
      expect(stdout + stderr, folder).toMatch(/ENOSPC|no space left/i);
      expect(await sight(r1), folder).toEqual(before);
      expect((await r1.agent.status()).role).toBe('active');
      await r1.on(['rm', `${folder}/full`]);
      const left = (await r1.on(['ls', '-A', folder])).split('\n').filter((name) => name.endsWith('.new'));
      expect(left, 'nothing half-written is left').toEqual([]);
    }
    await applyConfig(r1, wanted);
    expect((await sight(r1)).addresses).toContain(VIP);
  } finally {
    await r1.on(['sh', '-c', 'rm -f "$1/full" "$2/full"', 'sh', ...folders]);
    await applyConfig(r1, base);
    await r1.on(['sh', '-e', '-c', large, 'sh', ...folders]);
  }
});

test('a file that is damaged on the disk changes nothing: not when it is reloaded, not when the agent starts anew', async ({
  rested: lab,
}) => {
  const { r1 } = lab;
  const giveBack = await withPatience(lab);
  try {
    const before = await sight(r1);
    const { runId } = await r1.agent.status();
    await r1.writeFile(configFile, `virtual {{{\n${before.file}`);
    const reload = await r1.agent.shoalctl(['reload']);
    expect(reload.code).toBe(1);
    expect(reload.stdout + reload.stderr).toMatch(/line \d+|:\d+:/);
    expect((await r1.routingTable()).sort()).toEqual(before.table);

    await r1.agent.kill();
    const status = await until(
      'the next agent',
      async () => {
        const now = await r1.agent.status();
        return now.runId !== runId && now.role === 'active' && now;
      },
      { timeoutMs: 60_000 },
    );
    expect(status.problems.join()).toContain('has faults and is not used');
    expect(status.config.hash).not.toBe(status.config.fileHash);
    expect({ ...(await sight(r1)), file: before.file }).toEqual(before);
  } finally {
    await giveBack();
  }
});

test('a push on trial returns although the console is gone, the agent is killed and the clock is set', async ({
  rested: lab,
}) => {
  test.setTimeout(240_000);
  const { r1 } = lab;
  const giveBack = await withPatience(lab);
  const setClock = (shiftSeconds: number): Promise<string> =>
    r1.on(['date', '-s', `@${Math.round(Date.now() / 1000) + shiftSeconds}`]);
  const HOUR = 3600;
  const TRIAL_SECONDS = 20;
  try {
    const base = await runningText(r1);
    const before = await sight(r1);
    const text = base + more(lab, [], []);
    for (const { shift, kill } of [
      { shift: HOUR, kill: false },
      { shift: -HOUR, kill: true },
      { shift: HOUR, kill: true },
    ]) {
      const what = `the clock set by ${shift} s${kill ? ', the agent killed' : ''}`;
      const pushed = await r1.agent.rpc.request('config.apply', {
        text,
        confirmWithinSeconds: TRIAL_SECONDS,
      });
      const pushedAt = performance.now();
      expect(pushed).toMatchObject({ applied: true });
      r1.agent.rpc.close();
      await r1.restartSshd();
      await setClock(shift);
      if (kill) await r1.agent.kill();
      await until(what, async () => (await r1.readFile(configFile)) === base, { timeoutMs: 90_000 });
      const returnedAfter = (performance.now() - pushedAt) / 1000;
      expect(returnedAfter, `${what}: not before its time`).toBeGreaterThan(TRIAL_SECONDS - 2);
      await expect(async () => expect(await sight(r1)).toEqual(before)).toPass({ timeout: 10_000 });
      await until('the role', async () => (await r1.agent.status()).role === 'active', { timeoutMs: 60_000 });
      await setClock(0);
    }
  } finally {
    await setClock(0);
    await giveBack();
  }
});
