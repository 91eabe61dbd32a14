/** Laws of the planner over generated tables and configurations. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyConfig } from '../lvs/arbitrary.ts';
import { isSame } from '../lvs/same.ts';
import { anyTable } from './arbitrary.ts';
import { type Step, serviceName, stepLine, tableLines } from './command.ts';
import { compileTable } from './compile.ts';
import { applySteps, planSteps } from './plan.ts';
import { readTable } from './read.ts';
import type { RoutingTable, ServiceKey } from './table.ts';

const runs = { numRuns: 500 };

const nameOf = (step: Step): string => serviceName('service' in step ? step.service.key : step.key);

/** Services and destinations by name, whatever their order. */
const content = ({ services }: RoutingTable) =>
  services
    .map((service) => ({
      ...service,
      name: serviceName(service.key),
      destinations: [...service.destinations].sort(byJson),
    }))
    .sort(byJson);

const byJson = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const isOdd = (key: ServiceKey): boolean => (key.kind === 'mark' ? key.mark : key.port) % 2 === 1;

describe('planning', () => {
  test('applied to the actual table gives the wanted one and keeps what is foreign', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (actual, wanted) => {
        const wantedNames = new Set(wanted.services.map(({ key }) => serviceName(key)));
        const foreign = actual.services.filter(
          ({ key }) => !isOdd(key) && !wantedNames.has(serviceName(key)),
        );
        const after = applySteps(actual, planSteps(actual, wanted, isOdd));
        expect(content(after)).toEqual(content({ services: [...wanted.services, ...foreign] }));
      }),
      runs,
    );
  });

  test('names no service that stays as it is', () => {
    fc.assert(
      fc.property(anyTable, anyTable, fc.func(fc.boolean()), (actual, other, isKept) => {
        const kept = actual.services.filter(({ key }) => isKept(serviceName(key)));
        const keptNames = new Set(kept.map(({ key }) => serviceName(key)));
        const others = other.services.filter(({ key }) => !keptNames.has(serviceName(key)));
        const steps = planSteps(actual, { services: [...others, ...kept] });
        expect(steps.map(nameOf).filter((name) => keptNames.has(name))).toEqual([]);
      }),
      runs,
    );
  });

  test('touches each destination once at most, and no service twice', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (actual, wanted) => {
        const lines = planSteps(actual, wanted).map(
          (step) => stepLine(step).split(' -s ')[0]?.split(' -w ')[0],
        );
        const subjects = lines.map((line) => line?.replace(/^-\w+ /, '').replace(/ -[mgi]$/, ''));
        expect(new Set(subjects).size).toBe(subjects.length);
      }),
      runs,
    );
  });

  test('never leaves a service empty on the way from some destinations to others', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (actual, wanted) => {
        const count = ({ services }: RoutingTable, name: string) =>
          services.find(({ key }) => serviceName(key) === name)?.destinations.length;
        const steps = planSteps(actual, wanted);
        const lasting = wanted.services
          .map(({ key }) => serviceName(key))
          .filter((name) => (count(actual, name) ?? 0) > 0 && (count(wanted, name) ?? 0) > 0);
        let table = actual;
        for (const step of steps) {
          table = applySteps(table, [step]);
          for (const name of lasting) expect(count(table, name)).toBeGreaterThan(0);
        }
      }),
      runs,
    );
  });

  test('a wanted table that is there already needs no step', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        expect(planSteps({ services: [...table.services].reverse() }, table)).toEqual([]);
      }),
      runs,
    );
  });

  test('between two configurations, applied to the first gives the second', () => {
    fc.assert(
      fc.property(anyConfig, anyConfig, (before, after) => {
        const [actual, wanted] = [compileTable(before), compileTable(after)];
        expect(content(applySteps(actual, planSteps(actual, wanted)))).toEqual(content(wanted));
      }),
      { numRuns: 500 },
    );
  });
});

test('what the table prints is read as the same table, thresholds apart', () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const printed = {
        services: table.services.map((service) => ({
          ...service,
          destinations: service.destinations.map((destination) => ({
            ...destination,
            upperThreshold: 0,
            lowerThreshold: 0,
          })),
        })),
      };
      const read = readTable(tableLines(table).join('\n'));
      expect(isSame(content(read), content(printed))).toBe(true);
    }),
    runs,
  );
});
