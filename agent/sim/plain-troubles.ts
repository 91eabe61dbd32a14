/** What can happen to a pair without a cluster key, one row each. */
import type { Side } from './network.ts';
import { otherSide } from './network.ts';
import type { PlainWorld } from './plain-world.ts';
import { endStation, isPiranha, startStation } from './plain-world.ts';
import { sides } from './world.ts';

type Trouble = (world: PlainWorld, side: Side) => void;

const later = (world: PlainWorld, deadtimes: number, happen: () => void) =>
  void world.timeline.at(world.timeline.now() + deadtimes * world.deadtimeMs, () => {
    if (!world.isOver) happen();
  });

const cut: Trouble = (world, side) => {
  const froms = world.random.chance(0.5) ? sides : [side];
  for (const from of froms) for (const channel of world.channels) world.network.cut(from, channel);
  world.disturb(`cut from ${froms.join(' and ')}`);
  later(world, world.random.pick([0.3, 1.5, 4]), () => {
    world.network.mendAll();
    world.disturb('mended');
  });
};

const storm: Trouble = (world) => {
  const { weather } = world.network;
  weather.loss = world.random.pick([0, 0.3, 0.8]);
  weather.jitter = world.keepaliveMs * world.random.pick([0.2, 1, 4]);
  world.disturb(`storm: loss ${weather.loss}, jitter ${weather.jitter.toFixed(0)} ms`);
  later(world, world.random.between(1, 6), () => {
    Object.assign(weather, world.fair);
    world.disturb('the storm is over');
  });
};

const crash: Trouble = (world, side) => {
  endStation(world.stations[side]);
  world.disturb(`${side} is gone`);
  later(world, world.random.pick([0.02, 0.3, 0.7, 2, 6]), () => {
    startStation(world.stations[side]);
    world.disturb(`${side} starts`);
  });
};

const crashBoth: Trouble = (world) => {
  for (const side of sides) crash(world, side);
};

/** Lvsd dies, or the link goes: Piranha becomes inactive and says so. */
const fail: Trouble = (world, side) => {
  const station = world.stations[side];
  if (!isPiranha(station)) {
    station.setFault('link down');
    world.disturb(`${side}: a fault`);
    return later(world, world.random.pick([0.1, 1, 4]), () => {
      world.disturb(`${side}: the fault is over`);
      station.setFault(null);
    });
  }
  if (world.random.chance(0.5)) {
    world.disturb(`${side}: lvsd dies`);
    return station.childDies();
  }
  world.disturb(`${side}: link lost`);
  station.linkIs(false);
  later(world, world.random.pick([0.1, 1, 4]), () => {
    world.disturb(`${side}: link back`);
    station.linkIs(true);
  });
};

const pause: Trouble = (world, side) => {
  const station = world.stations[side];
  if (isPiranha(station)) return;
  station.stopProcess();
  world.disturb(`${side}: the process is stopped`);
  later(world, world.random.between(0.2, world.random.pick([1, 3, 6])), () => {
    world.disturb(`${side}: the process continues`);
    station.continueProcess();
  });
};

const killAgent: Trouble = (world, side) => {
  const station = world.stations[side];
  if (isPiranha(station)) return;
  station.killAgent();
  world.disturb(`${side}: the agent is killed`);
  later(world, world.random.pick([0.05, 0.5, 1.5]), () => {
    world.disturb(`${side}: the agent starts`);
    station.startAgent();
  });
};

const command: Trouble = (world, side) => {
  const station = world.stations[side];
  if (isPiranha(station)) return;
  const type = world.random.pick(['switchover', 'switchover', 'stop']);
  world.disturb(`${side}: ${type}`);
  station.command(type);
  if (type === 'switchover') return;
  later(world, world.random.pick([0.1, 1, 5]), () => {
    world.disturb(`${side}: start`);
    station.command('start');
  });
};

/** From the partner's address, but nothing that may move an agent; and from elsewhere, what would. */
const forge: Trouble = (world, side) => {
  const station = world.stations[side];
  if (isPiranha(station)) return;
  world.note('forged datagrams');
  const asPartner = ['dadaadde', 'bebaefbe', 'ffffffff', '00', '534f4c'];
  const asStranger = ['dadbadbd', 'bddabdad', 'dadaadde'];
  for (let count = 0; count < 12; count += 1) {
    const isPartner = world.random.chance(0.5);
    const words = isPartner ? asPartner : asStranger;
    const bytes = Uint8Array.from(Buffer.from(words[world.random.integer(0, words.length - 1)] ?? '', 'hex'));
    later(world, world.random.between(0, 1), () => station.receive('public', bytes, isPartner));
  }
};

/** Both run Shoal: the key comes to one, and some time later to the other. */
const keys: Trouble = (world, side) => {
  const [first, second] = [world.stations[side], world.stations[otherSide(side)]];
  if (isPiranha(first) || isPiranha(second) || first.hasKey || second.hasKey) return;
  world.disturb(`${side} gets the key`);
  first.giveKey();
  const give = () => {
    world.disturb(`${second.side} gets the key`);
    second.giveKey();
  };
  world.timeline.at(world.timeline.now() + world.random.pick([0, 0.1, 1, 5]) * world.deadtimeMs, give);
};

export const plainTroubles = [
  cut,
  cut,
  storm,
  crash,
  crash,
  crash,
  crashBoth,
  fail,
  fail,
  pause,
  killAgent,
  command,
  command,
  forge,
  keys,
  keys,
  keys,
] as const satisfies readonly Trouble[];

/** Ends all trouble. */
export function calmPlainDown(world: PlainWorld): void {
  world.isOver = true;
  world.disturb('everything is well from here on');
  world.network.mendAll();
  Object.assign(world.network.weather, world.fair);
  for (const side of sides) {
    const station = world.stations[side];
    startStation(station);
    if (isPiranha(station)) {
      station.linkIs(true);
      continue;
    }
    station.continueProcess();
    station.startAgent();
    station.setFault(null);
    station.command('start');
  }
}
