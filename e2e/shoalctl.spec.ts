/** shoalctl on a real router: what doctor finds there, what status shows of the kernel, a drain that waits. */
import { connect, type Socket } from 'node:net';
import { virtualServerName } from '#e2e/cluster/example.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { RouterStatus } from '#lib/protocol/messages.ts';
import { expect, test } from './fixtures.ts';

interface Finding {
  readonly id: string;
  readonly level: string;
  readonly text: string;
  readonly mending?: { readonly commands: readonly string[] };
}

test('doctor finds nothing that keeps the routers from serving, and what is taken away with its cure', async ({
  rested: { r1, r2 },
}) => {
  for (const router of [r1, r2]) {
    const { code, stdout } = await router.agent.shoalctl(['doctor', '--json']);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(code).toBe(0);
    const fine = findings.filter(({ level }) => level === 'ok').map(({ id }) => id);
    expect(fine).toEqual(
      expect.arrayContaining(['ip-vs', 'schedulers', 'ipvsadm', 'interfaces', 'forwarding', 'partner']),
    );
  }

  await r2.on(['sysctl', '-w', 'net.ipv4.ip_forward=0']);
  try {
    const { code, stdout } = await r2.agent.shoalctl(['doctor', '--json']);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const [broken] = findings.filter(({ level }) => level === 'error');
    expect([code, broken?.id]).toEqual([1, 'forwarding']);
    const [command = ''] = broken?.mending?.commands ?? [];
    expect(command).toBe('sysctl -w net.ipv4.ip_forward=1');
    await r2.on(command.split(' '));
    expect((await r2.agent.shoalctl(['doctor'])).code).toBe(0);
  } finally {
    await r2.on(['sysctl', '-w', 'net.ipv4.ip_forward=1']);
    await until('r2 to be fit again', async () => (await r2.agent.status()).problems.length === 0, {
      timeoutMs: 60_000,
    });
  }
});

test('plan --from the table of the kernel changes nothing, and status names what stands there', async ({
  rested: { r1 },
}) => {
  const table = (await r1.routingTable()).join('\n');
  await r1.writeFile('/run/table', `${table}\n`);
  const plan = await r1.agent.shoalctl(['plan', '--from', '/run/table', configFile]);
  expect(plan).toMatchObject({ code: 0, stdout: '' });
  // A rested cluster needs one of the two ways to its partner only.
  const isHeard = async () => (await r1.agent.status()).peer.channels.every(({ twoWay }) => twoWay);
  await until('r1 to hear r2 both ways on both networks', isHeard);
  const { stdout } = await r1.agent.shoalctl(['status']);
  expect(stdout).toMatch(new RegExp(`^${r1.name} \\(primary\\) {2}ACTIVE for .*\n`));
  expect(stdout).toMatch(
    /partner {2}standby, heard \d+ m?s ago, public both ways, private both ways(, \d+ datagrams refused)?\n/,
  );
  expect(stdout).toContain(`web  tcp ${vip}:80  wrr`);
  for (const name of ['rs1', 'rs2']) expect(stdout).toMatch(new RegExp(`  ${name} +\\S+:80 . up `));
  const json: RouterStatus = JSON.parse((await r1.agent.shoalctl(['status', '--json'])).stdout);
  expect(json).toMatchObject({ role: 'active', hostname: r1.name });
  expect(json.services.map(({ service }) => service).join()).toContain(`${vip}:80`);
});

test('drain --wait ends when the last connection of the real server is closed, not before', async ({
  rested: { r1 },
}) => {
  const held: Socket = connect(80, vip);
  held.on('error', () => {});
  // Its HTTP server waits a minute for the request: asked by the session that stands, not by a program each time.
  const activeOn = async (): Promise<string | undefined> => {
    const status = await r1.agent.status();
    const busy = status.services
      .flatMap(({ destinations }) => destinations)
      .find((one) => one.activeConnections > 0);
    return status.health.find(({ address }) => address === busy?.address)?.realServer;
  };
  let server = '';
  await until('the connection to be in the table', async () => {
    server = (await activeOn()) ?? '';
    return server !== '';
  });
  try {
    let isOver = false;
    const said = '/run/lab-drain';
    const draining = r1
      .ssh(['sh', '-c', `shoalctl drain --wait ${virtualServerName} ${server} >${said} 2>&1`])
      .then((result) => {
        isOver = true;
        return result;
      });
    const saysSo = async (): Promise<boolean> => /connections? left/.test(await r1.readFile(said));
    await until('the drain to count', saysSo, { everyMs: 300 });
    expect(await activeOn()).toBe(server);
    expect(isOver).toBe(false);
    held.destroy();
    expect((await draining).code).toBe(0);
    const stdout = await r1.readFile(said);
    // Others may be counted, too: connections of earlier requests that the kernel has not forgotten yet.
    expect(stdout).toMatch(/^\d+ connections? left$/m);
    expect(stdout).toContain(`nobody is connected to ${server} of ${virtualServerName} any more`);
  } finally {
    held.destroy();
    await r1.agent.shoalctl(['undrain', virtualServerName, server]);
  }
});
