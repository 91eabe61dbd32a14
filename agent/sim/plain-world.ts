/**
 * A pair without a cluster key: an agent beside a Piranha, in either role, or two agents that get their key one
 * after the other. The real machine, the words on the wire, and the same faults as in the signed world.
 */
import type { PulseConfig } from '#agent/pulse/contract.ts';
import type { ChannelName } from '#agent/pulse/heartbeat.ts';
import type { PulseAction } from '#agent/pulse/state.ts';
import type { Network, Side, Weather } from './network.ts';
import { createNetwork, otherSide } from './network.ts';
import { PiranhaRouter } from './piranha-router.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import type { Step } from './router.ts';
import { SimRouter } from './router.ts';
import type { Timeline } from './timeline.ts';
import { createTimeline } from './timeline.ts';
import { sides } from './world.ts';

export interface PlainWorld {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly network: Network;
  readonly stations: Readonly<Record<Side, SimRouter | PiranhaRouter>>;
  readonly channels: readonly ChannelName[];
  readonly fair: Weather;
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  disturb(what: string): void;
  disturbedAt(): number;
  note(text: string): void;
  readonly trace: string[];
  isOver: boolean;
}

export interface PlainOptions {
  readonly seed: number;
  readonly step: Step;
  readonly keepTrace: boolean;
  onAction(router: SimRouter, action: PulseAction): void;
}

export function createPlainWorld(options: PlainOptions): PlainWorld {
  const random = createRandom(options.seed);
  const timeline = createTimeline();
  const trace: string[] = [];
  let disturbedAt = 0;
  const note = (text: string) => {
    if (options.keepTrace) trace.push(`${timeline.now().toFixed(1).padStart(9)} ${text}`);
  };
  const keepaliveMs = random.pick([100, 1000]);
  const deadtimeMs = keepaliveMs * random.pick([3, 4, 6]);
  const fair: Weather = {
    loss: 0,
    duplicate: random.pick([0, 0, 0.1]),
    delay: keepaliveMs * random.between(0.001, 0.05),
    jitter: keepaliveMs * random.pick([0, 0.01, 0.1]),
  };
  const channels: readonly ChannelName[] = random.chance(0.5) ? ['public'] : ['public', 'private'];
  const network = createNetwork(timeline, random, { ...fair }, (to, channel, bytes) =>
    stations[to].receive(channel, bytes),
  );
  const configOf = (side: Side): PulseConfig => ({
    configuredAs: side,
    hasBackup: true,
    channels: channels.map((name) => ({ name, localAddress: side, peerAddress: otherSide(side) })),
    port: 539,
    serial: 1,
    configHash: 'a1b2c3',
    preempt: true,
    preemptDelayMs: 0,
    holdDownMs: null,
    service: 'lvs',
    keepaliveMs,
    deadtimeMs,
  });
  const deps = {
    timeline,
    random,
    step: options.step,
    send: network.send,
    say: (side: Side, what: string) => note(`  ${side} ${what}`),
    onAction(router: SimRouter, action: PulseAction) {
      if (action.type === 'log') note(`  ${router.side} ${action.kind}: ${action.message}`);
      else if (action.type === 'answer')
        note(`  ${router.side} answers ${action.command}: ${action.message}`);
      else if (action.type !== 'send' && action.type !== 'send-plain')
        note(`  ${router.side} ${action.type}`);
      options.onAction(router, action);
    },
  };
  const piranha = random.pick(['primary', 'backup', 'primary', 'backup', 'nobody']);
  const make = (side: Side) => {
    if (piranha === side) return new PiranhaRouter(side, configOf(side), deps);
    const router = new SimRouter(side, configOf(side), deps);
    router.hasKey = false;
    return router;
  };
  const stations = { primary: make('primary'), backup: make('backup') };
  for (const side of sides) stations[side].effectMs = keepaliveMs * random.between(0.01, 0.1);
  return {
    timeline,
    random,
    network,
    stations,
    channels,
    fair,
    keepaliveMs,
    deadtimeMs,
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

export const isPiranha = (station: SimRouter | PiranhaRouter): station is PiranhaRouter =>
  station instanceof PiranhaRouter;

export function isUp(station: SimRouter | PiranhaRouter): boolean {
  return isPiranha(station) ? station.pulse !== null : station.isPowered;
}

export function startStation(station: SimRouter | PiranhaRouter): void {
  if (isPiranha(station)) station.start();
  else station.powerOn();
}

/** Power off, or the end of pulse. */
export function endStation(station: SimRouter | PiranhaRouter): void {
  if (isPiranha(station)) station.end();
  else station.powerOff();
}

/** Nothing is lost or late, nobody sleeps or is slow, and the words go both ways. */
export function isPlainCalm(world: PlainWorld): boolean {
  const { network, fair, stations, channels } = world;
  const { weather } = network;
  if (weather.loss > 0 || weather.delay + weather.jitter > fair.delay + fair.jitter) return false;
  const isWell = sides.every((side) => {
    const station = stations[side];
    if (isPiranha(station) || !station.isPowered) return true;
    return station.isAwake() && station.slowUntil <= world.timeline.now();
  });
  const isAlone = sides.some((side) => !isUp(stations[side]));
  return isWell && (isAlone || sides.every((side) => channels.every((name) => network.isOpen(side, name))));
}
