import { describe, expect, it } from 'vitest';
import type { ServerOverride } from './overrides.ts';
import { config, createScene, emptyTable, server, tableWith, virtual } from './scene.ts';

const ONE = '198.51.100.1';
const TWO = '198.51.100.2';
const one = server('one', ONE, { weight: 10 });
const two = server('two', TWO, { weight: 20 });
const web = virtual('web', [one, two]);

/** A scene in which both servers of `web` are up. */
async function running(settings: Parameters<typeof virtual>[2] = {}) {
  const scene = createScene();
  scene.nanny.configure(config(virtual('web', [one, two], settings)), emptyTable);
  await scene.clock.advance(100);
  return scene;
}

const kinds = (overrides: readonly ServerOverride[]): string[] =>
  overrides.map(
    ({ virtualServer, realServer, kind, weight }) =>
      `${virtualServer}/${realServer} ${kind}${weight === null ? '' : ` ${weight}`}`,
  );

describe('drain', () => {
  it('gives weight 0 and takes it back', async () => {
    const scene = await running();
    scene.override('web', 'one', 'drain');
    expect(scene.weights()).toEqual([0, 20]);
    expect(scene.states()).toEqual(['drained', 'up']);
    scene.lift('web', 'one', 'drain');
    expect(scene.weights()).toEqual([10, 20]);
    expect(scene.nanny.overrides()).toEqual([]);
  });

  it('still removes a drained server that dies', async () => {
    const scene = await running();
    scene.override('web', 'one', 'drain');
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    expect(scene.nanny.status()[0]).toMatchObject({
      state: 'drained',
      weight: null,
      evidence: 'connection refused',
    });
  });
});

describe('disable', () => {
  it('takes a server out of the table, says who did it, and goes on checking it', async () => {
    const scene = await running();
    scene.override('web', 'one', 'disable');
    expect(scene.weights()).toEqual([null, 20]);
    const checks = scene.asked.length;
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    expect(scene.asked.length).toBeGreaterThan(checks);
    expect(scene.nanny.status()[0]).toMatchObject({
      state: 'disabled',
      evidence: 'connection refused',
      overrides: [{ kind: 'disable', weight: null, by: 'alice', at: expect.stringMatching(/^2024-/) }],
    });
  });

  it('does not bring a server back that its check found dead meanwhile', async () => {
    const scene = await running();
    scene.override('web', 'one', 'disable');
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    scene.lift('web', 'one', 'disable');
    expect(scene.weights()).toEqual([null, 20]);
    expect(scene.states()).toEqual(['down', 'up']);
  });

  it('brings a healthy server back at once, its weight growing as after any return', async () => {
    const scene = await running({ slowStartSeconds: 30 });
    await scene.clock.advance(60_000);
    expect(scene.weights()).toEqual([10, 20]);
    scene.override('web', 'one', 'disable');
    scene.lift('web', 'one', 'disable');
    expect(scene.weights()).toEqual([1, 20]);
    await scene.clock.advance(30_000);
    expect(scene.weights()).toEqual([10, 20]);
  });

  it('and drain take each other back: the last one counts', async () => {
    const scene = await running();
    scene.override('web', 'one', 'disable');
    scene.override('web', 'one', 'drain');
    expect(scene.weights()).toEqual([0, 20]);
    scene.override('web', 'one', 'disable');
    expect(scene.weights()).toEqual([null, 20]);
    expect(kinds(scene.nanny.overrides())).toEqual(['web/one disable']);
  });
});

