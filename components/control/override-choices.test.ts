import { describe, expect, it } from 'vitest';
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus, Override } from '#lib/protocol/messages.ts';
import type { HealthRow } from './health.ts';
import { choicesFor, shownOverrides } from './override-choices.ts';

const given = (kind: Override['kind'], weight: number | null = null): Override => ({
  kind,
  weight,
  by: 'alice',
  at: '2026-01-01T00:00:00Z',
});

const health = (...overrides: Override[]): HealthStatus => ({
  virtualServer: 'web',
  realServer: 'rs1',
  address: '10.11.12.1',
  port: 80,
  state: 'up',
  weight: 1,
  since: null,
  evidence: '',
  checkedAt: null,
  overrides,
});

describe('the choices for a real server', () => {
  const decisions = (status: HealthStatus) =>
    choicesFor('web', 'rs1', status).map(({ decision }) => decision);

  it('offer what is not so already, and the way back from what is', () => {
    expect(decisions(health())).toEqual(['drain', 'disable', 'fix-weight']);
    expect(decisions(health(given('drain')))).toEqual(['undrain', 'disable', 'fix-weight']);
    expect(decisions(health(given('disable'), given('weight', 5)))).toEqual([
      'drain',
      'enable',
      'fix-weight',
      'free-weight',
    ]);
  });

  it('name the real server and what becomes of its connections before anything is done', () => {
    const [drain, disable] = choicesFor('web', 'rs1', health());
    expect(drain?.description).toMatch(/^rs1 of web .*those that are open go on/);
    expect(disable?.description).toMatch(/^rs1 of web .*its open connections break/);
    expect(disable).toMatchObject({ verb: 'Disable rs1', danger: true });
  });

  it('of an agent that does not tell of overrides are those of a server without any', () => {
    const { overrides: _, ...silent } = health();
    expect(decisions(silent)).toEqual(['drain', 'disable', 'fix-weight']);
  });
});

describe('what has been decided', () => {
  const routers = ['r1', 'r2'].map((name) => ({ name }) as LiveRouter);
  const rowOf = (first: HealthStatus | null, second: HealthStatus | null): HealthRow => ({
    realServer: 'rs1',
    endpoint: null,
    seen: [first, second],
    leading: first,
    connections: null,
  });

  it('names the routers that do not know, which would forget it after a failover', () => {
    const shown = shownOverrides(rowOf(health(given('drain')), health()), routers);
    expect(shown).toEqual([{ override: given('drain'), missingOn: ['r2'] }]);
  });

  it('shows also what the standby alone knows, and another weight there', () => {
    expect(shownOverrides(rowOf(health(), health(given('disable'))), routers)).toMatchObject([
      { override: { kind: 'disable' }, missingOn: ['r1'] },
    ]);
    expect(
      shownOverrides(rowOf(health(given('weight', 5)), health(given('weight', 6))), routers),
    ).toMatchObject([{ override: { weight: 5 }, missingOn: ['r2'] }]);
  });

  it('says nothing of a router that cannot be asked', () => {
    expect(shownOverrides(rowOf(health(given('drain')), null), routers)).toMatchObject([{ missingOn: [] }]);
  });
});
