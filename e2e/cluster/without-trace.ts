/** What a restart of the agent on the active router must be for everybody outside: nothing. */
import { expect } from '@playwright/test';
import type { Lab } from '#e2e/lab/lab.ts';
import { until } from '#e2e/lab/process.ts';
import { untilRole, watchVip } from './witness.ts';

/** A request is lost when it has no answer by then: an emulator that starts programs is slow, and is no failure. */
export const LOST_AFTER_MS = 5000;

/** Requests run from before the step until after it; none is lost, and the VIP is r1's all the time. */
export async function withoutTrace(lab: Lab, step: () => Promise<void>): Promise<void> {
  const { r1, r2 } = lab;
  const { roleSince } = await r2.agent.status();
  const table = await r1.routingTable();
  const seen = await watchVip(lab, LOST_AFTER_MS);
  await step();
  await untilRole(r1, 'active');
  await until('r1 to hear its partner', async () => (await r1.agent.status()).peer.state === 'alive');
  await seen.ownedBy(r1);
  const { claims, report } = await seen.stop();
  expect({ refused: report.refused, late: report.late }).toEqual({ refused: 0, late: 0 });
  expect(report.answered).toBeGreaterThan(50);
  expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
  expect((await r2.agent.status()).roleSince, 'r2 stayed the standby').toBe(roleSince);
  expect((await r1.routingTable()).sort()).toEqual(table.sort());
}