describe('a fixed weight', () => {
  it('counts at once instead of growth, load and configuration, until it is freed', async () => {
    const scene = await running({ slowStartSeconds: null });
    expect(scene.weights()).toEqual([1, 1]);
    scene.override('web', 'one', 7);
    expect(scene.weights()).toEqual([7, 1]);
    expect(scene.states()).toEqual(['up', 'up']);
    const heavier = virtual('web', [{ ...one, weight: 99 }, two], { slowStartSeconds: null });
    scene.nanny.configure(config(heavier), emptyTable);
    await scene.clock.advance(200_000);
    expect(scene.weights()).toEqual([7, 20]);
    scene.lift('web', 'one', 'weight');
    expect(scene.weights()).toEqual([99, 20]);
  });

  it('never brings a server back that is down', async () => {
    const scene = await running();
    scene.refuse(ONE);
    await scene.clock.advance(6003);
    scene.override('web', 'one', 7);
    expect(scene.weights()).toEqual([null, 20]);
    scene.recover(ONE);
    await scene.clock.advance(12_000);
    expect(scene.weights()).toEqual([7, 20]);
  });

  it('of 0 is a drain', async () => {
    const scene = await running();
    scene.override('web', 'one', 0);
    expect(scene.weights()).toEqual([0, 20]);
    expect(scene.states()).toEqual(['drained', 'up']);
  });

  it('waits under a drain and is there again after it', async () => {
    const scene = await running();
    scene.override('web', 'one', 7);
    scene.override('web', 'one', 'drain');
    expect(scene.weights()).toEqual([0, 20]);
    scene.lift('web', 'one', 'drain');
    expect(scene.weights()).toEqual([7, 20]);
  });

  it('found in the table after a restart is not taken for a server that still grows', async () => {
    const scene = await running();
    scene.override('web', 'one', 3);
    const next = createScene(scene.nanny.overrides());
    next.nanny.configure(
      config(virtual('web', [one, two], { slowStartSeconds: null })),
      tableWith({ [ONE]: 3, [TWO]: 20 }),
    );
    expect(next.weights()).toEqual([3, 20]);
    next.lift('web', 'one', 'weight');
    expect(next.weights()).toEqual([10, 20]);
  });

  it('does not wake a quiesced server at a restart', async () => {
    const scene = await running();
    scene.override('web', 'one', 3);
    const next = createScene(scene.nanny.overrides());
    next.refuse(ONE);
    next.nanny.configure(config({ ...web, quiesce: true }), tableWith({ [ONE]: 0, [TWO]: 20 }));
    expect(next.weights()).toEqual([0, 20]);
    await next.clock.advance(100);
    expect(next.weights()).toEqual([0, 20]);
  });
});

describe('a quorum', () => {
  const asked = { sorryServer: '198.51.100.9', quorum: 25 };

  it('does not count who is drained or disabled', async () => {
    for (const kind of ['drain', 'disable'] as const) {
      const scene = await running(asked);
      expect(scene.nanny.weightOf(0, 1)).toBe(20);
      scene.override('web', 'one', kind);
      expect(scene.nanny.weightOf(0, 1)).toBeNull();
      expect(scene.events.at(-1)).toContain('quorum-lost');
      scene.lift('web', 'one', kind);
      expect(scene.nanny.weightOf(0, 1)).toBe(20);
    }
  });

  it('counts a fixed weight for what it is', async () => {
    const scene = await running(asked);
    scene.override('web', 'one', 2);
    expect(scene.nanny.weightOf(0, 1)).toBeNull();
    scene.override('web', 'two', 30);
    expect(scene.nanny.weightOf(0, 1)).toBe(30);
  });
});

describe('overrides', () => {
  it('survive a new configuration, a renaming and a restart', async () => {
    const scene = await running();
    scene.override('web', 'one', 'drain');
    scene.override('web', 'two', 5);
    scene.nanny.configure(config(virtual('shop', [two, one])), emptyTable);
    expect(scene.weights()).toEqual([5, 0]);
    expect(kinds(scene.nanny.overrides())).toEqual(['shop/one drain', 'shop/two weight 5']);
    const next = createScene(scene.nanny.overrides());
    next.nanny.configure(config(virtual('shop', [two, one])), tableWith({ [ONE]: 0, [TWO]: 5 }));
    expect(next.weights()).toEqual([5, 0]);
    await next.clock.advance(100);
    expect(next.weights()).toEqual([5, 0]);
    next.lift('shop', 'one', 'drain');
    expect(next.weights()).toEqual([5, 10]);
  });

  it('go with their server when names change places', async () => {
    const scene = await running();
    scene.override('web', 'one', 'drain');
    const swapped = virtual('web', [
      { ...one, name: 'two' },
      { ...two, name: 'one' },
    ]);
    scene.nanny.configure(config(swapped), emptyTable);
    expect(scene.weights()).toEqual([0, 20]);
    expect(kinds(scene.nanny.overrides())).toEqual(['web/two drain']);
  });

  it('stay with their names while the server is not active', async () => {
    const scene = await running();
    scene.override('web', 'one', 'drain');
    const off = (name: string) => virtual(name, [{ ...one, enabled: false }]);
    scene.nanny.configure(config(off('web'), off('shop')), emptyTable);
    scene.nanny.configure(config(off('shop')), emptyTable);
    expect(kinds(scene.nanny.overrides())).toEqual(['web/one drain']);
  });

  it('survive a configuration without the server, as a rolled back push makes it', async () => {
    const scene = await running();
    scene.override('web', 'one', 'drain');
    scene.nanny.configure(config(virtual('web', [two])), emptyTable);
    scene.nanny.configure(config(web), emptyTable);
    await scene.clock.advance(100);
    expect(scene.weights()).toEqual([0, 20]);
  });

  it('hold for all servers that share the names', async () => {
    const scene = createScene();
    scene.nanny.configure(config(virtual('web', [one, { ...two, name: 'one' }])), emptyTable);
    await scene.clock.advance(100);
    scene.override('web', 'one', 'drain');
    expect(scene.weights()).toEqual([0, 0]);
  });
});
