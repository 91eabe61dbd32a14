/** An agent on a fake kernel and a virtual clock, for tests of the control part. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import { createFakeKernel, type FakeKernel } from '../dataplane/fake-kernel.ts';
import type { Nanny, NannyOptions } from '../nanny/contract.ts';
import { createOverrides, type InForce } from '../nanny/overrides.ts';
import { createVirtualClock, type VirtualClock } from '../nanny/virtual-clock.ts';
import type { PulseConfig, PulseEffects, PulseMemory, Role } from '../pulse/contract.ts';
import type { PulseDriver } from '../pulse/driver.ts';
import { createEventLog, type EventLog } from '../runtime/log.ts';
import { type Agent, startAgent } from './agent.ts';

/** A nanny that finds every real server up at its full weight unless the test says otherwise. */
export interface FakeNanny extends Nanny {
  /** By `virtual/server` name; null = out of the table. */
  readonly weights: Map<string, number | null>;
  /** Tells the agent that weights changed. */
  notify(): void;
}

/** A pulse that records what it is told; roles are played by calling `effects`. */
export interface FakePulse extends PulseDriver {
  readonly effects: Omit<PulseEffects, 'becomeActive'> & {
    becomeActive(isWanted?: () => boolean): Promise<boolean>;
  };
  readonly configured: {
    readonly config: PulseConfig;
    readonly keys: number;
    readonly adopted: boolean;
    readonly memory: PulseMemory | undefined;
  }[];
  readonly calls: string[];
  fault: string | null;
  isCutOff: boolean;
  readonly problems: string[];
  partnerKeyId: string | null;
  peerState: 'alive' | 'none';
  peerRole: Role | null;
}

function createFakeNanny(options: NannyOptions): FakeNanny {
  let config: ClusterConfig | null = null;
  const weights = new Map<string, number | null>();
  const overrides = createOverrides(options.overrides);
  const inForce = (virtualServer: string, realServer: string) => overrides.of({ virtualServer, realServer });
  const weightOf = (virtualIndex: number, serverIndex: number): number | null => {
    const virtual = config?.virtualServers[virtualIndex];
    const server = virtual?.servers[serverIndex];
    if (virtual === undefined || server === undefined || !server.enabled) return null;
    const said = weights.get(`${virtual.name}/${server.name}`);
    const { isDrained, isDisabled, fixedWeight } = inForce(virtual.name, server.name);
    if (isDisabled || said === null) return null;
    return isDrained ? 0 : (fixedWeight ?? said ?? server.weight);
  };
  const stateOf = ({ isDisabled, isDrained }: InForce, weight: number | null): HealthStatus['state'] =>
    isDisabled ? 'disabled' : weight === null ? 'down' : isDrained ? 'drained' : 'up';
  return {
    weights,
    notify: options.onChange,
    configure(next) {
      config = next;
    },
    weightOf,
    status: () =>
      (config?.virtualServers ?? []).flatMap((virtual, virtualIndex) =>
        virtual.servers.map((server, serverIndex) => {
          const given = inForce(virtual.name, server.name);
          const weight = weightOf(virtualIndex, serverIndex);
          return {
            virtualServer: virtual.name,
            realServer: server.name,
            address: server.address ?? '',
            port: virtual.port,
            state: stateOf(given, weight),
            weight,
            since: null,
            evidence: weight === null ? 'connection refused' : 'answered in 3 ms',
            checkedAt: null,
            overrides: [...given.all],
          };
        }),
      ),
    knows: ({ virtualServer, realServer }) =>
      config?.virtualServers.some(
        ({ name, servers }) => name === virtualServer && servers.some((server) => server.name === realServer),
      ) === true,
    override(list) {
      overrides.replace(list);
      options.onChange();
    },
    overrides: overrides.list,
    stop() {},
  };
}

function createFakePulse(effects: PulseEffects): FakePulse {
  const answer = (call: string) => async () => {
    pulse.calls.push(call);
    return { done: true, message: `${call} done` };
  };
  const pulse: FakePulse = {
    effects: { ...effects, becomeActive: (isWanted = () => true) => effects.becomeActive(isWanted) },
    configured: [],
    calls: [],
    fault: null,
    isCutOff: false,
    problems: [],
    partnerKeyId: null,
    peerState: 'none',
    peerRole: null,
    configure: (config, keys, adopted, memory) =>
      void pulse.configured.push({ config, keys: keys.length, adopted, memory }),
    setFault: (problem) => {
      pulse.fault = problem;
    },
    setCutOff: (isCutOff) => {
      pulse.isCutOff = isCutOff;
    },
    setHealth() {},
    switchover: answer('switchover'),
    stop: answer('stop'),
    start: () => void pulse.calls.push('start'),
    status: () => ({
      role: 'standby',
      roleSince: '2024-01-01T00:00:00.000Z',
      roleReason: 'a test says so',
      peer: {
        state: pulse.peerState,
        role: pulse.peerRole,
        lastHeardMsAgo: null,
        serial: null,
        configHash: null,
        channels: [],
        authenticated: false,
        rejected: {},
      },
      partnerKeyId: pulse.partnerKeyId,
      problems: pulse.problems,
    }),
    close: () => void pulse.calls.push('close'),
  };
  return pulse;
}

