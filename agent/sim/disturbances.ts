/** What can happen to two routers, one row each. A new kind of trouble is a new row. */
import type { Side } from './network.ts';
import type { World } from './world.ts';
import { isCalm, isConnected, longestDeadtime, sides } from './world.ts';

type Disturbance = (world: World, side: Side) => void;

const later = (world: World, deadtimes: number, happen: () => void) =>
  void world.timeline.at(world.timeline.now() + deadtimes * longestDeadtime(world), () => {
    if (!world.isOver) happen();
  });

/** A cut that leaves both ways open is no reason for any transfer: it does not count as a disturbance. */
function changeWire(world: World, what: string, change: () => void) {
  const wasCalm = isCalm(world) && isConnected(world);
  change();
  if (wasCalm && isConnected(world)) world.note(`${what} (harmless)`);
  else world.disturb(what);
}

const cutOne: Disturbance = (world, side) => {
  const channel = world.random.pick(['public', 'private']);
  changeWire(world, `cut ${channel} from ${side}`, () => world.network.cut(side, channel));
};

const cutAll: Disturbance = (world) =>
  changeWire(world, 'cut both routers from each other', () => {
    for (const side of sides) for (const channel of world.channels) world.network.cut(side, channel);
  });

const mendOne: Disturbance = (world, side) => {
  const channel = world.random.pick(['public', 'private']);
  changeWire(world, `mend ${channel} from ${side}`, () => world.network.mend(side, channel));
};

const mendAll: Disturbance = (world) => changeWire(world, 'mend all', () => world.network.mendAll());

const flap: Disturbance = (world, side) => {
  const channel = world.random.pick(['public', 'private']);
  const period = world.random.pick([0.2, 0.7, 1.3, 2.2]);
  const bothWays = world.random.chance(0.5);
  const count = world.random.integer(2, 6);
  for (let index = 0; index < count; index += 1) {
    later(world, index * period, () =>
      changeWire(world, `flap ${channel} from ${side}`, () => {
        const act = index % 2 === 0 ? world.network.cut : world.network.mend;
        for (const from of sides) if (bothWays || from === side) act(from, channel);
      }),
    );
  }
};

const storm: Disturbance = (world) => {
  const { weather } = world.network;
  const keepalive = world.routers.primary.config.keepaliveMs;
  weather.loss = world.random.pick([0, 0.05, 0.3, 0.8]);
  weather.jitter = keepalive * world.random.pick([0.2, 1, 4]);
  weather.duplicate = world.random.pick([0, 0.5]);
  world.disturb(`storm: loss ${weather.loss}, jitter ${weather.jitter.toFixed(0)} ms`);
  later(world, world.random.between(1, 8), () => {
    Object.assign(weather, world.fair);
    world.disturb('the storm is over');
  });
};

const crash: Disturbance = (world, side) => {
  world.routers[side].powerOff();
  world.disturb(`${side} loses its power`);
  later(world, world.random.pick([0.1, 0.6, 2, 8]), () => {
    world.routers[side].powerOn();
    world.disturb(`${side} boots`);
  });
};

const crashBoth: Disturbance = (world) => {
  for (const side of sides) crash(world, side);
};

const killAgent: Disturbance = (world, side) => {
  world.routers[side].killAgent();
  world.disturb(`${side}: the agent is killed`);
  later(world, world.random.pick([0.05, 0.5, 1.5]), () => {
    world.routers[side].startAgent();
    world.disturb(`${side}: the agent starts`);
  });
};

const pause: Disturbance = (world, side) => {
  world.routers[side].stopProcess();
  world.disturb(`${side}: the process is stopped`);
  later(world, world.random.between(0.2, world.random.pick([1, 3, 10])), () => {
    world.disturb(`${side}: the process continues`);
    world.routers[side].continueProcess();
  });
};

const freeze: Disturbance = (world, side) => {
  world.routers[side].freeze(world.random.chance(0.5));
  world.disturb(`${side}: the machine is frozen`);
  later(world, world.random.between(0.2, world.random.pick([1, 3, 10])), () => {
    world.disturb(`${side}: the machine goes on`);
    world.routers[side].thaw();
    world.routers[side].startAgent();
  });
};

const fault: Disturbance = (world, side) => {
  world.disturb(`${side}: a fault`);
  world.routers[side].setFault('gateway does not answer');
  later(world, world.random.pick([0.3, 1, 5]), () => {
    if (world.routers[side].state.cutOffSince !== null) return;
    world.disturb(`${side}: the fault is over`);
    world.routers[side].setFault(null);
  });
};

const faultFlaps: Disturbance = (world, side) => {
  const period = world.random.pick([0.1, 0.5, 1.5]);
  for (let index = 0; index < 8; index += 1) {
    later(world, index * period, () => {
      const isFault = index % 2 === 0 || world.routers[side].state.cutOffSince !== null;
      world.disturb(`${side}: the link is ${isFault ? 'down' : 'up'}`);
      world.routers[side].setFault(isFault ? 'link down' : null);
    });
  }
};

