/**
 * Program: pulse FILE. Plays Piranha's pulse and lvsd on a router of the lab: the 4-byte heartbeat, a static routing
 * table, aliases by ip, gratuitous ARP by arping. FILE is a `PiranhaSettings` as JSON. SIGTERM ends it as Piranha's
 * init script does, without a word to the partner; SIGUSR2 is the death of lvsd.
 */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { PiranhaDouble } from '#agent/sim/piranha-double.ts';
import type { PiranhaSettings } from './settings.ts';

const settings: PiranhaSettings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const { aliases, channels, port } = settings;
const partners = new Set(channels.map(({ peer }) => peer));

const say = (message: string) => process.stdout.write(`${new Date().toISOString()} pulse: ${message}\n`);

/** Runs a program to its end; a failure is only told, as Piranha does. */
function run(program: string, args: readonly string[], input = ''): Promise<void> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], (error, _, stderr) => {
      if (error) say(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`);
      resolve();
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function announce(): void {
  for (const { address, device } of aliases) {
    const name = address.split('/')[0] ?? '';
    void run('arping', ['-q', '-A', '-c', '5', '-I', device, '-s', name, name]);
  }
}

async function bringUp(): Promise<void> {
  await run('ipvsadm', ['-R'], settings.table);
  for (const { address, device, label } of aliases) {
    if (pulse.isActive) await run('ip', ['addr', 'add', address, 'dev', device, 'label', label]);
  }
  if (pulse.isActive) announce();
}

async function takeDown(): Promise<void> {
  await run('ipvsadm', ['-C']);
  for (const { address, device } of aliases) await run('ip', ['addr', 'del', address, 'dev', device]);
}

let effects: Promise<void> = Promise.resolve();
const then = (effect: () => Promise<void>) => {
  effects = effects.then(effect);
  return effects;
};

const sockets = channels.map(({ local, peer }) => {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, from) => {
    if (partners.has(from.address)) turn(() => pulse.receive(bytes, performance.now()));
  });
  socket.bind({ address: local, port });
  return { socket, peer };
});

const pulse = new PiranhaDouble(
  settings,
  {
    send(word) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(word);
      for (const { socket, peer } of sockets) socket.send(bytes, port, peer, () => {});
    },
    activate: () => void then(bringUp),
    deactivate: () => void then(takeDown).then(() => turn(() => pulse.deactivated(performance.now()))),
    announce,
    log: say,
  },
  performance.now(),
);

let timer: NodeJS.Timeout | undefined;
function turn(act: () => void): void {
  act();
  clearTimeout(timer);
  const wait = pulse.wakeAt() - performance.now();
  if (Number.isFinite(wait)) timer = setTimeout(() => turn(() => pulse.turn(performance.now())), wait);
}
turn(() => {});

process.on('SIGUSR2', () => turn(() => pulse.childDies()));
process.on('SIGTERM', () => {
  clearTimeout(timer);
  for (const { socket } of sockets) socket.close();
  void then(takeDown).then(() => process.exit(0));
});
