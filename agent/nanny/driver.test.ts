import { describe, expect, it } from 'vitest';
import { config, createScene, emptyTable, server, tableWith, virtual } from './scene.ts';

const ONE = '198.51.100.1';
const TWO = '198.51.100.2';
const one = server('one', ONE, { weight: 10 });
const two = server('two', TWO, { weight: 20 });
const web = virtual('web', [one, two]);

/** A scene in which both servers of `web` are up. */
async function running() {
  const scene = createScene();
  scene.nanny.configure(config(web), emptyTable);
  await scene.clock.advance(100);
  expect(scene.weights()).toEqual([10, 20]);
  return scene;
}

describe('admission and removal', () => {
  it('admits new servers by their first check, which is made at once', async () => {
    const scene = createScene();
    scene.nanny.configure(config(web), emptyTable);
    expect(scene.states()).toEqual(['unknown', 'unknown']);
    expect(scene.nanny.weightOf(0, 1)).toBeNull();
    await scene.clock.advance(100);
    expect(scene.states()).toEqual(['up', 'up']);
    expect(scene.nanny.weightOf(0, 1)).toBe(20);
  });

  it('removes a server within one interval of its death and tells in the words that operators know', async () => {
    const scene = await running();
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    expect(scene.weights()).toEqual([null, 20]);
    expect(scene.states()).toEqual(['down', 'up']);
    expect(scene.events.at(-1)).toBe(
      'warning server-down [inactive] shutting down 198.51.100.1:443 of web due to connection refused',
    );
  });

  it('brings it back after as many successes as reentry holds intervals', async () => {
    const scene = await running();
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    scene.recover(ONE);
    await scene.clock.advance(6000);
    expect(scene.nanny.status()[0]).toMatchObject({
      state: 'rising',
      weight: null,
      evidence: 'answered in 3 ms, 1 of 2 times for re-entry',
    });
    await scene.clock.advance(6000);
    expect(scene.weights()).toEqual([10, 20]);
    expect(scene.events.at(-1)).toBe(
      'info server-up [ active ] making 198.51.100.1:443 available in web: answered in 3 ms',
    );
  });

  it('gives a failed server weight 0 where the virtual server quiesces', async () => {
    const scene = createScene();
    scene.nanny.configure(config({ ...web, quiesce: true }), emptyTable);
    await scene.clock.advance(100);
    scene.refuse(TWO);
    await scene.clock.advance(6003);
    expect(scene.weights()).toEqual([10, 0]);
  });

  it('lets the weight grow by itself', async () => {
    const scene = createScene();
    scene.nanny.configure(
      config(virtual('web', [server('big', ONE, { weight: 64 })], { slowStartSeconds: null })),
      emptyTable,
    );
    await scene.clock.advance(100);
    expect(scene.weights()).toEqual([2]);
    const changes = scene.changes();
    await scene.clock.advance(20_000);
    expect(scene.weights()).toEqual([4]);
    expect(scene.changes()).toBe(changes + 1);
    await scene.clock.advance(80_000);
    expect(scene.weights()).toEqual([64]);
  });

  it('neither checks nor serves what is not active', async () => {
    const scene = createScene();
    const off = virtual('off', [server('three', '198.51.100.3')], { enabled: false, port: 25 });
    scene.nanny.configure(config(virtual('web', [{ ...one, enabled: false }, two]), off), emptyTable);
    await scene.clock.advance(10_000);
    expect(scene.states()).toEqual(['disabled', 'up', 'disabled']);
    expect(scene.weights()).toEqual([null, 20, null]);
    expect(new Set(scene.asked.map(({ address }) => address))).toEqual(new Set([TWO]));
    expect(scene.nanny.status()[0]?.evidence).toBe('not active in the configuration');
  });

  it.each([
    ['its name is no address', { address: 'web1.example' }, 'web1.example is not an address but a name'],
    ['its port is none', { port: 70_000 }, '70000 is not a port'],
    ['it has no address', { address: null }, 'it has no address'],
  ])('says why a server is neither checked nor served: %s', async (_, settings, evidence) => {
    const scene = createScene();
    scene.nanny.configure(config(virtual('web', [{ ...one, ...settings }])), emptyTable);
    await scene.clock.advance(10_000);
    expect(scene.nanny.status()[0]).toMatchObject({ state: 'disabled', evidence });
    expect(scene.asked).toEqual([]);
  });

  it('reports every server in the order of the configuration, with the time of its last check', async () => {
    const scene = await running();
    expect(scene.nanny.status()).toEqual([
      expect.objectContaining({
        virtualServer: 'web',
        realServer: 'one',
        address: ONE,
        port: 443,
        evidence: 'answered in 3 ms',
      }),
      expect.objectContaining({
        virtualServer: 'web',
        realServer: 'two',
        address: TWO,
        checkedAt: expect.stringMatching(/^2024-01-01T00:02:03\.\d{3}Z$/),
      }),
    ]);
  });
});

