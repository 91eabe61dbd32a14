/** What each scheduler promises, seen by clients: who gets their connections. */
import { type MoreVirtual, withVirtuals } from '#e2e/cluster/virtual-servers.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { must, until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { type Caller, startCaller, startServant, tally } from '#e2e/lab/talk.ts';
import { type SchedulerName, schedulers } from '#lib/lvs/schedulers.ts';
import { expect, test } from '../fixtures.ts';

const VIP = '192.0.2.110';
/** A network of others behind the router: for the schedulers that go by the destination, as before web caches. */
const elsewhere = (number: number): string => `198.51.100.${number}`;
const clients = Array.from({ length: 32 }, (_, index) => `192.0.2.${150 + index}`);
const ascending = [1, 2, 3];
const alike = [4, 4, 4];

type Names = readonly (string | null)[];

interface Talk {
  readonly caller: Caller;
  readonly router: Router;
  readonly virtualServer: string;
  /** By VIP, or the n-th address elsewhere. */
  hold(count: number, destination?: number): Promise<Names>;
  ask(count: number, destination?: number): Promise<Names>;
  /** Who answers each of the clients. */
  askFromEach(): Promise<Names>;
}

interface Promised {
  readonly weights: readonly number[];
  readonly keeps: (talk: Talk) => Promise<void>;
}

/** While a real server is drained. */
async function whileDrained(talk: Talk, realServer: string, run: () => Promise<void>): Promise<void> {
  const { rpc } = talk.router.agent;
  const place = { virtualServer: talk.virtualServer, realServer };
  const weightIs = (drained: boolean): Promise<boolean> =>
    until(`${realServer} to be ${drained ? 'drained' : 'back'}`, async () => {
      const { health } = await talk.router.agent.status();
      const found = health.find(
        (row) => row.virtualServer === talk.virtualServer && row.realServer === realServer,
      );
      return (found?.weight === 0) === drained;
    });
  await rpc.request('server.drain', place);
  try {
    // The answer to a drain comes before the kernel has the weight.
    await weightIs(true);
    await run();
  } finally {
    await rpc.request('server.undrain', place);
    await weightIs(false);
  }
}

const used = (names: Names): (string | null)[] => [...new Set(names)].sort();
const everyone = ['rs1', 'rs2', 'rs3'];
const inProportion = { rs1: 2, rs2: 4, rs3: 6 };

/** Each destination has one server at both times; the destinations are spread. */
async function staysByDestination(talk: Talk): Promise<void> {
  const names: (string | null)[] = [];
  for (let number = 1; number <= 12; number += 1) {
    const [first, second] = await talk.ask(2, number);
    expect(second, elsewhere(number)).toBe(first);
    names.push(first ?? null);
  }
  expect(used(names)).toEqual(everyone);
}

/** The server of a destination that has more connections than its weight; another one, idle, takes the next. */
async function overloads(talk: Talk): Promise<{ readonly full: string; readonly next: string }> {
  const names = await talk.hold(6, 40);
  const [full, next] = [names[0] ?? '', names[5] ?? ''];
  expect(names.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => full));
  expect(next).not.toBe(full);
  return { full, next };
}

async function staysByClient(talk: Talk): Promise<Names> {
  const first = await talk.askFromEach();
  expect(await talk.askFromEach()).toEqual(first);
  expect(used(first)).toEqual(everyone);
  return first;
}

const promises: Readonly<Record<Exclude<SchedulerName, 'twos'>, Promised>> = {
  rr: {
    weights: ascending,
    keeps: async ({ ask }) => expect(tally(await ask(9))).toEqual({ rs1: 3, rs2: 3, rs3: 3 }),
  },
  wrr: { weights: ascending, keeps: async ({ ask }) => expect(tally(await ask(12))).toEqual(inProportion) },
  lc: {
    weights: ascending,
    keeps: async ({ hold, caller }) => {
      expect(tally(await hold(9))).toEqual({ rs1: 3, rs2: 3, rs3: 3 });
      await caller.drop('rs1');
      expect(await hold(3)).toEqual(['rs1', 'rs1', 'rs1']);
    },
  },
  wlc: {
    weights: ascending,
    keeps: async ({ hold, caller }) => {
      expect(tally(await hold(12))).toEqual(inProportion);
      await caller.drop('rs3');
      expect(tally(await hold(6))).toEqual({ rs3: 6 });
    },
  },
  sed: {
    weights: ascending,
    keeps: async ({ hold }) => {
      const names = await hold(12);
      expect(names.slice(0, 3), 'the weakest waits').not.toContain('rs1');
      expect(tally(names)).toEqual(inProportion);
    },
  },
  nq: {
    weights: ascending,
    keeps: async ({ hold }) => {
      const names = await hold(12);
      expect(used(names.slice(0, 3)), 'nobody is idle').toEqual(everyone);
      expect(tally(names)).toEqual(inProportion);
    },
  },
  fo: {
    weights: ascending,
    keeps: async (talk) => {
      expect(tally(await talk.ask(5))).toEqual({ rs3: 5 });
      await whileDrained(talk, 'rs3', async () => expect(tally(await talk.ask(5))).toEqual({ rs2: 5 }));
      expect(tally(await talk.ask(5))).toEqual({ rs3: 5 });
    },
  },
  ovf: {
    weights: ascending,
    keeps: async ({ hold }) =>
      expect(await hold(9)).toEqual([
        ...['rs3', 'rs3', 'rs3', 'rs3'],
        ...['rs2', 'rs2', 'rs2'],
        ...['rs1', 'rs1'],
      ]),
  },
  sh: {
    weights: ascending,
    keeps: async (talk) => {
      await staysByClient(talk);
    },
  },
  mh: {
    weights: ascending,
    keeps: async (talk) => {
      const before = await staysByClient(talk);
      await whileDrained(talk, 'rs1', async () => {
        const during = await talk.askFromEach();
        expect(during).not.toContain('rs1');
        const others = before.flatMap((name, index) => (name === 'rs1' ? [] : [during[index] === name]));
        expect(others.filter((stayed) => !stayed).length).toBeLessThanOrEqual(others.length / 10);
      });
      expect(await talk.askFromEach()).toEqual(before);
    },
  },
  dh: { weights: alike, keeps: staysByDestination },
  lblc: {
    weights: alike,
    keeps: async (talk) => {
      await staysByDestination(talk);
      const { full, next } = await overloads(talk);
      await talk.caller.drop(full);
      expect(await talk.ask(1, 40), 'the destination has moved').toEqual([next]);
    },
  },
  lblcr: {
    weights: alike,
    keeps: async (talk) => {
      await staysByDestination(talk);
      const { full, next } = await overloads(talk);
      await talk.caller.drop(full);
      expect(await talk.ask(1, 40), `${full} is still one of its servers, beside ${next}`).toEqual([full]);
    },
  },
};

