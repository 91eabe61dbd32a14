/** A nanny on a virtual clock with real servers that answer as a test tells them. */

import type { Exec } from '#agent/runtime/types.ts';
import type { Destination, RoutingTable } from '#lib/ipvs/table.ts';
import { checkKinds } from '#lib/lvs/checks.ts';
import {
  type ClusterConfig,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '#lib/lvs/model.ts';
import type { Checkers, CheckResult, Target } from './checks/checker.ts';
import { createNanny } from './driver.ts';
import { type ServerOverride, withOverride, withoutOverride } from './overrides.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const server = (name: string, address: string, settings: Partial<RealServer> = {}): RealServer => ({
  ...defaultServer(name),
  enabled: true,
  address,
  weight: 1,
  ...settings,
});

/** Active, VIP 192.0.2.100, port 443 (check kind tcp), checked every 6 s, back after two successes. */
export const virtual = (
  name: string,
  servers: readonly RealServer[],
  settings: Partial<VirtualServer> = {},
): VirtualServer => ({
  ...defaultVirtual(name),
  enabled: true,
  vip: { address: '192.0.2.100', device: 'eth0' },
  port: 443,
  checkSeconds: 6,
  reentrySeconds: 15,
  slowStartSeconds: 0,
  servers,
  ...settings,
});

export const config = (...virtualServers: VirtualServer[]): ClusterConfig => ({
  ...emptyConfig(),
  virtualServers,
});

export const emptyTable: RoutingTable = { services: [] };

/** The kernel's table with one service 192.0.2.100:443 and these weights by address. */
export function tableWith(weights: Readonly<Record<string, number>>, port = 443): RoutingTable {
  const destination = ([address, weight]: [string, number]): Destination => ({
    address,
    port: 443,
    weight,
    forwarding: 'nat',
    upperThreshold: 0,
    lowerThreshold: 0,
    extra: [],
  });
  const service = {
    key: { kind: 'address', protocol: 'tcp', address: '192.0.2.100', port } as const,
    scheduler: 'wlc',
    schedulerFlags: [],
    persistence: null,
    netmask: null,
    onePacket: false,
    destinations: Object.entries(weights).map(destination),
  };
  return { services: [service] };
}

/** One check that a scripted checker was asked for. */
export interface Asked {
  readonly address: string;
  readonly port: number;
  readonly at: number;
}

type Answer = Partial<CheckResult> & { readonly afterMs?: number };

export function createScene(overrides: readonly ServerOverride[] = [], exec?: Exec) {
  const clock = createVirtualClock();
  const asked: Asked[] = [];
  const events: string[] = [];
  const running = new Map<string, number>();
  const state = { changes: 0, worstOverlap: 0 };
  const answers = new Map<string, Answer[]>();

  const answer = async (target: Target, _options: unknown, limitMs: number): Promise<CheckResult> => {
    asked.push({ ...target, at: clock.now() });
    const overlap = (running.get(target.address) ?? 0) + 1;
    running.set(target.address, overlap);
    state.worstOverlap = Math.max(state.worstOverlap, overlap);
    const queue = answers.get(target.address) ?? [];
    const { afterMs = 3, ...given } = (queue.length > 1 ? queue.shift() : queue[0]) ?? {};
    const durationMs = Math.min(afterMs, given.durationMs ?? limitMs);
    await new Promise<void>((resolve) => clock.after(durationMs, resolve));
    running.set(target.address, overlap - 1);
    return { ok: true, evidence: `answered in ${durationMs} ms`, durationMs, ...given };
  };
  const unused = async (): Promise<never> => {
    throw new Error('this kind is not part of the scene');
  };
  const unusedKinds = Object.fromEntries(
    Object.keys(checkKinds).map((kind) => [kind, unused]),
  ) as unknown as Checkers;

  const nanny = createNanny(
    {
      clock,
      log: { event: (severity, kind, message) => events.push(`${severity} ${kind} ${message}`) },
      exec: exec ?? unused,
      host: { hostname: 'r1', readTextNow: () => null },
      checkers: { ...unusedKinds, tcp: answer, 'send-expect': answer },
    },
    {
      overrides,
      onChange: () => {
        state.changes += 1;
      },
    },
  );
  return {
    nanny,
    clock,
    asked,
    events,
    /** As an administrator: of a fixed weight its number. */
    override(virtualServer: string, realServer: string, what: 'drain' | 'disable' | number) {
      const [kind, weight] = typeof what === 'number' ? (['weight', what] as const) : ([what, null] as const);
      const override = { virtualServer, realServer, kind, weight, by: 'alice', at: clock.wall() };
      nanny.override(withOverride(nanny.overrides(), override));
    },
    lift: (virtualServer: string, realServer: string, kind: ServerOverride['kind']) =>
      nanny.override(withoutOverride(nanny.overrides(), { virtualServer, realServer }, kind)),
    /** Times onChange was called. */
    changes: () => state.changes,
    /** Most checks of one address at one time. */
    worstOverlap: () => state.worstOverlap,
    /** From now on, this address answers so: one answer after the other, the last one for ever. */
    answer: (address: string, ...given: Answer[]) => answers.set(address, given),
    refuse: (address: string) => answers.set(address, [{ ok: false, evidence: 'connection refused' }]),
    recover: (address: string) => answers.delete(address),
    weights: () => nanny.status().map(({ weight }) => weight),
    states: () => nanny.status().map((status) => status.state),
  };
}
