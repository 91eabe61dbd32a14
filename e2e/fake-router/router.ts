/**
 * A router that exists only in memory: the agent's answers over lib/lvs and lib/ipvs, without a kernel. For
 * development and for states of the console that are hard to reach; it proves nothing about the agent.
 */
import { createHash } from 'node:crypto';
import { serviceName, stepLine, tableLines } from '#lib/ipvs/command.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { applySteps, planSteps } from '#lib/ipvs/plan.ts';
import type { RoutingTable } from '#lib/ipvs/table.ts';
import { type Diagnostic, hasErrors } from '#lib/lvs/diagnostics.ts';
import { type ClusterConfig, effectivePort, emptyConfig, type RealServer } from '#lib/lvs/model.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import type {
  AgentEvent,
  ApplyResult,
  HealthStatus,
  Override,
  RouterStatus,
} from '#lib/protocol/messages.ts';
import { fixedWeightOf, overrideText } from '#lib/protocol/override.ts';

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

type State = HealthStatus['state'];

interface OverriddenServer {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly by?: string | undefined;
}

export interface FakeRouterOptions {
  readonly name: string;
  readonly configuredAs: 'primary' | 'backup';
}

export class FakeRouter {
  readonly options: FakeRouterOptions;
  /** Called after each change, so that subscribers get a status at once. */
  onChange: () => void = () => {};
  onEvent: (event: AgentEvent) => void = () => {};
  partner: FakeRouter | null = null;
  text: string | null = null;
  fileText: string | null = null;
  role: RouterStatus['role'] = 'standby';
  reason = 'The partner is active';
  problems: readonly string[] = [];
  /** What it says of every configuration besides. */
  remarks: Diagnostic[] = [];
  events: AgentEvent[] = [];
  #config: ClusterConfig = emptyConfig();
  #table: RoutingTable = { services: [] };
  #states = new Map<string, State>();
  #overrides = new Map<string, readonly Override[]>();
  #since = new Date().toISOString();
  #roleSince = new Date().toISOString();
  #appliedAt: string | null = null;
  #trial: { readonly before: string; readonly timer: NodeJS.Timeout; readonly endsAt: number } | null = null;
  readonly #startedAt = Date.now();

  constructor(options: FakeRouterOptions) {
    this.options = options;
  }

  become(role: RouterStatus['role'], reason: string): void {
    this.role = role;
    this.reason = reason;
    this.#roleSince = new Date().toISOString();
    this.event(role === 'fault' ? 'error' : 'info', `became-${role}`, `Became ${role}: ${reason}`);
  }

  event(severity: AgentEvent['severity'], kind: string, message: string): void {
    const event = { sequence: this.events.length + 1, at: new Date().toISOString(), severity, kind, message };
    this.events = [event, ...this.events].slice(0, 1000);
    this.onEvent(event);
    this.onChange();
  }

  setHealth(virtualServer: string, realServer: string, state: State): void {
    this.#states.set(`${virtualServer}\n${realServer}`, state);
    this.#since = new Date().toISOString();
    this.#table = this.#wanted(this.#config);
    if (state === 'down')
      this.event('warning', 'server-down', `${realServer} of ${virtualServer} is down: connection refused`);
    else this.event('info', `server-${state}`, `${realServer} of ${virtualServer} is ${state}`);
  }

  override(
    { virtualServer, realServer, by }: OverriddenServer,
    kind: Override['kind'],
    weight: number | null,
  ): void {
    const others = this.#overridesOf(virtualServer, realServer).filter((each) => each.kind !== kind);
    const override = { kind, weight, by: by ?? null, at: new Date().toISOString() };
    this.#setOverrides(virtualServer, realServer, [...others, override]);
  }

  lift({ virtualServer, realServer }: OverriddenServer, kind: Override['kind']): void {
    const others = this.#overridesOf(virtualServer, realServer).filter((each) => each.kind !== kind);
    this.#setOverrides(virtualServer, realServer, others);
  }

