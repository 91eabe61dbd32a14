/** Ten thousand pairs of configurations: what a push does to the kernel's table, and what it leaves alone. */
import { expect, test } from 'vitest';
import type { ClusterConfig } from '../lvs/model.ts';
import { destinationName, type Step, serviceName } from './command.ts';
import { compileTable, type WeightOf } from './compile.ts';
import { configPair } from './config-pairs.ts';
import { applySteps, planSteps } from './plan.ts';
import type { RoutingTable, Service } from './table.ts';

const PAIRS = 10_000;

/** Health of the moment, by address: some are down, some quiesced, some still grow. */
const weightsOf =
  (config: ClusterConfig, seed: number): WeightOf =>
  (virtualIndex, serverIndex) => {
    const server = config.virtualServers[virtualIndex]?.servers[serverIndex];
    const health = (seed + Number(server?.address?.at(-1) ?? 0)) % 5;
    return health === 0 ? null : health === 1 ? 0 : health === 2 ? 3 : (server?.weight ?? null);
  };

const textOf = ({ destinations, ...service }: Service): string =>
  JSON.stringify([service, destinations.map((each) => JSON.stringify(each)).sort()]);

const servicesOf = ({ services }: RoutingTable): ReadonlyMap<string, string> =>
  new Map(services.map((service) => [serviceName(service.key), textOf(service)]));

const destinationsOf = ({ services }: RoutingTable): ReadonlyMap<string, string> =>
  new Map(
    services.flatMap(({ key, destinations }) =>
      destinations.map((each): [string, string] => [
        `${serviceName(key)} ${destinationName(each)}`,
        JSON.stringify(each),
      ]),
    ),
  );

const serviceOf = (step: Step): string => serviceName('service' in step ? step.service.key : step.key);
const subjectOf = (step: Step): string =>
  'destination' in step ? `${serviceOf(step)} ${destinationName(step.destination)}` : serviceOf(step);

const sorted = (texts: ReadonlyMap<string, string>): string => [...texts.values()].sort().join('\n');

/** Names that mean the same in both. */
const same = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...before].filter(([name, text]) => after.get(name) === text).map(([name]) => name);

test('the kernel after the plan has the wanted table; no untouched service is named, no kept weight is set', () => {
  const seen = { services: 0, destinations: 0, steps: 0, nothing: 0 };
  for (let seed = 0; seed < PAIRS; seed += 1) {
    const [before, after] = configPair(seed);
    const actual = compileTable(before, weightsOf(before, seed));
    const wanted = compileTable(after, weightsOf(after, seed));
    const steps = planSteps(actual, wanted);
    const what = `pair ${seed}`;
    const result = sorted(servicesOf(applySteps(actual, steps)));
    if (result !== sorted(servicesOf(wanted))) expect(result, what).toBe(sorted(servicesOf(wanted)));

    const services = same(servicesOf(actual), servicesOf(wanted));
    const named = new Set(steps.map(serviceOf));
    const touched = services.filter((name) => named.has(name));
    if (touched.length > 0) expect(touched, what).toEqual([]);

    const destinations = same(destinationsOf(actual), destinationsOf(wanted));
    const subjects = new Set(steps.map(subjectOf));
    const disturbed = destinations.filter((name) => subjects.has(name));
    if (disturbed.length > 0) expect(disturbed, what).toEqual([]);

    seen.services += services.length;
    seen.destinations += destinations.length;
    seen.steps += steps.length;
    if (steps.length === 0) seen.nothing += 1;
  }
  // The pairs were worth it: much stayed, much changed.
  expect(Math.min(seen.services, seen.destinations, seen.steps)).toBeGreaterThan(PAIRS / 2);
  expect(seen.nothing).toBeLessThan(PAIRS / 2);
}, 240_000);
