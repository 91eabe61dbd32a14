import { describe, expect, it } from 'vitest';
import { tableLines } from '#lib/ipvs/command.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import { readTable } from '#lib/ipvs/read.ts';
import type { Exec } from '../runtime/types.ts';
import { createFakeKernel } from './fake-kernel.ts';
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
    await changeKernelTable({ exec, host: { processors: 2 } }, empty, planSteps(empty, tableOf(servers)));
    return limit;
  };
  expect(await limitOf(1)).toBeGreaterThanOrEqual(15_000);
  expect(await limitOf(40_000)).toBeGreaterThan(60_000);
});

describe('a long batch', () => {
  const manyServices = readTable(
    Array.from({ length: 450 }, (_, index) => [
      `-A -t 192.0.2.100:${1000 + index} -s wlc`,
      ...[1, 2, 3, 4].map((server) => `-a -t 192.0.2.100:${1000 + index} -r 10.11.12.${server}:80 -m -w 1`),
      '',
    ])
      .flat()
      .join('\n'),
  );
  const empty = readTable('');
  const batches = (programs: readonly string[]) => programs.filter((program) => program === 'ipvsadm -R');

  it('goes to a process for each processor, and to one where there is one', async () => {
    for (const processors of [1, 2]) {
      const kernel = createFakeKernel([]);
      const access = { exec: kernel.exec, host: { processors } };
      const outcome = await changeKernelTable(access, empty, planSteps(empty, manyServices));
      expect(outcome).toMatchObject({ ok: true });
      expect(tableLines(kernel.table)).toEqual(tableLines(manyServices));
      expect(batches(kernel.programs)).toHaveLength(processors);
    }
  });

  it('is one process while it is short', async () => {
    const kernel = createFakeKernel([]);
    await changeKernelTable(kernel, empty, planSteps(empty, tableOf(1000)));
    expect(batches(kernel.programs)).toHaveLength(1);
  });

  it.each(['192.0.2.100:1003 -r', '192.0.2.100:1440 -r'])(
    'is taken back as a whole when a line of either process is refused: %s',
    async (containing) => {
      const kernel = createFakeKernel([]);
      kernel.refuse = {
        containing: `-a -t ${containing} 10.11.12.3:80`,
        message: 'Memory allocation problem',
      };
      const outcome = await changeKernelTable(kernel, empty, planSteps(empty, manyServices));
      expect(outcome).toMatchObject({ ok: false, problem: expect.stringContaining(containing) });
      expect(kernel.table).toEqual(empty);
    },
  );
});
