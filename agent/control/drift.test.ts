/** Somebody meddles again and again while the kernel refuses every tenth line: it ends right, or the fault is told. */
import { afterEach, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { cleanUp, exampleText, type TestRouter } from './test-router.ts';
import { activeRouter, webTable } from './test-steps.ts';

afterEach(cleanUp);

const VIP = '192.0.2.100';
const service = `-t ${VIP}:80`;

/** What others do behind the agent's back, and what its own checks find. */
const disturbances: readonly ((test: TestRouter) => void)[] = [
  ({ kernel }) => {
    kernel.table = { services: [] };
  },
  ({ kernel }) => kernel.ipvsadm(`-e ${service} -r 10.11.12.21:80 -m -w 77`),
  ({ kernel }) => kernel.ipvsadm(`-d ${service} -r 10.11.12.22:80`),
  ({ kernel }) => kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr'),
  ({ kernel }) => {
    kernel.addresses = kernel.addresses.filter(({ address }) => address !== VIP);
  },
  ({ nanny }) => {
    nanny.weights.set('web/rs1', nanny.weights.get('web/rs1') === null ? 1 : null);
    nanny.notify();
  },
];

const ours = (test: TestRouter): string[] =>
  shownTable(test.kernel).filter((line) => !line.includes('192.0.2.99'));

const wanted = ({ nanny }: TestRouter): string[] =>
  webTable.filter((line) => nanny.weights.get('web/rs1') !== null || !line.includes('10.11.12.21'));

const isRight = (test: TestRouter): boolean =>
  [...ours(test)].sort().join() === [...wanted(test)].sort().join() &&
  test.kernel.addresses.some(({ address }) => address === VIP);

it('drift is repaired or told within two seconds, though every tenth line is refused, and ends right', async () => {
  const test = await activeRouter(exampleText());
  let lines = 0;
  let refused = 0;
  test.kernel.refuses = () => {
    lines += 1;
    if (lines % 10 !== 0) return null;
    refused += 1;
    return 'Memory allocation problem';
  };
  const told = (): boolean => [...test.agent.router.findings.values()].flat().length > 0;
  let repaired = 0;
  for (let round = 0; round < 60; round += 1) {
    const disturb = disturbances[(round * 5 + Math.floor(round / 6)) % disturbances.length];
    // Their commands fail, too, where another one has taken away what they change.
    try {
      disturb?.(test);
    } catch {
      continue;
    }
    await test.pass(2000);
    expect(isRight(test) || told(), `round ${round}: ${ours(test).join('; ')}`).toBe(true);
    if (isRight(test)) repaired += 1;
  }
  expect(refused).toBeGreaterThan(5);
  expect(repaired).toBeGreaterThan(30);
  test.kernel.refuses = () => null;
  await test.pass(8000);
  expect(isRight(test)).toBe(true);
  expect(told()).toBe(false);
}, 240_000);