  #overridesOf(virtualServer: string, realServer: string): readonly Override[] {
    return this.#overrides.get(`${virtualServer}\n${realServer}`) ?? [];
  }

  #setOverrides(virtualServer: string, realServer: string, overrides: readonly Override[]): void {
    this.#overrides.set(`${virtualServer}\n${realServer}`, overrides);
    this.#since = new Date().toISOString();
    this.#table = this.#wanted(this.#config);
    this.event(
      'info',
      'override',
      `${realServer} of ${virtualServer}: ${overrides.map(overrideText).join(', ')}`,
    );
  }

  /** Ends the trial; false when there is none. */
  confirm(): boolean {
    const trial = this.#trial;
    this.#endTrial();
    if (trial !== null) this.event('info', 'trial-confirmed', 'The configuration stays');
    return trial !== null;
  }

  /** Back to what ran before the trial. */
  rollBack(): ApplyResult {
    const before = this.#trial?.before ?? this.text ?? '';
    this.#endTrial();
    return this.apply(before, false);
  }

  #endTrial(): void {
    clearTimeout(this.#trial?.timer);
    this.#trial = null;
  }

  #armTrial(before: string | null, seconds: number | null): void {
    this.#endTrial();
    if (seconds === null || before === null) return;
    const timer = setTimeout(() => void this.rollBack(), seconds * 1000);
    this.#trial = { before, timer, endsAt: Date.now() + seconds * 1000 };
  }

  apply(text: string, dryRun: boolean, confirmWithin: number | null = null): ApplyResult {
    const { config, diagnostics: faults } = parseConfig(text);
    const diagnostics = [...faults, ...validateConfig(config), ...this.remarks].map(({ path, ...rest }) => ({
      ...rest,
      ...(path === undefined ? {} : { path: [...path] }),
    }));
    const steps = planSteps(this.#table, this.#wanted(config));
    const refused = hasErrors(diagnostics);
    const result: ApplyResult = {
      applied: !refused && !dryRun,
      dryRun,
      diagnostics,
      commands: refused ? [] : steps.map(stepLine),
      addressCommands: refused ? [] : this.#addressCommands(config),
      table: refused ? [] : tableLines(applySteps(this.#table, steps)),
      serial: config.global.serialNumber,
      hash: hashOf(text),
      failure: null,
      durationMs: 12,
    };
    if (!result.applied) return result;
    this.#config = config;
    this.#table = applySteps(this.#table, steps);
    this.#appliedAt = new Date().toISOString();
    this.#armTrial(this.text, confirmWithin);
    this.text = text;
    this.fileText = text;
    this.event('info', 'config-applied', `Configuration ${config.global.serialNumber} applied`);
    return result;
  }

  status(): RouterStatus {
    const hash = this.text === null ? null : hashOf(this.text);
    return {
      at: new Date().toISOString(),
      runId: this.options.name,
      hostname: `${this.options.name}.example.net`,
      version: '0.1.0',
      uptimeSeconds: Math.floor((Date.now() - this.#startedAt) / 1000),
      memoryBytes: 61 * 2 ** 20,
      configuredAs: this.options.configuredAs,
      role: this.role,
      roleSince: this.#roleSince,
      roleReason: this.reason,
      peer: this.#peer(),
      config: {
        serial: this.text === null ? null : this.#config.global.serialNumber,
        hash,
        appliedAt: this.#appliedAt,
        fileHash: this.fileText === null ? null : hashOf(this.fileText),
        confirmSecondsLeft:
          this.#trial === null ? null : Math.max(0, Math.ceil((this.#trial.endsAt - Date.now()) / 1000)),
      },
      addresses: this.role === 'active' ? vips(this.#config) : [],
      services: this.#services(),
      health: this.#health(),
      problems: [...this.problems],
    };
  }

  #peer(): RouterStatus['peer'] {
    return {
      state: this.partner ? 'alive' : 'none',
      role: this.partner?.role ?? null,
      lastHeardMsAgo: this.partner ? 180 : null,
      serial: null,
      configHash: null,
      channels: this.partner ? [{ name: 'public', twoWay: true }] : [],
      authenticated: true,
      rejected: {},
    };
  }

  #addressCommands(config: ClusterConfig): string[] {
    if (this.role !== 'active') return [];
    const held = new Set(vips(this.#config));
    return vips(config)
      .filter((address) => !held.has(address))
      .map((address) => `address add ${address.replace(' ', ' dev ')}`);
  }

  #stateOf(virtualServer: string, realServer: string): State {
    return this.#states.get(`${virtualServer}\n${realServer}`) ?? 'up';
  }

  #wanted(config: ClusterConfig): RoutingTable {
    return compileTable(config, (virtualIndex, serverIndex) => {
      const virtual = config.virtualServers[virtualIndex];
      const server = virtual?.servers[serverIndex];
      if (!virtual || !server) return null;
      const state = this.#stateOf(virtual.name, server.name);
      return this.#weightOf(virtual.name, server, state);
    });
  }

  #weightOf(virtualServer: string, server: RealServer, state: State): number | null {
    const overrides = this.#overridesOf(virtualServer, server.name);
    if (state !== 'up' || overrides.some(({ kind }) => kind === 'disable')) return null;
    if (overrides.some(({ kind }) => kind === 'drain')) return 0;
    return fixedWeightOf({ overrides: [...overrides] }) ?? server.weight;
  }

  #services(): RouterStatus['services'] {
    const second = Math.floor(Date.now() / 1000);
    return this.#table.services.map((service, row) => ({
      service: serviceName(service.key),
      scheduler: service.scheduler,
      persistence: service.persistence,
      netmask: service.netmask,
      owned: true,
      destinations: service.destinations.map((destination, column) => ({
        address: destination.address,
        port: destination.port,
        forwarding: destination.forwarding,
        weight: destination.weight,
        activeConnections:
          this.role === 'active' ? ((second * 7 + row * 31 + column * 17) % 90) * destination.weight : 0,
        inactiveConnections: this.role === 'active' ? (second * 3 + row * 13 + column * 29) % 240 : 0,
      })),
    }));
  }

  #health(): HealthStatus[] {
    return this.#config.virtualServers.flatMap((virtual) =>
      virtual.servers.map((server, index) => {
        const overrides = [...this.#overridesOf(virtual.name, server.name)];
        const health =
          virtual.enabled && server.enabled ? this.#stateOf(virtual.name, server.name) : 'disabled';
        const state = overrides.some(({ kind }) => kind === 'disable')
          ? 'disabled'
          : overrides.some(({ kind }) => kind === 'drain')
            ? 'drained'
            : health;
        const weight = this.#weightOf(virtual.name, server, health);
        return {
          virtualServer: virtual.name,
          realServer: server.name,
          address: server.address ?? '',
          port: effectivePort(virtual, server),
          state,
          weight,
          since: this.#since,
          evidence: state === 'down' ? 'connection refused' : `answered in ${2 + (index % 5)} ms`,
          checkedAt: new Date().toISOString(),
          overrides,
        };
      }),
    );
  }
}

const vips = (config: ClusterConfig): string[] => [
  ...new Set(
    config.virtualServers.flatMap(({ vip, enabled }) =>
      enabled && vip?.address ? [`${vip.address}/32 ${vip.device.split(':')[0]}`] : [],
    ),
  ),
];
