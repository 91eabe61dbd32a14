/** A status does not run ahead of the kernel. */
import { afterEach, describe, expect, it } from 'vitest';
import { statusOf } from './status.ts';
import { cleanUp, type TestRouter } from './test-router.ts';
import { activeRouter } from './test-steps.ts';

afterEach(cleanUp);

const told = async ({ agent }: TestRouter) =>
  (await statusOf(agent.router)).health.map(({ state, weight }) => [state, weight]);

describe('the weight in a status', () => {
  it('is the one in the table until the table has what a check found', async () => {
    const test = await activeRouter();
    expect(await told(test)).toEqual([
      ['up', 1],
      ['up', 2],
    ]);
    let release = (): void => {};
    const busy = test.agent.router.queue.run(() => new Promise<void>((resolve) => (release = resolve)));
    test.nanny.weights.set('web/rs1', null);
    test.nanny.notify();
    expect(await told(test), 'clients still get there').toEqual([
      ['down', 1],
      ['up', 2],
    ]);
    release();
    await busy;
    await test.pass(500);
    expect(await told(test)).toEqual([
      ['down', null],
      ['up', 2],
    ]);

    const again = test.agent.router.queue.run(() => new Promise<void>((resolve) => (release = resolve)));
    test.nanny.weights.delete('web/rs1');
    test.nanny.notify();
    expect(await told(test), 'clients do not get there yet').toEqual([
      ['up', null],
      ['up', 2],
    ]);
    release();
    await again;
    await test.pass(500);
    expect(await told(test)).toEqual([
      ['up', 1],
      ['up', 2],
    ]);
  });

  it('is the one that is wanted while the table is not known', async () => {
    const test = await activeRouter();
    test.agent.router.left = null;
    expect(await told(test)).toEqual([
      ['up', 1],
      ['up', 2],
    ]);
  });
});