describe('real servers that nobody asks (check = none)', () => {
  const unasked = virtual('web', [one, two], { checkKind: 'none' });

  it('serve at once, and no time is spent on them', async () => {
    const scene = createScene();
    scene.nanny.configure(config(unasked), emptyTable);
    expect(scene.weights()).toEqual([10, 20]);
    expect(scene.clock.waiting()).toBe(1);
    await scene.clock.advance(60_000);
    expect(scene.clock.waiting()).toBe(0);
    expect(scene.weights()).toEqual([10, 20]);
  });

  it('serve also when they are found in the table with weight 0', async () => {
    const scene = createScene();
    scene.nanny.configure(config(unasked), tableWith({ [ONE]: 0, [TWO]: 20 }));
    expect(scene.weights()).toEqual([10, 20]);
  });

  it('serve again when a check that failed is taken out of the configuration', async () => {
    const scene = await running();
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    expect(scene.weights()).toEqual([null, 20]);
    scene.nanny.configure(config(unasked), emptyTable);
    expect(scene.weights()).toEqual([10, 20]);
    expect(scene.events.at(-1)).toBe(
      'info server-up [ active ] making 198.51.100.1:443 available in web: not checked, as the configuration says',
    );
  });
});

describe('checks in time', () => {
  const many = (count: number) =>
    virtual(
      'many',
      Array.from({ length: count }, (_, index) => server(`s${index}`, `203.0.113.${index}`)),
    );

  it('starts the first checks of 100 new endpoints within 200 ms, not all at once', async () => {
    const scene = createScene();
    scene.nanny.configure(config(many(100)), emptyTable);
    await scene.clock.advance(200);
    expect(new Set(scene.asked.map(({ address }) => address)).size).toBe(100);
    expect(new Set(scene.asked.slice(0, 100).map(({ at }) => at)).size).toBeGreaterThan(50);
  });

  it('spreads the later ones over the interval', async () => {
    const scene = createScene();
    scene.nanny.configure(config(many(200)), emptyTable);
    await scene.clock.advance(12_000);
    const began = scene.clock.now() - 6000;
    const perSecond = Array.from(
      { length: 6 },
      (_, second) =>
        scene.asked.filter(({ at }) => at >= began + second * 1000 && at < began + (second + 1) * 1000)
          .length,
    );
    expect(perSecond.reduce((sum, count) => sum + count)).toBe(200);
    for (const count of perSecond) expect(count).toBeGreaterThan(15);
  });

  it('keeps a fixed rate, whatever the checks take', async () => {
    const scene = createScene();
    scene.nanny.configure(config(virtual('web', [one])), emptyTable);
    await scene.clock.advance(6000);
    const times: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      scene.answer(ONE, { afterMs: 100 * turn });
      await scene.clock.advance(6000);
      times.push(scene.asked.at(-1)?.at ?? 0);
    }
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(Array(19).fill(6000));
  });

  it('never makes two checks of one endpoint at once, and goes on at its rate when each runs into the limit', async () => {
    const scene = createScene();
    scene.answer(ONE, { ok: false, evidence: 'no answer within 6 s', afterMs: 99_999 });
    scene.nanny.configure(config(virtual('web', [one])), emptyTable);
    await scene.clock.advance(60_000);
    expect(scene.worstOverlap()).toBe(1);
    expect(scene.asked.length).toBeGreaterThanOrEqual(9);
  });

  it('checks an endpoint once for all virtual servers that share it', async () => {
    const scene = createScene();
    const other = virtual('other', [one], { vip: { address: '192.0.2.101', device: 'eth0' } });
    scene.nanny.configure(config(web, other), emptyTable);
    await scene.clock.advance(60_000);
    expect(scene.asked.filter(({ address }) => address === ONE).length).toBeLessThanOrEqual(11);
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    expect(scene.weights()).toEqual([null, 20, null]);
  });

  it('does not share an endpoint whose check or interval differs', async () => {
    const scene = createScene();
    const vip = { address: '192.0.2.101', device: 'eth0' };
    scene.nanny.configure(
      config(
        web,
        virtual('fast', [one], { vip, checkSeconds: 2 }),
        virtual('talk', [one], { vip, port: 80, send: '"x"' }),
      ),
      emptyTable,
    );
    await scene.clock.advance(100);
    expect(scene.asked.filter(({ address }) => address === ONE).length).toBeGreaterThanOrEqual(3);
  });

  it('tells of all changes of one moment once', async () => {
    const scene = createScene();
    const again = ['192.0.2.101', '192.0.2.102'].map((address, index) =>
      virtual(`v${index}`, [one], { vip: { address, device: 'eth0' } }),
    );
    scene.nanny.configure(config(virtual('web', [one]), ...again), emptyTable);
    await scene.clock.advance(1);
    const changes = scene.changes();
    await scene.clock.advance(100);
    expect(scene.weights()).toEqual([10, 10, 10]);
    expect(scene.changes()).toBe(changes + 1);
  });
});

