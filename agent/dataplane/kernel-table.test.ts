import { expect, it } from 'vitest';
import { planSteps } from '#lib/ipvs/plan.ts';
import { readTable } from '#lib/ipvs/read.ts';
import type { Exec } from '../runtime/types.ts';
import { changeKernelTable } from './kernel-table.ts';

/** One service with so many real servers. */
const tableOf = (servers: number) =>
  readTable(
    [
      '-A -t 192.0.2.100:80 -s wlc',
      ...Array.from(
        { length: servers },
        (_, index) => `-a -t 192.0.2.100:80 -r 10.11.${index >> 8}.${index & 255}:80 -g -w 1`,
      ),
      '',
    ].join('\n'),
  );

it('gives a batch more time the longer it is: the kernel may need a millisecond for each line', async () => {
  const empty = readTable('');
  const limitOf = async (servers: number): Promise<number> => {
    let limit = 0;
    const exec: Exec = async (_argv, options) => {
      limit = options?.timeoutMs ?? 0;
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    };
    await changeKernelTable(exec, empty, planSteps(empty, tableOf(servers)));
    return limit;
  };
  expect(await limitOf(1)).toBeGreaterThanOrEqual(15_000);
  expect(await limitOf(40_000)).toBeGreaterThan(60_000);
});
