import { afterEach, describe, expect, it, vi } from 'vitest';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, type TestRouter } from './test-router.ts';
import { activeRouter, push } from './test-steps.ts';
import { confirm } from './trial.ts';

afterEach(cleanUp);

const serialOf = (test: TestRouter) => test.agent.router.running?.serial;
const secondsLeft = async (test: TestRouter) => (await statusOf(test.agent.router)).config.confirmSecondsLeft;

/** Serial 2 is on trial for 30 s on top of serial 1. */
async function onTrial(): Promise<TestRouter> {
  const test = await activeRouter();
  await push(test, exampleText({ serial: 2 }), { confirmWithinSeconds: 30 });
  return test;
}

const HOUR = 3_600_000;

describe('the time of a trial', () => {
  it.each([
    ['forward', 24 * HOUR],
    ['back', -24 * HOUR],
  ])('is not touched by a clock that is set %s', async (_direction, byMs) => {
    const test = await onTrial();
    test.clock.setWall(byMs);
    await test.pass(29_000);
    expect(serialOf(test)).toBe(2);
    await test.pass(2000);
    await expect.poll(() => serialOf(test)).toBe(1);
  });

  it.each([
    ['forward', 24 * HOUR],
    ['back', -24 * HOUR],
  ])('goes on over kill -9 and a clock that is set %s', async (_direction, byMs) => {
    const test = await onTrial();
    await test.pass(10_000);
    test.kill();
    test.clock.setWall(byMs);
    const next = await test.restart();
    expect(await secondsLeft(next)).toBe(20);
    await next.pass(19_000);
    expect(serialOf(next)).toBe(2);
    await next.pass(2000);
    await expect.poll(() => serialOf(next)).toBe(1);
  });

  it('goes on, for whoever asks, until what ran before runs again', async () => {
    const test = await onTrial();
    const { state } = test.agent.router;
    const update = state.update.bind(state);
    const seen: (readonly [serial: number | undefined, isOnTrial: boolean, isApplying: boolean])[] = [];
    vi.spyOn(state, 'update').mockImplementation(async (change) => {
      await update(change);
      const { config } = await statusOf(test.agent.router);
      seen.push([serialOf(test), config.confirmSecondsLeft !== null, config.isApplying === true]);
    });
    await test.pass(31_000);
    await expect.poll(() => serialOf(test)).toBe(1);
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen.map(String))).toEqual(new Set(['2,true,true']));
    expect(await secondsLeft(test)).toBeNull();
    await expect.poll(async () => (await statusOf(test.agent.router)).config.isApplying).toBeUndefined();
  });

  it('does not begin anew with each restart while the clock is behind', async () => {
    let test = await onTrial();
    for (let round = 0; round < 3; round += 1) {
      await test.pass(9000);
      test.kill();
      test.clock.setWall(-HOUR);
      test = await test.restart();
    }
    await test.pass(4000);
    await expect.poll(() => serialOf(test)).toBe(1);
  });

  it('after a restart of the whole machine ends at its hour, and never lasts longer than it was', async () => {
    const test = await onTrial();
    test.kill();
    test.kernel.bootId = 'second';
    await test.clock.advance(10_000);
    const next = await test.restart();
    expect(await secondsLeft(next)).toBe(20);
    next.kill();
    next.kernel.bootId = 'third';
    next.clock.setWall(-HOUR);
    const last = await next.restart();
    expect(await secondsLeft(last)).toBe(30);
    await last.pass(31_000);
    await expect.poll(() => serialOf(last)).toBe(1);
  });
});

describe('a confirmation', () => {
  it('that the disk does not take is none: it says so, and the time goes on', async () => {
    const test = await onTrial();
    const free = test.fillDisk();
    const { done, message } = await confirm(test.agent.router);
    expect([done, message]).toEqual([false, expect.stringContaining('Not confirmed')]);
    expect(await secondsLeft(test)).toBe(30);
    expect(test.events('trial-confirmed')).toEqual([]);
    await test.pass(29_000);
    free();
    await test.pass(2000);
    await expect.poll(() => serialOf(test)).toBe(1);
  });

  it('counts when the disk takes it the second time, also over a restart', async () => {
    const test = await onTrial();
    const free = test.fillDisk();
    expect(await confirm(test.agent.router)).toMatchObject({ done: false });
    free();
    expect(await confirm(test.agent.router)).toMatchObject({ done: true });
    test.kill();
    const next = await test.restart();
    await next.pass(60_000);
    expect(serialOf(next)).toBe(2);
  });

  it('that is being written when the time ends wins, and nothing rolls back behind it', async () => {
    const test = await onTrial();
    const { state } = test.agent.router;
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { update } = state;
    Object.assign(state, {
      async update(change: Parameters<typeof update>[0]) {
        await held;
        return update(change);
      },
    });
    const confirmed = confirm(test.agent.router);
    await test.clock.advance(31_000);
    finish();
    expect(await confirmed).toMatchObject({ done: true });
    await test.pass(20_000);
    expect(serialOf(test)).toBe(2);
    expect(test.events('trial-expired')).toEqual([]);
  });
});

describe('a rollback that silence asks for', () => {
  it('is tried again until the disk takes it', async () => {
    const test = await onTrial();
    const free = test.fillDisk();
    await test.pass(31_000);
    await expect.poll(() => test.events('rollback-failed')).toHaveLength(1);
    expect(serialOf(test)).toBe(2);
    free();
    await test.pass(11_000);
    await expect.poll(() => serialOf(test)).toBe(1);
  });

  it('finds the configuration before, however many trials came on top of it', async () => {
    const test = await activeRouter();
    for (let serial = 2; serial < 16; serial += 1)
      await push(test, exampleText({ serial }), { confirmWithinSeconds: 30 });
    await test.pass(31_000);
    await expect.poll(() => serialOf(test)).toBe(1);
  });
});