const names = Object.keys(promises) as (keyof typeof promises)[];
const goesByDestination = (name: SchedulerName): boolean => ['dh', 'lblc', 'lblcr'].includes(name);
const portOf = (name: SchedulerName): number => 9100 + schedulers.findIndex((row) => row.name === name);

function virtualOf(lab: Lab, name: keyof typeof promises): MoreVirtual {
  const port = portOf(name);
  return {
    name: `by-${name}`,
    lines: [
      `scheduler = ${name}`,
      ...(goesByDestination(name)
        ? ['address = 0.0.0.0 eth0', `fwmark = ${port}`]
        : [`address = ${VIP} eth0`, `port = ${port}`]),
    ],
    servers: lab.realServers.map((server, index) => ({
      name: server.name,
      address: server.address,
      lines: ['port = 9000', `weight = ${promises[name].weights[index]}`],
    })),
  };
}

/** Marks packets to elsewhere by their port, and lets the router take them. */
async function routeElsewhere(lab: Lab): Promise<void> {
  const rules = names.filter(goesByDestination).map((name) => {
    const port = portOf(name);
    return `ip daddr 198.51.100.0/24 tcp dport ${port} meta mark set ${port}`;
  });
  const ruleset = `table ip lab { chain marks { type filter hook prerouting priority -150; ${rules.join('; ')};\n}\n}\n`;
  await lab.r1.on(['nft', '-f', '-'], { stdin: ruleset });
  await lab.r1.on(['ip', 'route', 'add', 'local', '198.51.100.0/24', 'dev', 'lo']);
  await must(['ip', '-n', 'cl', 'route', 'add', '198.51.100.0/24', 'via', lab.r1.publicAddress]);
  for (const address of clients) await must(['ip', '-n', 'cl', 'addr', 'add', `${address}/32`, 'dev', 'lo']);
}

/** The way back, as far as it is needed. */
async function forgetElsewhere(lab: Lab): Promise<void> {
  for (const address of clients) await lab.client.exec(['ip', 'addr', 'del', `${address}/32`, 'dev', 'lo']);
  await lab.client.exec(['ip', 'route', 'del', '198.51.100.0/24']);
  await lab.r1.sh('ip route del local 198.51.100.0/24 dev lo; nft delete table ip lab');
}

test('clients are spread as each scheduler of the kernel promises', async ({ rested: lab }) => {
  test.setTimeout(240_000);
  const servants = await Promise.all(lab.realServers.map(({ name }) => startServant(name, ['tcp/9000'])));
  const caller = startCaller();
  const talkOf = (name: SchedulerName): Talk => {
    const port = portOf(name);
    const host = (destination?: number) => (destination === undefined ? VIP : elsewhere(destination));
    return {
      caller,
      router: lab.r1,
      virtualServer: `by-${name}`,
      hold: (count, destination) => caller.hold({ host: host(destination), port, count }),
      ask: (count, destination) => caller.ask({ host: host(destination), port, count }),
      askFromEach: () => caller.ask({ host: VIP, port, count: clients.length, from: clients }),
    };
  };
  try {
    await routeElsewhere(lab);
    await withVirtuals(lab.r1, { virtuals: names.map((name) => virtualOf(lab, name)) }, async () => {
      for (const name of names) {
        await test.step(name, () => promises[name].keeps(talkOf(name)));
        await caller.drop();
      }
    });
  } finally {
    await caller.stop();
    await forgetElsewhere(lab);
    for (const servant of servants) await servant.stop();
  }
});
