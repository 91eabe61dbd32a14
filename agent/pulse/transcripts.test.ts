/**
 * One readable file per situation in transcripts/: commands, `----`, and all that happened. The test plays the
 * commands on two routers with a quiet wire and writes the file anew; `vitest -u` accepts what it wrote, and the
 * difference is what a reviewer reads. Times are in seconds since the command.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Side } from '#agent/sim/network.ts';
import { createNetwork, otherSide } from '#agent/sim/network.ts';
import { PiranhaRouter } from '#agent/sim/piranha-router.ts';
import type { Random } from '#agent/sim/random.ts';
import { SimRouter } from '#agent/sim/router.ts';
import { createTimeline } from '#agent/sim/timeline.ts';
import { sides } from '#agent/sim/world.ts';
import type { PulseConfig } from './contract.ts';
import type { ChannelName } from './heartbeat.ts';
import { step } from './machine.ts';
import { describePeer, describeProblems, describeReason } from './status.ts';

const folder = new URL('./transcripts/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.for(files)('%s', async (name) => {
  const path = new URL(name, folder);
  const text = readFileSync(path, 'utf8');
  const written = play(text);
  await expect(written).toMatchFileSnapshot(path.pathname);
});

test('there is a transcript for each situation that administrators meet', () => {
  expect(files.length).toBeGreaterThanOrEqual(10);
});

/** No chance at all: clocks run alike, sockets are read before timers. */
function noRandom(): Random {
  let count = 0;
  return {
    next: () => 0,
    between: (least, most) => (least + most) / 2,
    integer: (least) => least + count++,
    chance: () => false,
    pick: ([first]) => first,
  };
}

function play(text: string): string {
  const stage = createStage();
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== '');
  const played = blocks.map((block) => {
    const [input = ''] = block.split(/^----\n?/m);
    const lines = input.trimEnd().split('\n');
    const commands = lines.filter((line) => line !== '' && !line.startsWith('#'));
    if (commands.length === 0) return input.trimEnd();
    const output = commands.flatMap((command) => stage.perform(command));
    return [...lines, '----', ...output, ...stage.describe()].join('\n');
  });
  return `${played.join('\n\n')}\n`;
}

