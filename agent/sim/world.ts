/** Two routers, the wire between them, and how calm it is: promises bind after a while without disturbance. */
import type { PulseConfig } from '#agent/pulse/contract.ts';
import type { ChannelName } from '#agent/pulse/heartbeat.ts';
import { deadtimeMs } from '#agent/pulse/rules.ts';
import type { MachineState, PulseAction } from '#agent/pulse/state.ts';
import type { Network, Side, Weather } from './network.ts';
import { createNetwork, otherSide } from './network.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import type { Step } from './router.ts';
import { SimRouter } from './router.ts';
import type { Timeline } from './timeline.ts';
import { createTimeline } from './timeline.ts';

export const sides = ['primary', 'backup'] as const satisfies readonly Side[];

export interface World {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly network: Network;
  readonly routers: Readonly<Record<Side, SimRouter>>;
  readonly channels: readonly ChannelName[];
  /** The weather that the promises count on. */
  readonly fair: Weather;
  /** Says that something happened which the machines may answer with a transfer. */
  disturb(what: string): void;
  disturbedAt(): number;
  note(text: string): void;
  readonly trace: string[];
  /** No more trouble: what was planned does not happen. */
  isOver: boolean;
}

export interface WorldOptions {
  readonly seed: number;
  readonly step: Step;
  readonly keepTrace: boolean;
  onAction(router: SimRouter, action: PulseAction, before: MachineState): void;
}

export function createWorld(options: WorldOptions): World {
  const random = createRandom(options.seed);
  const timeline = createTimeline();
  const trace: string[] = [];
  let disturbedAt = 0;
  const note = (text: string) => {
    if (options.keepTrace) trace.push(`${timeline.now().toFixed(1).padStart(9)} ${text}`);
  };

  const keepaliveMs = random.pick([50, 100, 1000]);
  const fair: Weather = {
    loss: 0,
    duplicate: random.pick([0, 0, 0.1]),
    delay: keepaliveMs * random.between(0.001, 0.05),
    jitter: keepaliveMs * random.pick([0, 0.01, 0.2]),
  };
  const channels: readonly ChannelName[] = random.chance(0.5) ? ['public'] : ['public', 'private'];
  const deadtimeMs = keepaliveMs * random.pick([3, 4, 6]);
  const shared = {
    keepaliveMs,
    deadtimeMs,
    preemptDelayMs: deadtimeMs * random.pick([0, 0, 0, 5]),
    holdDownMs: random.pick([null, null, null, 1.5 * deadtimeMs, 5 * deadtimeMs]),
    preempt: random.chance(0.75),
    service: 'lvs' as const,
  };
  const network = createNetwork(timeline, random, { ...fair }, (to, channel, bytes) => {
    routers[to].receive(channel, bytes);
  });
  const deps = {
    timeline,
    random,
    step: options.step,
    send: network.send,
    onAction(router: SimRouter, action: PulseAction, before: MachineState) {
      if (action.type === 'log') note(`  ${router.side} ${action.kind}: ${action.message}`);
      else if (action.type === 'answer')
        note(`  ${router.side} answers ${action.command}: ${action.message}`);
      else if (action.type !== 'send') note(`  ${router.side} ${action.type}`);
      options.onAction(router, action, before);
    },
  };
  const configOf = (side: Side): PulseConfig => ({
    configuredAs: side,
    hasBackup: true,
    channels: channels.map((name) => ({ name, localAddress: side, peerAddress: otherSide(side) })),
    port: 539,
    serial: 1,
    configHash: 'a1b2c3',
    ...shared,
  });
  const routers = {
    primary: new SimRouter('primary', configOf('primary'), deps),
    backup: new SimRouter('backup', configOf('backup'), deps),
  };
  for (const side of sides) routers[side].effectMs = keepaliveMs * random.between(0.01, 0.2);
  return {
    timeline,
    random,
    network,
    routers,
    channels,
    fair,
    trace,
    isOver: false,
    note,
    disturb(what) {
      disturbedAt = timeline.now();
      note(what);
    },
    disturbedAt: () => disturbedAt,
  };
}

/** Whether each router has a way to the other; the two ways may lead over different channels. */
export function isConnected(world: World): boolean {
  return hasWay(world, 'primary') && hasWay(world, 'backup');
}

function hasWay({ channels, network }: World, from: Side): boolean {
  for (const channel of channels) if (network.isOpen(from, channel)) return true;
  return false;
}

/** Nothing is lost or late, nobody sleeps, and what has power runs its agent. Asked after every step: no closures. */
export function isCalm(world: World): boolean {
  const { weather } = world.network;
  if (weather.loss !== 0 || weather.delay + weather.jitter > world.fair.delay + world.fair.jitter)
    return false;
  const { primary, backup } = world.routers;
  const now = world.timeline.now();
  if (!isWell(primary, now) || !isWell(backup, now)) return false;
  return !primary.isPowered || !backup.isPowered || isConnected(world);
}

const isWell = (router: SimRouter, now: number): boolean =>
  !router.isPowered || (router.isAwake() && router.slowUntil <= now);

/** How long a router may wait for a reason that is configured. */
export function configuredWaitMs(world: World): number {
  const { holdDownMs, preemptDelayMs } = world.routers.primary.config;
  return Math.max(holdDownMs ?? 0, preemptDelayMs);
}

/** As the routers judge: by the longest dead time that either has or has heard of. */
export function longestDeadtime(world: World): number {
  const { primary, backup } = world.routers;
  const heard = Math.max(deadtimeMs(primary.state), deadtimeMs(backup.state));
  return Math.max(primary.config.deadtimeMs, backup.config.deadtimeMs, heard);
}
