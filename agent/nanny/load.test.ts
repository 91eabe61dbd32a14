import { getEventListeners } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exec } from '#agent/runtime/types.ts';
import {
  acceptsThenHangs,
  answers,
  answersThenCloses,
  endlessBytes,
  type Fixture,
  refuses,
} from './checks/fixtures/tcp-servers.ts';
import {
  isWorthIt,
  loadedWeight,
  percentOfLoad,
  readAgentAnswer,
  readMonitorOutput,
  unknownLoad,
} from './load.ts';
import { askLoad, loadSourceOf } from './load-source.ts';
import { config, createScene, emptyTable, server, virtual } from './scene.ts';

describe('the answer of a load agent', () => {
  it.each([
    ['75%', { percent: 75, order: 'serve' }],
    ['up 75%', { percent: 75, order: 'serve' }],
    ['drain', { percent: 50, order: 'drain' }],
    ['DOWN # for repair', { percent: 50, order: 'out' }],
    ['maint', { percent: 50, order: 'out' }],
    ['ready,up,0%', { percent: 0, order: 'serve' }],
    ['99999%', { percent: 1000, order: 'serve' }],
  ] as const)('%s', (line, load) => {
    expect(readAgentAnswer(line, { percent: 50, order: 'serve' })).toEqual(load);
  });

  it.each(['', 'HTTP/1.0 400 Bad Request', '# up', 'constructor', '-5%', '7.5%'])(
    '%j says nothing',
    (line) => {
      expect(readAgentAnswer(line, unknownLoad)).toBeNull();
    },
  );

  it('up takes an earlier order back', () => {
    expect(readAgentAnswer('up', { percent: 100, order: 'out' })).toEqual(unknownLoad);
  });
});

describe('the output of a load monitor', () => {
  it.each([
    ['uptime', ' 10:00:01 up 3 days,  4:05,  2 users,  load average: 0.15, 0.07, 0.01\n', 0.15],
    ['rup', '  app1    up   3 days,  4:05,    load average: 12.00, 0.07, 0.01\n', 12],
    ['ruptime (D12: Piranha never read it)', 'load1   up  3+04:05,  2 users,  load 1.50, 0.07, 0.01\n', 1.5],
    ['a comma for the point', 'load average: 0,15, 0,07, 0,01', 0.15],
    ['a host that is down', 'app1     down  1+02:03\n', null],
    ['no load', 'Permission denied (publickey).\n', null],
    ['blanks without end', `load${' '.repeat(65_000)}`, null],
  ])('of %s', (_, output, load) => {
    expect(readMonitorOutput(output)).toBe(load);
  });

  it('lowers and raises the weight (D12: Piranha only raised it)', () => {
    const weights = [0, 1, 2, 9, 50].map((load) =>
      loadedWeight(100, { percent: percentOfLoad(load), order: 'serve' }),
    );
    expect(weights).toEqual([150, 100, 50, 1, 1]);
  });
});

it('a change of less than a step leaves the kernel alone, an order never does', () => {
  expect(isWorthIt(100, unknownLoad, { percent: 80, order: 'serve' }, 25)).toBe(false);
  expect(isWorthIt(100, unknownLoad, { percent: 75, order: 'serve' }, 25)).toBe(true);
  expect(isWorthIt(1, unknownLoad, { percent: 0, order: 'serve' }, 1)).toBe(true);
  expect(isWorthIt(100, unknownLoad, { percent: 100, order: 'drain' }, 25)).toBe(true);
});

describe('who is asked', () => {
  const source = (loadMonitor: string | null, loadAgentPort: number | null = null, shell = 'ssh') =>
    loadSourceOf(
      { ...config().global, remoteShellCommand: shell },
      { loadMonitor, loadAgentPort },
      '192.0.2.1',
    );

  it.each([
    ['none', null],
    ['uptime', ['ssh', '-oBatchMode=yes', '192.0.2.1', 'uptime']],
    ['ruptime', ['ruptime', '192.0.2.1']],
    ['/usr/local/bin/load', ['/usr/local/bin/load', '192.0.2.1']],
  ])('load_monitor = %s', (monitor, argv) => {
    expect(source(monitor)).toEqual(argv && { kind: 'program', argv });
  });

  it('no other program is looked up by its name', () => {
    expect(source('load')).toMatchObject({ kind: 'fault' });
    expect(source('uptime', null, 'telnet')).toMatchObject({ kind: 'fault' });
  });

  it('the load agent goes before a load monitor', () => {
    expect(source('uptime', 7777)).toEqual({ kind: 'agent', address: '192.0.2.1', port: 7777 });
  });
});