function createStage() {
  const timeline = createTimeline();
  const weather = { loss: 0, duplicate: 0, delay: 1, jitter: 0 };
  const random = noRandom();
  const network = createNetwork(timeline, random, weather, (to, channel, bytes) => {
    (piranhas[to] ?? routers[to]).receive(channel, bytes);
  });
  let startedAt = 0;
  let happened: string[] = [];
  const say = (side: Side, what: string) => {
    const seconds = ((timeline.now() - startedAt) / 1000).toFixed(3);
    happened.push(`${seconds.padStart(8)} ${side}: ${what}`);
  };
  const deps = {
    timeline,
    random,
    step,
    send: network.send,
    say,
    onAction(router: SimRouter, action: ReturnType<typeof step>['actions'][number]) {
      if (action.type === 'log') say(router.side, action.message);
      else if (action.type === 'answer') say(router.side, `answer to ${action.command}: ${action.message}`);
      else if (!action.type.startsWith('send')) say(router.side, `→ ${action.type}`);
    },
  };
  const configOf = (side: Side): PulseConfig => ({
    configuredAs: side,
    hasBackup: true,
    channels: [{ name: 'public', localAddress: side, peerAddress: otherSide(side) }],
    port: 539,
    keepaliveMs: 1000,
    deadtimeMs: 3000,
    preempt: true,
    preemptDelayMs: 0,
    holdDownMs: null,
    service: 'lvs',
    serial: 1,
    configHash: 'a1b2c3',
  });
  const routers = {
    primary: new SimRouter('primary', configOf('primary'), deps),
    backup: new SimRouter('backup', configOf('backup'), deps),
  };
  for (const side of sides) routers[side].effectMs = 20;
  /** Routers that run Piranha in the place of an agent. */
  const piranhas: Partial<Record<Side, PiranhaRouter>> = {};

  function configure(words: readonly string[]) {
    for (const side of sides) {
      const router = routers[side];
      const { config } = router;
      if (words.includes('two-channels')) {
        const channel = { name: 'private', localAddress: side, peerAddress: otherSide(side) } as const;
        router.config = { ...config, channels: [...config.channels, channel] };
      }
      if (words.includes('no-preemption')) router.config = { ...config, preempt: false };
      for (const word of words) {
        const [name, seconds] = word.split('=');
        const ms = Number(seconds) * 1000;
        if (name === 'preempt-delay') router.config = { ...config, preemptDelayMs: ms };
        if (name === 'hold-down') router.config = { ...config, holdDownMs: ms };
      }
      if (words.includes('no-backup')) router.config = { ...config, hasBackup: false };
      if (words.includes('no-key')) router.hasKey = false;
    }
  }

  /** The machine under a router is exchanged: nothing runs on it and it has no address. */
  function exchange(side: Side, words: readonly string[]) {
    piranhas[side]?.end();
    delete piranhas[side];
    routers[side].powerOff();
    if (words.includes('piranha')) piranhas[side] = new PiranhaRouter(side, routers[side].config, deps);
  }

  function changeWire(act: (from: Side, channel: ChannelName) => void, words: readonly string[]) {
    for (const side of sides) {
      for (const channel of ['public', 'private'] as const) {
        if (words.includes(channel) && (words.includes(side) || words.includes('both'))) act(side, channel);
      }
    }
  }

  function forge(router: SimRouter, words: readonly string[]) {
    const [bytes = '', from] = words;
    router.receive('public', Uint8Array.from(Buffer.from(bytes, 'hex')), from !== 'stranger');
  }

  function actOnPiranha(piranha: PiranhaRouter, verb: string, rest: string) {
    switch (verb) {
      case 'boot':
        return piranha.start();
      case 'power-off':
        return piranha.end();
      case 'lvsd-dies':
        return piranha.childDies();
      case 'link':
        return piranha.linkIs(rest === 'up');
      default:
        throw new Error(`no such command for a Piranha: ${verb}`);
    }
  }

  function act(router: SimRouter, verb: string, rest: string) {
    switch (verb) {
      case 'give-key':
        return router.giveKey();
      case 'forge':
        return forge(router, rest.split(' '));
      case 'boot':
        return router.powerOn();
      case 'power-off':
        return router.powerOff();
      case 'kill-agent':
        return router.killAgent();
      case 'start-agent':
        return router.startAgent();
      case 'pause':
        return router.stopProcess();
      case 'continue':
        return router.continueProcess();
      case 'freeze':
        return router.freeze(false);
      case 'thaw':
        return router.thaw();
      case 'fault':
        return router.setFault(rest === 'over' ? null : rest);
      case 'links':
        router.setCutOff(rest === 'down');
        return router.setFault(rest === 'down' ? 'the link of eth0 is down' : null);
      case 'kernel':
        router.isBroken = rest === 'refuses';
        return;
      case 'switchover':
      case 'stop':
      case 'start':
        return router.command(verb);
      default:
        throw new Error(`no such command: ${verb}`);
    }
  }

  return {
    perform(command: string): string[] {
      startedAt = timeline.now();
      happened = [];
      const [verb = '', ...words] = command.split(' ');
      if (verb === 'configure') configure(words);
      else if (verb === 'cut') changeWire(network.cut, words);
      else if (verb === 'mend') changeWire(network.mend, words);
      else if (verb === 'run') {
        const end = startedAt + Number(words[0]) * 1000;
        timeline.at(end, () => {});
        while (timeline.advance(end));
      } else {
        const [whom, ...rest] = words;
        for (const side of sides) {
          if (whom !== side && whom !== 'both') continue;
          const piranha = piranhas[side];
          if (verb === 'exchange') exchange(side, rest);
          else if (piranha !== undefined) actOnPiranha(piranha, verb, rest.join(' '));
          else act(routers[side], verb, rest.join(' '));
        }
      }
      return happened;
    },
    describe(): string[] {
      return sides.flatMap((side) => {
        const router = routers[side];
        const piranha = piranhas[side];
        const holds = (piranha ?? router).isHolding ? 'holds the addresses' : 'no addresses';
        if (piranha?.pulse === null) return [`${side}: Piranha does not run`];
        if (piranha?.pulse)
          return [`${side}: Piranha, ${piranha.pulse.isActive ? '' : 'in'}active, ${holds}`];
        if (!router.isPowered) return [`${side}: off`];
        if (!router.isRunning) return [`${side}: agent not running, ${holds}`];
        const peer = describePeer(router.state, router.clock(), {});
        const reason = describeReason(router.state);
        const partner = `partner ${peer.state}${peer.role === null ? '' : ` (${peer.role})`}`;
        const lines = [`${side}: ${router.state.role.name}, ${holds}, ${partner}: ${reason}`];
        const { rejected } = describePeer(router.state, router.clock(), router.rejected);
        const counts = Object.entries(rejected).map(([name, count]) => `${name} ${count}`);
        if (counts.length > 0) lines.push(`  rejected: ${counts.join(', ')}`);
        for (const problem of describeProblems(router.state, router.clock()))
          lines.push(`  problem: ${problem}`);
        return lines;
      });
    },
  };
}