describe("faults that are not the real server's", () => {
  it('keeps the last state when the router itself cannot check, and tells so once', async () => {
    const scene = await running();
    for (const address of [ONE, TWO])
      scene.answer(address, { ok: null, evidence: 'not checked: the agent has too many open files' });
    await scene.clock.advance(20_000);
    expect(scene.weights()).toEqual([10, 20]);
    expect(scene.nanny.status()[0]?.evidence).toBe('not checked: the agent has too many open files');
    expect(scene.events.filter((event) => event.includes('check-impossible'))).toEqual([
      'error check-impossible Real servers keep their last state: not checked: the agent has too many open files',
    ]);
  });

  const heldUp = { ok: false, evidence: 'no answer within 6 s', durationMs: 30_000 };

  it('asks again when the agent was held up during a check, and believes the second answer', async () => {
    const scene = await running();
    scene.answer(ONE, heldUp, {});
    await scene.clock.advance(6100);
    expect(scene.weights()).toEqual([10, 20]);
    scene.answer(ONE, heldUp, heldUp);
    await scene.clock.advance(6100);
    expect(scene.weights()).toEqual([null, 20]);
  });

  it('counts a checker that throws as no answer to anything', async () => {
    const scene = createScene();
    scene.nanny.configure(config(virtual('dns', [one], { protocol: 'udp', port: 53 })), emptyTable);
    await scene.clock.advance(100);
    expect(scene.nanny.status()[0]).toMatchObject({
      state: 'unknown',
      evidence: 'not checked: this kind is not part of the scene',
    });
  });
});

describe('a new configuration', () => {
  it('keeps the state and the place in time of what stays', async () => {
    const scene = await running();
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    const checks = scene.asked.length;
    scene.nanny.configure(config(virtual('web', [server('new', '198.51.100.3'), two, one])), emptyTable);
    expect(scene.states()).toEqual(['unknown', 'up', 'down']);
    await scene.clock.advance(10);
    expect(scene.asked.slice(checks).map(({ address }) => address)).toEqual(['198.51.100.3']);
    expect(scene.weights()).toEqual([1, 20, null]);
  });

  it('keeps it for a virtual server and a real server that got other names', async () => {
    const scene = await running();
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    const renamed = virtual('shop', [{ ...one, name: 'uno' }, two]);
    scene.nanny.configure(config(renamed), emptyTable);
    expect(
      scene.nanny.status().map(({ virtualServer, realServer, state }) => [virtualServer, realServer, state]),
    ).toEqual([
      ['shop', 'uno', 'down'],
      ['shop', 'two', 'up'],
    ]);
  });

  it('gives servers that are up their new weights at once', async () => {
    const scene = await running();
    scene.nanny.configure(
      config(
        virtual('web', [
          { ...one, weight: 7 },
          { ...two, weight: 0 },
        ]),
      ),
      emptyTable,
    );
    expect([scene.nanny.weightOf(0, 0), scene.nanny.weightOf(0, 1)]).toEqual([7, 0]);
    const changes = scene.changes();
    await scene.clock.advance(1);
    expect(scene.changes()).toBe(changes + 1);
  });

  it('keeps servers up while their changed check is made for the first time', async () => {
    const scene = await running();
    scene.nanny.configure(config(virtual('web', [one, two], { send: '"x"' })), emptyTable);
    expect(scene.weights()).toEqual([10, 20]);
    scene.refuse(ONE);
    await scene.clock.advance(10);
    expect(scene.weights()).toEqual([null, 20]);
  });

  it('knows at once how a new virtual server stands whose endpoint is checked already', async () => {
    const scene = await running();
    scene.refuse(TWO);
    await scene.clock.advance(6003);
    const other = virtual('other', [one, two], { vip: { address: '192.0.2.101', device: 'eth0' } });
    scene.nanny.configure(config(web, other), emptyTable);
    expect(scene.weights()).toEqual([10, null, 10, null]);
  });

  it('forgets what it does not hold any more', async () => {
    const scene = await running();
    scene.nanny.configure(config(virtual('web', [two])), emptyTable);
    const checks = scene.asked.length;
    await scene.clock.advance(60_000);
    expect(scene.asked.slice(checks).every(({ address }) => address === TWO)).toBe(true);
    expect(scene.nanny.weightOf(0, 1)).toBeNull();
  });

  it('starts a server anew that was not active meanwhile', async () => {
    const scene = await running();
    scene.nanny.configure(config(virtual('web', [{ ...one, enabled: false }, two])), emptyTable);
    expect(scene.weights()).toEqual([null, 20]);
    scene.nanny.configure(config(web), emptyTable);
    expect(scene.states()).toEqual(['unknown', 'up']);
  });
});