/** All links of a router go down, and it sees that. */
const linksDown: Disturbance = (world, side) => {
  const { network, channels, routers } = world;
  const change = (act: typeof network.cut) => {
    for (const from of sides) for (const channel of channels) act(from, channel);
  };
  world.disturb(`${side}: its links are down`);
  change(network.cut);
  routers[side].setCutOff(true);
  routers[side].setFault('link down');
  later(world, world.random.pick([0.3, 1, 2, 5]), () => {
    world.disturb(`${side}: its links are up`);
    change(network.mend);
    routers[side].setCutOff(false);
    routers[side].setFault(null);
  });
};

const breakKernel: Disturbance = (world, side) => {
  const router = world.routers[side];
  router.isBroken = true;
  world.disturb(`${side}: the kernel refuses addresses`);
  later(world, world.random.between(0.5, 5), () => {
    router.isBroken = false;
    world.disturb(`${side}: the kernel takes addresses again`);
  });
};

const slowKernel: Disturbance = (world, side) => {
  const router = world.routers[side];
  const usual = router.effectMs;
  router.effectMs = longestDeadtime(world) * world.random.between(0.3, 2);
  world.disturb(`${side}: ip is slow`);
  later(world, world.random.between(3, 6), () => {
    router.effectMs = usual;
    world.disturb(`${side}: ip is quick again`);
  });
};

const switchover: Disturbance = (world, side) => {
  world.disturb(`${side}: switchover`);
  world.routers[side].command('switchover');
};

const switchoverActive: Disturbance = (world) => {
  const side = sides.find((each) => world.routers[each].isHolding);
  if (side !== undefined) switchover(world, side);
};

const stop: Disturbance = (world, side) => {
  world.disturb(`${side}: stop`);
  world.routers[side].command('stop');
  later(world, world.random.pick([0.1, 1, 6]), () => {
    world.disturb(`${side}: start`);
    world.routers[side].command('start');
  });
};

const replay: Disturbance = (world) => {
  const { recorded } = world.network;
  world.note('replayed and forged datagrams');
  for (let count = 0; count < 20; count += 1) {
    const old = recorded[world.random.integer(0, recorded.length - 1)];
    if (old === undefined) return;
    const bytes = Uint8Array.from(old.bytes);
    if (world.random.chance(0.3))
      bytes[world.random.integer(0, bytes.length - 1)] = world.random.integer(0, 255);
    const to = world.random.chance(0.8) ? old.to : world.random.pick(['primary', 'backup']);
    later(world, world.random.between(0, 1), () => {
      const router = world.routers[to];
      const before = router.state.lastFreshAt;
      router.hearsOldWord = old.sentAt < router.stoodStillUntil;
      router.receive(old.channel, bytes);
      router.hearsOldWord = false;
      // It was kept from arriving, and comes within the dead time: nobody can tell it from a delayed one.
      if (router.state.lastFreshAt !== before)
        world.disturb(`${to}: a recording that had not arrived counts`);
    });
  }
};

const retime: Disturbance = (world) => {
  const factor = world.random.pick([0.5, 2]);
  for (const side of sides) {
    later(world, world.random.between(0, 2), () => {
      const { config } = world.routers[side];
      const { keepaliveMs, deadtimeMs } = config;
      if (keepaliveMs * factor < 25 || keepaliveMs * factor > 2000) return;
      const next = { keepaliveMs: keepaliveMs * factor, deadtimeMs: deadtimeMs * factor };
      world.disturb(`${side}: keepalive is ${next.keepaliveMs} ms now`);
      world.routers[side].reconfigure({ ...config, ...next, serial: config.serial + 1 });
    });
  }
};

export const disturbances = [
  cutOne,
  cutAll,
  mendOne,
  mendAll,
  mendAll,
  flap,
  storm,
  crash,
  crash,
  crashBoth,
  killAgent,
  pause,
  pause,
  freeze,
  fault,
  faultFlaps,
  linksDown,
  breakKernel,
  slowKernel,
  switchover,
  switchoverActive,
  switchoverActive,
  stop,
  replay,
  replay,
  retime,
] as const satisfies readonly Disturbance[];

/** Ends all trouble: from here on both routers must agree and stay so. */
export function calmDown(world: World) {
  world.isOver = true;
  world.disturb('everything is well from here on');
  world.network.mendAll();
  Object.assign(world.network.weather, world.fair);
  for (const side of sides) {
    const router = world.routers[side];
    router.isBroken = false;
    router.effectMs = Math.min(router.effectMs, router.config.keepaliveMs / 5);
    router.thaw();
    router.continueProcess();
    router.powerOn();
    router.startAgent();
    router.setCutOff(false);
    router.setFault(null);
    router.command('start');
  }
}
