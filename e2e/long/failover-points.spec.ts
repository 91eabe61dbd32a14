/** kill -9 of the agent at every named point of a takeover, on real kernels, seen by ARP on the wire and by a client. */
import { withConfig, withLines } from '#e2e/cluster/by-hand.ts';
import { DEADTIME_SECONDS, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import { settle } from '#e2e/cluster/settle.ts';
import { virtualLines } from '#e2e/cluster/virtual-servers.ts';
import {
  claimedAfter,
  storyOf,
  type Testimony,
  tellLogs,
  untilRole,
  type Witness,
  watchVip,
  wireNow,
} from '#e2e/cluster/witness.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { projectRoot, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from '../fixtures.ts';

const order = '/run/lab-kill-order';
const trace = '/run/lab-kill-points';
const away = '/run/lab-away-ms';
const rolesTold = '/run/lab-roles';

const DEADTIME_MS = DEADTIME_SECONDS * 1000;
const KEEPALIVE_MS = KEEPALIVE_SECONDS * 1000;
/** Promise 2: both may be active until they have heard each other. */
const LONGEST_SPLIT_MS = DEADTIME_MS + 2 * KEEPALIVE_MS;
/** What the programs that move addresses take in the emulator, with a client and an agent's start beside them. */
const EMULATOR_MS = 2000;

/** In the order of a takeover from a partner that fell silent. */
const inFailover = [
  'before the heartbeat that says acquiring',
  'after the heartbeat that says acquiring',
  'before accept_dad is set',
  'after ndisc_notify is set',
  'ip has half of its lines',
  'ip has its lines',
  'ip has ended',
  'after the first word',
  'after the heartbeat that says active',
  'during arping',
  'before the end of the backup sync daemon',
  'after the end of the backup sync daemon',
  'after the start of the master sync daemon',
  'during active_cmd',
  'after active_cmd',
];
/** A planned takeover is remembered, and the partner lives: it may take the service back. */
const inSwitchover = [
  'before the heartbeat that says acquiring',
  'state.json is renamed',
  'ip has half of its lines',
  'ip has ended',
];

/** All that a takeover changes, and each thing several times: addresses of both families, the sync daemon, a command. */
const eventful = (text: string): string => {
  const more = (name: string, address: string, server: string, ...lines: string[]) =>
    virtualLines({
      name,
      lines: [`address = ${address} eth0`, 'check = none'],
      servers: [{ name: 'rs1', address: server, lines }],
    });
  return [
    withLines(
      'syncdaemon = 1',
      'syncd_iface = eth1',
      'syncd_id = 7',
      'active_cmd = "/usr/local/bin/lab-role active"',
      'inactive_cmd = "/usr/local/bin/lab-role inactive"',
      // A router that has withdrawn takes over again at once: one point does not have to wait for the one before.
      '#@ hold_down = 1',
    )(text),
    more('second', '192.0.2.121', '10.11.12.21'),
    more('third', '192.0.2.122', '10.11.12.21'),
    more('sixth', '2001:db8:7::5', '2001:db8:7::21', 'forwarding = direct'),
  ].join('');
};

/** What one look prints, part by part. */
const looks = [
  'ipvsadm -Sn',
  'ip -o addr show',
  'ipvsadm -L --daemon',
  'cd /proc/sys/net; grep . ipv6/conf/eth0/accept_dad ipv6/conf/eth0/ndisc_notify ipv4/conf/eth[01]/promote_secondaries',
  `tail -n 1 ${rolesTold}`,
  'ip route show proto 86',
];
const BETWEEN = '-- next --';

/** All that a takeover changes on a router. */
async function sightOf(router: Router) {
  const shown = await router.on(['sh', '-ec', looks.join(`; echo '${BETWEEN}'; `)]);
  const [table = '', addresses = '', daemons = '', settings = '', told = '', routes = ''] = shown.split(
    `${BETWEEN}\n`,
  );
  return {
    table: table.trim().split('\n').sort(),
    addresses: [...addresses.matchAll(/ (eth\d) +inet6? (\S+)/g)]
      .map(([, device, address]) => `${address} ${device}`)
      .filter((line) => !line.startsWith('fe80'))
      .sort(),
    daemons: [...daemons.matchAll(/^(master|backup) sync daemon/gm)].map(([, state]) => state),
    settings: settings.trim().split('\n'),
    told: told.trim(),
    /** Of the first word: gone after moments. */
    routes: routes.trim(),
  };
}
type Sight = Awaited<ReturnType<typeof sightOf>>;

const untilLooks = (router: Router, whole: Sight, as: string): Promise<void> =>
  // A look is five programs of the emulator, which the agent has to share with them.
  expect(async () => expect(await sightOf(router), `${router.name} ${as}`).toEqual(whole)).toPass({
    timeout: 60_000,
    intervals: [1000],
  });

/** r1 is active, r2 is standby, and each knows so of the other. */
const untilAgreed = (lab: Lab): Promise<unknown> =>
  until(
    'both to agree that r1 is active',
    async () => {
      const [r1, r2] = await Promise.all([lab.r1.agent.status(), lab.r2.agent.status()]);
      const said = [r1.role, r1.peer.role, r2.role, r2.peer.role].join(' ');
      if (said !== 'active standby standby active') throw new Error(said);
      return true;
    },
    { timeoutMs: 60_000, everyMs: 300 },
  );

interface Whole {
  readonly active: Sight;
  readonly standby: Sight;
}

interface Scene {
  readonly lab: Lab;
  readonly seen: Witness;
  readonly point: string;
  readonly whole: Whole;
}

/** One takeover by r2 in which its agent is killed; returns a line of what was seen. */
type Round = (scene: Scene) => Promise<string>;

/** The round with a witness of its own, which ends with it in any case. */
async function witnessed(round: Round, scene: Omit<Scene, 'seen'>): Promise<string> {
  const seen = await watchVip(scene.lab);
  let testimony: Promise<Testimony> | null = null;
  const stop = () => (testimony ??= seen.stop());
  try {
    return await round({ ...scene, seen: { ...seen, stop } });
  } finally {
    await stop();
  }
}

const orderKill = (router: Router, point: string): Promise<string> =>
  router.on(['sh', '-c', `rm -f ${trace} ${away}; echo "$1" >${order}`, 'sh', point]);

/** The agent was killed at the point and another one speaks; how long none did, in ms. */
const untilAnother = (router: Router): Promise<number> =>
  until(
    `${router.name} to be killed and to speak again`,
    async () => {
      const { stdout } = await router.sh(`[ ! -e ${order} ] && cat ${away} || tail -n 5 ${trace}`);
      if (!/^\d+\s*$/.test(stdout)) throw new Error(`passed: ${stdout.trim().split('\n').join('; ')}`);
      return Number(stdout);
    },
    { timeoutMs: 60_000, everyMs: 300 },
  );

/** r1 stands still, r2 takes over and dies; its next agent serves; r1 goes on and has the service. */
const failover: Round = async ({ lab, seen, point, whole }) => {
  const { r1, r2 } = lab;
  await orderKill(r2, point);
  await r1.pause();
  let awayMs: number;
  try {
    awayMs = await untilAnother(r2);
    await untilRole(r2, 'active');
    await seen.ownedBy(r2);
    await untilLooks(r2, whole.active, 'holds all that is to be held');
    await until('a client to be served', () => lab.client.curl(`http://${vip}/`, 1));
  } finally {
    await r1.resume();
  }
  const resumedAt = wireNow();
  await untilAgreed(lab);
  await seen.ownedBy(r1);
  await untilLooks(r2, whole.standby, 'holds nothing');
  const { claims, report, starvedMs } = await seen.stop();
  const late = claimedAfter(claims, r2, resumedAt);
  expect(late, `two owners, in ms: ${storyOf(lab, claims, resumedAt)}`).toBeLessThanOrEqual(
    LONGEST_SPLIT_MS + starvedMs,
  );
  // Killed before the addresses stood: the next agent listens for a dead time of its own. Once they are announced,
  // the kernel serves without an agent.
  const isAnnounced = inFailover.indexOf(point) >= inFailover.indexOf('after the first word');
  const costMs = isAnnounced ? 0 : DEADTIME_MS + awayMs;
  expect(report.longestGapMs).toBeLessThanOrEqual(DEADTIME_MS + costMs + EMULATOR_MS);
  return `agent away ${awayMs} ms, client without answer ${report.longestGapMs} ms, two owners ${late} ms`;
};

/** r1 hands over, r2 takes over and dies while r1 lives: whoever has the service then, one has it. */
const switchover: Round = async ({ lab, seen, point, whole }) => {
  const { r1, r2 } = lab;
  await orderKill(r2, point);
  const orderedAt = wireNow();
  const answer = r1.agent.rpc.request('switchover', {}).then(
    ({ done }) => done,
    (error: unknown) => String(error),
  );
  const awayMs = await untilAnother(r2);
  const owner = await untilOneOwner(lab, seen);
  const isDone = await answer;
  await settle(lab);
  await untilAgreed(lab);
  await seen.ownedBy(r1);
  await untilLooks(r2, whole.standby, 'holds nothing');
  const { claims, report, overlap, starvedMs } = await seen.stop();
  const both = overlap?.ms ?? 0;
  // Nobody takes addresses off a router whose agent is dead; the partner serves meanwhile.
  const longest = Math.max(0, awayMs - DEADTIME_MS + KEEPALIVE_MS) + LONGEST_SPLIT_MS + starvedMs;
  expect(both, `two owners, in ms: ${storyOf(lab, claims, orderedAt)}`).toBeLessThanOrEqual(longest);
  expect(report.longestGapMs).toBeLessThanOrEqual(2 * DEADTIME_MS + awayMs + EMULATOR_MS);
  return `agent away ${awayMs} ms, client without answer ${report.longestGapMs} ms, two owners ${both} ms, switchover done: ${isDone}, then ${owner.name} served`;
};

/** One router is active and the other standby, and the wire says the same. */
async function untilOneOwner(lab: Lab, seen: Witness): Promise<Router> {
  const owner = await until(
    'one router to be active and the other standby',
    async () => {
      const roles = await Promise.all(lab.routers.map(async ({ agent }) => (await agent.status()).role));
      if (roles.toSorted().join(' ') !== 'active standby') throw new Error(roles.join(' '));
      return lab.routers[roles.indexOf('active')];
    },
    { timeoutMs: 60_000, everyMs: 300 },
  );
  await seen.ownedBy(owner, 10);
  return owner;
}

test('the agent is killed at each named point of a takeover: one router owns the VIP, nothing is left half done', async ({
  rested: lab,
}) => {
  test.setTimeout(2_400_000);
  const { r1, r2 } = lab;
  for (const router of lab.routers)
    await router.writeFile('/usr/local/bin/lab-role', `#!/bin/sh\necho "$1" >>${rolesTold}\n`, '755');
  const giveBack = await withConfig(lab, eventful);
  const endKilling = await r2.agent.runWith(
    `NODE_OPTIONS=--import=${projectRoot}/e2e/lab/router/takeover-points.mjs`,
  );
  const failed: string[] = [];
  try {
    await untilAgreed(lab);
    const whole = await sightsOf(lab);
    for (const [kind, round, points] of [
      ['failover', failover, inFailover],
      ['switchover', switchover, inSwitchover],
    ] as const) {
      for (const point of points) {
        await settle(lab);
        await witnessed(round, { lab, point, whole }).then(
          (line) => console.log(`${kind}, killed ${point}: ${line}`),
          async (error: unknown) => {
            const problem = `${kind}, killed ${point}: ${error instanceof Error ? error.message : error}`;
            console.log(problem);
            await tellLogs(lab);
            failed.push(problem);
          },
        );
        // What a faulty one leaves behind may be the fault of the next.
        if (failed.length > 2) throw new Error(failed.join('\n'));
      }
    }
    expect(failed).toEqual([]);
  } finally {
    for (const router of lab.routers) await router.resume();
    await r2.on(['rm', '-f', order, trace, away]);
    await endKilling();
    await giveBack();
    for (const router of [r1, r2]) await router.on(['rm', '-f', '/usr/local/bin/lab-role', rolesTold]);
  }
});

/** What r2 looks like in both roles when nothing has disturbed it. */
async function sightsOf(lab: Lab): Promise<Whole> {
  const { r1, r2 } = lab;
  expect(await r1.agent.rpc.request('switchover', {})).toMatchObject({ done: true });
  await untilRole(r2, 'active');
  const isDone = ({ told, routes }: Sight): boolean => told === 'active' && routes === '';
  await until('active_cmd', async () => isDone(await sightOf(r2)));
  const active = await sightOf(r2);
  await settle(lab);
  await until('inactive_cmd', async () => (await sightOf(r2)).told === 'inactive');
  const standby = await sightOf(r2);
  expect(active.addresses.filter((line) => !standby.addresses.includes(line))).toHaveLength(5);
  expect([active.daemons, standby.daemons]).toEqual([['master'], ['backup']]);
  expect(active.settings).toEqual(standby.settings);
  return { active, standby };
}