describe('adoption', () => {
  it('takes what stands in the table for up, with its weight, until a check says otherwise', async () => {
    const scene = createScene();
    scene.refuse(TWO);
    const slow = virtual('web', [one, two], { slowStartSeconds: null });
    scene.nanny.configure(config(slow), tableWith({ [ONE]: 5, [TWO]: 20 }));
    expect(scene.weights()).toEqual([5, 20]);
    expect(scene.states()).toEqual(['up', 'up']);
    await scene.clock.advance(10);
    expect(scene.weights()).toEqual([5, null]);
    await scene.clock.advance(20_000);
    expect(scene.weights()).toEqual([10, null]);
  });

  it('does not take servers of another service for its own', () => {
    const scene = createScene();
    scene.nanny.configure(config(web), tableWith({ [ONE]: 10 }, 80));
    expect(scene.weights()).toEqual([null, null]);
  });

  it('finds servers that direct routing keeps under the port of the service', () => {
    const scene = createScene();
    const direct = config(virtual('web', [{ ...one, port: 8443 }]));
    const table = tableWith({ [ONE]: 10 });
    scene.nanny.configure({ ...direct, global: { ...direct.global, forwarding: 'direct' } }, table);
    expect(scene.weights()).toEqual([10]);
    expect(scene.nanny.status()[0]).toMatchObject({ port: 8443 });
  });

  it('is not misled by a virtual server with the same address that is not active', () => {
    const scene = createScene();
    scene.nanny.configure(config({ ...web, name: 'old', enabled: false }, web), tableWith({ [ONE]: 10 }));
    expect(scene.weights()).toEqual([null, null, 10, null]);
  });

  it('finds services by firewall mark', () => {
    const scene = createScene();
    const service = tableWith({ [ONE]: 10 }).services[0];
    if (!service) throw new Error('no service');
    const table = { services: [{ ...service, key: { kind: 'mark', mark: 7, family: 4 } as const }] };
    scene.nanny.configure(config({ ...web, firewallMark: 7 }), table);
    expect(scene.weights()).toEqual([10, null]);
  });

  it('keeps a quiesced server at 0 until it answers', async () => {
    const scene = createScene();
    scene.refuse(ONE);
    scene.nanny.configure(config({ ...web, quiesce: true }), tableWith({ [ONE]: 0, [TWO]: 0 }));
    expect(scene.weights()).toEqual([0, 0]);
    await scene.clock.advance(100);
    expect(scene.weights()).toEqual([0, 20]);
  });
});

it('stops checking and telling when it is stopped', async () => {
  const scene = await running();
  scene.override('web', 'one', 'drain');
  const { length } = scene.asked;
  const changes = scene.changes();
  scene.nanny.stop();
  await scene.clock.advance(60_000);
  expect(scene.asked).toHaveLength(length);
  expect(scene.changes()).toBe(changes);
});
