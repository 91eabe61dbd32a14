/** An apply or a takeover that is cut short, at each of its steps: what stands afterwards is whole. */
import { afterEach, describe, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { cleanUp, exampleText, startTestRouter, type TestRouter } from './test-router.ts';
import { activeRouter, push, threeServers } from './test-steps.ts';

afterEach(cleanUp);

const before = exampleText({ extra: 'tcp_timeout = 600' });
const dns = 'virtual dns {\n active = 1\n address = 192.0.2.101 eth0:2\n port = 53\n protocol = udp\n }';
const after = exampleText({
  serial: 2,
  servers: threeServers,
  vip: '192.0.2.105',
  virtuals: dns,
  extra: 'tcp_timeout = 700',
});

/** What stands in the kernel and on the disk. */
const sight = (test: TestRouter) => ({
  table: shownTable(test.kernel),
  addresses: test.kernel.addresses.map(({ address }) => address).sort(),
  timeouts: test.kernel.timeouts,
  file: test.file(),
});

/** Called at each step, before and after it, with the name of the step. */
type AtPoint = (name: string) => Promise<void>;

/** Wraps every way by which an agent acts on the kernel or the disk. */
function intercept(test: TestRouter, at: AtPoint): void {
  const { router } = test.agent;
  const around =
    <Args extends unknown[], Result>(
      name: (...args: Args) => string,
      run: (...args: Args) => Promise<Result>,
    ) =>
    async (...args: Args): Promise<Result> => {
      await at(`before ${name(...args)}`);
      const result = await run(...args);
      await at(`after ${name(...args)}`);
      return result;
    };
  const { files, state } = router;
  Object.assign(router, {
    exec: around((argv) => argv.slice(0, 2).join(' '), router.exec),
    files: {
      ...files,
      path: files.path,
      keep: around((_: Parameters<typeof files.keep>[0]) => 'keep', files.keep),
      write: around((_: Parameters<typeof files.write>[0]) => 'write', files.write),
      forget: around((_: Parameters<typeof files.forget>[0]) => 'forget', files.forget),
    },
    state: {
      get current() {
        return state.current;
      },
      update: around((change) => `state ${Object.keys(change).join(' ')}`, state.update),
    },
  });
}

/** Names of the steps, in their order. */
async function pointsOfApply(): Promise<string[]> {
  const test = await activeRouter(before);
  const points: string[] = [];
  intercept(test, async (name) => void points.push(name));
  expect(await push(test, after)).toMatchObject({ applied: true });
  return points;
}

describe('an agent that is killed in the middle of an apply', () => {
  it('leaves, at each of more than twenty points, a router that the next agent makes whole', async () => {
    const points = await pointsOfApply();
    expect(points.length).toBeGreaterThan(20);
    const old = sight(await activeRouter(before));
    const finished = await activeRouter(before);
    await push(finished, after);
    const fresh = sight(finished);
    const outcomes = new Set<string>();
    for (const [number, name] of points.entries()) {
      const test = await activeRouter(before);
      let count = 0;
      const reached = new Promise<void>((resolve) =>
        intercept(test, async () => {
          count += 1;
          if (count <= number) return;
          test.kill();
          resolve();
          await new Promise(() => {});
        }),
      );
      void push(test, after);
      await reached;
      const next = await test.restart();
      await next.pass(2000);
      const isNew = next.file() === after;
      expect(sight(next), `point ${number}, ${name}`).toEqual(isNew ? fresh : old);
      expect(next.agent.router.running?.text, name).toBe(isNew ? after : before);
      outcomes.add(isNew ? 'new' : 'old');
    }
    expect([...outcomes].sort()).toEqual(['new', 'old']);
  }, 240_000);
});

describe('an agent that is killed in the middle of a takeover', () => {
  const text = exampleText({
    virtuals: dns,
    extra:
      'syncdaemon = 1\nactive_cmd = "/usr/local/bin/told active"\ninactive_cmd = "/usr/local/bin/told inactive"',
  });

  /** A standby that has found its feet. */
  async function standbyRouter(): Promise<TestRouter> {
    const test = await startTestRouter(text);
    await expect.poll(() => test.kernel.syncDaemons.join()).toContain('backup');
    await expect.poll(() => test.agent.router.state.current.activeTold).toBe(false);
    await test.pass(600);
    return test;
  }

  const takenOver = (test: TestRouter) => ({
    ...sight(test),
    syncDaemons: test.kernel.syncDaemons,
    told: test.kernel.programs.findLast((line) => line.startsWith('/usr/local/bin/told')),
    remembered: test.agent.router.state.current.activeTold,
  });

  /** Takes over and stands still for ever at this point; resolves there, or when all is done. */
  async function takeOverUpTo(test: TestRouter, number: number): Promise<string[]> {
    const points: string[] = [];
    const reached = new Promise<void>((resolve) =>
      intercept(test, async (name) => {
        points.push(name);
        if (points.length <= number) return;
        test.kill();
        resolve();
        await new Promise(() => {});
      }),
    );
    const done = test.pulse.effects
      .becomeActive()
      .then(() => expect.poll(() => test.agent.router.state.current.activeTold).toBe(true));
    await Promise.race([reached, done]);
    return points;
  }

  it('leaves, at each point, a router on which the next agent finishes what had begun', async () => {
    const undisturbed = await standbyRouter();
    const points = await takeOverUpTo(undisturbed, Number.POSITIVE_INFINITY);
    const whole = takenOver(undisturbed);
    expect(whole).toMatchObject({ told: '/usr/local/bin/told active', remembered: true });
    for (const part of [
      'ip -batch',
      'ipvsadm --stop-daemon',
      'ipvsadm --start-daemon',
      'told active',
      'state',
    ])
      expect(points.join()).toContain(part);
    const adopted = new Set<boolean>();
    for (const [number, name] of points.entries()) {
      const test = await standbyRouter();
      await takeOverUpTo(test, number);
      const next = await test.restart();
      const { holding } = next.agent.router;
      adopted.add(holding);
      expect(holding, `${name}: it adopts what stands`).toBe(
        next.kernel.addresses.some(({ address }) => address === '192.0.2.100'),
      );
      // Adopted or taken anew: pulse asks for it in both cases.
      await next.pulse.effects.becomeActive();
      await expect.poll(() => takenOver(next), { message: name }).toEqual(whole);
    }
    expect([...adopted].sort()).toEqual([false, true]);
  }, 240_000);
});

describe('a step that fails', () => {
  it('whichever it is, leaves everything as it was or finishes', async () => {
    const points = (await pointsOfApply()).filter((name) => name.startsWith('before'));
    const old = sight(await activeRouter(before));
    for (const [number, name] of points.entries()) {
      const test = await activeRouter(before);
      let count = 0;
      intercept(test, async (step) => {
        if (!step.startsWith('before')) return;
        count += 1;
        if (count === number + 1) throw new Error('ENOSPC: no space left on device, write');
      });
      const outcome = await push(test, after).catch((error: unknown) => ({
        applied: false,
        failure: String(error),
      }));
      await test.pass(2000);
      if (outcome.applied) continue;
      expect(outcome.failure, name).toContain('ENOSPC');
      expect(sight(test), `point ${number}, ${name}`).toEqual(old);
      expect(test.agent.router.running?.text).toBe(before);
    }
  }, 240_000);

  it('in every tenth line that the kernel takes, over fifty applies, leaves one configuration whole', async () => {
    const test = await activeRouter(before);
    let lines = 0;
    const failures = new Set<boolean>();
    test.kernel.refuses = () => {
      lines += 1;
      return lines % 10 === 0 ? 'Memory allocation problem' : null;
    };
    let running = before;
    for (let serial = 3; serial < 53; serial += 1) {
      const text = exampleText({
        serial,
        servers: threeServers.slice(0, 1 + (serial % 3)),
        vip: serial % 2 === 0 ? '192.0.2.105' : '192.0.2.100',
        virtuals: serial % 5 < 2 ? dns : '',
      });
      const { applied } = await push(test, text);
      failures.add(!applied);
      if (applied) running = text;
      await test.pass(12_000);
      expect(test.file()).toBe(running);
      const whole = await activeRouter(running);
      expect(shownTable(test.kernel)).toEqual(shownTable(whole.kernel));
      expect(sight(test).addresses).toEqual(sight(whole).addresses);
    }
    expect([...failures].sort()).toEqual([false, true]);
  }, 240_000);
});