export interface TestRouter {
  readonly agent: Agent;
  readonly kernel: FakeKernel;
  readonly nanny: FakeNanny;
  readonly pulse: FakePulse;
  /** Time passes; what the agent does about it has been done when this resolves. */
  pass(ms: number): Promise<void>;
  readonly clock: VirtualClock;
  readonly log: EventLog;
  readonly folder: string;
  readonly socket: string;
  readonly configPath: string;
  /** Texts of the events of one kind. */
  events(kind: string): string[];
  file(): string;
  /** From now on the disk takes no state any more; the returned function ends that. */
  fillDisk(): () => void;
  /** kill -9: the agent is gone without a word. */
  kill(): void;
  /** Starts another agent on the same kernel and disk. */
  restart(): Promise<TestRouter>;
}

const ownAddresses = [
  { address: '127.0.0.1', prefix: 8, device: 'lo' },
  { address: '192.0.2.11', prefix: 24, device: 'eth0' },
  { address: '10.11.12.1', prefix: 24, device: 'eth1' },
];

const folders: string[] = [];

/** Of each agent: resolves when the state that it was about to write is on the disk. */
const writing: (() => Promise<unknown>)[] = [];

/** Removes what the tests wrote, when nobody writes it any more; for `afterEach`. */
export async function cleanUp(): Promise<void> {
  // What a test ended with may be about to write.
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all(writing.splice(0).map((written) => written()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** An agent with this lvs.cf on its disk; null for none. */
export async function startTestRouter(text: string | null = null): Promise<TestRouter> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-agent-'));
  folders.push(folder);
  if (text !== null) writeFileSync(join(folder, 'lvs.cf'), text);
  return startOn(folder, createFakeKernel(ownAddresses), createVirtualClock());
}

/** Rounds of the watch read real files, so time passes in steps with their ends awaited. */
const STEP_MS = 250;

/** Each agent of a folder has a run folder of its own: a killed one does not let go of its socket in one process. */
let runs = 0;

export async function startOn(folder: string, kernel: FakeKernel, clock: VirtualClock): Promise<TestRouter> {
  runs += 1;
  const runFolder = join(folder, `run${runs}`);
  const log = createEventLog(clock, () => {});
  const made: { nanny?: FakeNanny; pulse?: FakePulse } = {};
  let dead = false;
  const configPath = join(folder, 'lvs.cf');
  const agent = await startAgent(
    {
      clock: { ...clock, after: (ms, callback) => clock.after(ms, () => dead || callback()) },
      log,
      // A dead agent runs no program.
      exec: (argv, options) => (dead ? new Promise(() => {}) : kernel.exec(argv, options)),
      prepare: kernel.prepare,
      host: { ...kernel.host, uptime: () => ({ bootId: kernel.bootId, ms: clock.now() }) },
    },
    {
      createNanny(_edges, options) {
        made.nanny = createFakeNanny(options);
        return made.nanny;
      },
      createPulse(_edges, effects) {
        made.pulse = createFakePulse(effects);
        return made.pulse;
      },
    },
    { configPath, stateFolder: join(folder, 'state'), runFolder, version: '1.2.3' },
  );
  const { update } = agent.router.state;
  writing.push(() => update({}).catch(() => {}));
  const { nanny, pulse } = made;
  if (nanny === undefined || pulse === undefined) throw new Error('the agent made no nanny or no pulse');
  return {
    agent,
    kernel,
    nanny,
    pulse,
    clock,
    async pass(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        await clock.advance(Math.min(STEP_MS, left));
        await vi.waitUntil(() => dead || !agent.watching.isLooking(), { interval: 1, timeout: 30_000 });
      }
    },
    log,
    folder,
    socket: join(runFolder, 'agent.sock'),
    configPath,
    events: (kind) => log.recent(1000).flatMap((event) => (event.kind === kind ? [event.message] : [])),
    file: () => readFileSync(configPath, 'utf8'),
    fillDisk() {
      // A folder where the next state would be written beside the one that is there.
      const inTheWay = join(folder, 'state', `.state.json.${process.pid}.new`);
      mkdirSync(inTheWay);
      return () => rmSync(inTheWay, { recursive: true });
    },
    kill() {
      dead = true;
    },
    restart: () => startOn(folder, kernel, clock),
  };
}

interface ExampleOptions {
  readonly serial?: number;
  readonly servers?: readonly (readonly [name: string, address: string, weight: number])[];
  readonly vip?: string;
  readonly extra?: string;
  readonly scheduler?: string;
  readonly backup?: boolean;
  readonly virtuals?: string;
}

/** A small NAT cluster with one virtual server. */
export function exampleText(options: ExampleOptions = {}): string {
  const servers = options.servers ?? [
    ['rs1', '10.11.12.21', 1],
    ['rs2', '10.11.12.22', 2],
  ];
  return [
    `serial_no = ${options.serial ?? 1}`,
    'primary = 192.0.2.11',
    'service = lvs',
    `backup_active = ${options.backup === true ? 1 : 0}`,
    'backup = 192.0.2.12',
    'keepalive = 1',
    'deadtime = 3',
    'network = nat',
    'nat_router = 10.11.12.254 eth1:1',
    'nat_nmask = 255.255.255.0',
    options.extra ?? '',
    'virtual web {',
    '  active = 1',
    `  address = ${options.vip ?? '192.0.2.100'} eth0:1`,
    '  port = 80',
    `  scheduler = ${options.scheduler ?? 'wrr'}`,
    ...servers.flatMap(([name, address, weight]) => [
      `  server ${name} {`,
      `    address = ${address}`,
      '    active = 1',
      `    weight = ${weight}`,
      '  }',
    ]),
    '}',
    options.virtuals ?? '',
    '',
  ].join('\n');
}
