import { describe, expect, it } from 'vitest';
import { type Step, serviceName } from '#lib/ipvs/command.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import { readTable } from '#lib/ipvs/read.ts';
import { shareOut } from './shares.ts';

const tableOf = (sizes: readonly number[]) =>
  readTable(
    sizes
      .flatMap((size, service) => [
        `-A -t 192.0.2.100:${1000 + service} -s wlc`,
        ...Array.from(
          { length: size },
          (_, index) => `-a -t 192.0.2.100:${1000 + service} -r 10.11.12.${index}:80 -g -w 1`,
        ),
      ])
      .map((line) => `${line}\n`)
      .join(''),
  );

const nameOf = (step: Step): string => serviceName('service' in step ? step.service.key : step.key);

describe('the shares of a batch', () => {
  const empty = readTable('');
  const plan = planSteps(empty, tableOf([30, 1, 1, 40, 8, 20, 20]));

  it('hold every step once and in order, one service never in two of them', () => {
    for (const count of [1, 2, 3, 4, 7, 100]) {
      const shares = shareOut(plan, count);
      expect(shares.flat()).toEqual(plan);
      expect(shares.length).toBeLessThanOrEqual(count);
      const owners = shares.map((share) => new Set(share.map(nameOf)));
      const names = owners.flatMap((owned) => [...owned]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('are of about one length', () => {
    expect(shareOut(plan, 2).map((share) => share.length)).toEqual([76, 51]);
  });

  it('are none where there is nothing to do', () => {
    expect(shareOut([], 4)).toEqual([]);
  });

  it('keep what one service loses with what it gets', () => {
    const steps = planSteps(tableOf([3, 3]), tableOf([0, 3, 2]));
    expect(shareOut(steps, 2).map((share) => new Set(share.map(nameOf)).size)).toEqual([1, 1]);
  });
});