describe('a load agent on the network', () => {
  let fixture: Fixture | null = null;
  afterEach(async () => {
    await fixture?.close();
  });
  const noExec: Exec = () => Promise.reject(new Error('not asked'));
  it.each([
    ['that answers and waits', () => answers('50%\n'), { percent: 50, order: 'serve' }],
    ['that closes without a line end', () => answersThenCloses('drain'), { percent: 100, order: 'drain' }],
    ['that refuses', refuses, null],
    ['that says nothing', acceptsThenHangs, null],
    ['that never ends its line', () => endlessBytes('9'), null],
  ] as const)('%s', async (_, serve, load) => {
    fixture = await serve();
    const source = { kind: 'agent', ...fixture.target } as const;
    const signal = new AbortController().signal;
    // What must not come is waited for as long as the limit.
    const limitMs = load === null ? 500 : 10_000;
    expect(await askLoad(source, unknownLoad, limitMs, { exec: noExec, signal })).toEqual(load);
    expect(getEventListeners(signal, 'abort'), 'nothing waits on for the next poll').toEqual([]);
  });
});

describe('the weight of a real server', () => {
  const saying = (loads: Record<string, string>, argvs: string[] = []): Exec => {
    return async ([, ...words]) => {
      argvs.push(words.join(' '));
      const load = loads[words[0] ?? ''];
      return {
        code: load === undefined ? 1 : 0,
        stdout: `load average: ${load}, 1, 1`,
        stderr: '',
        timedOut: false,
      };
    };
  };
  const servers = [server('a', '192.0.2.1', { weight: 100 }), server('b', '192.0.2.2', { weight: 100 })];
  const rup = { loadMonitor: 'rup' };

  it('follows its load, keeps what it has when the load is not known, and returns without a monitor', async () => {
    const loads: Record<string, string> = { '192.0.2.1': '2.0' };
    const scene = createScene([], saying(loads));
    scene.nanny.configure(config(virtual('web', servers, rup)), emptyTable);
    await scene.clock.advance(13_000);
    expect(scene.weights()).toEqual([50, 100]);
    delete loads['192.0.2.1'];
    await scene.clock.advance(13_000);
    expect(scene.weights()).toEqual([50, 100]);
    scene.nanny.configure(config(virtual('web', servers)), emptyTable);
    expect(scene.weights()).toEqual([100, 100]);
    scene.nanny.stop();
  });

  it('never brings a server back that is down', async () => {
    const scene = createScene([], saying({ '192.0.2.1': '0', '192.0.2.2': '0' }));
    scene.refuse('192.0.2.2');
    scene.nanny.configure(config(virtual('web', servers, rup)), emptyTable);
    await scene.clock.advance(30_000);
    expect(scene.weights()).toEqual([150, null]);
    scene.nanny.stop();
  });

  it('is asked for once for all virtual servers that share the real server', async () => {
    const argvs: string[] = [];
    const scene = createScene([], saying({ '192.0.2.1': '1', '192.0.2.2': '1' }, argvs));
    const both = [
      virtual('web', servers, rup),
      virtual('mail', servers, { ...rup, port: 25, checkPort: 443 }),
    ];
    scene.nanny.configure(config(...both), emptyTable);
    await scene.clock.advance(59_000);
    expect(argvs.filter((words) => words === '192.0.2.1').length).toBeLessThanOrEqual(11);
    scene.nanny.stop();
    const asked = argvs.length;
    await scene.clock.advance(59_000);
    expect(argvs).toHaveLength(asked);
  });

  it('stays as configured, with an event, when nobody can be asked', async () => {
    const scene = createScene();
    scene.nanny.configure(config(virtual('web', servers, { loadMonitor: 'load' })), emptyTable);
    await scene.clock.advance(13_000);
    expect(scene.weights()).toEqual([100, 100]);
    expect(scene.events.filter((event) => event.startsWith('error load-unknown'))).toHaveLength(1);
    scene.nanny.stop();
  });

  it('that a load agent took out stays out while the agent is silent, and somebody is told', async () => {
    let says: string | null = 'down\n';
    const agent = createServer((socket) => (says === null ? socket.destroy() : socket.end(says)));
    await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
    const { port } = agent.address() as AddressInfo;
    const scene = createScene();
    const web = virtual('web', [server('a', '127.0.0.1', { weight: 100 })], { loadAgentPort: port });
    scene.nanny.configure(config(web), emptyTable);
    const evidence = (): string => scene.nanny.status()[0]?.evidence ?? '';
    /** Lets the agent be asked, by real packets, until something holds. */
    const passUntil = async (holds: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 2000 && !holds(); turn += 1) {
        await scene.clock.advance(1000);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(holds()).toBe(true);
    };
    try {
      await passUntil(() => evidence().endsWith('its load agent says that it is out'));
      expect(scene.weights()).toEqual([null]);
      says = null;
      const silent = (event: string): boolean => event.startsWith('warning load-silent');
      await passUntil(() => scene.events.some(silent));
      expect(scene.events.find(silent)).toMatch(/a of web: .*stays out of the table until it says otherwise/);
      expect(evidence()).toMatch(/says that it is out, and has been silent since$/);
      expect(scene.weights()).toEqual([null]);
      await scene.clock.advance(60_000);
      expect(scene.events.filter(silent), 'once, not at every turn').toHaveLength(1);
      says = 'up 100%\n';
      await passUntil(() => scene.weights()[0] === 100);
      expect(scene.events.at(-1)).toMatch(/load-heard|load-order/);
    } finally {
      scene.nanny.stop();
      agent.close();
    }
  });
});
