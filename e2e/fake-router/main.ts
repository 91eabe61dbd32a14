/**
 * Two fake routers for `npm run dev`: `node main.mjs LVS.CF SEED.JSON` serves them on 127.0.0.1, ports 3701 and
 * 3702, and writes the seed that lets a console begin with them (SHOAL_SEED). Commands on standard input change
 * the world, one a line: `down web real1`, `up web real1`, `rising web real1`, `fault r2`, `gone r2`, `back r2`,
 * `rekey r2`, `edit r2`, `unfit r2`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type PairName, servePair } from './pair.ts';
import { edit, fail, makeUnfit } from './troubles.ts';

const [configFile = '', seedFile = ''] = process.argv.slice(2);
const pair = await servePair({ r1: 3701, r2: 3702 });
const lvsCf = readFileSync(configFile, 'utf8');
writeFileSync(seedFile, JSON.stringify({ cluster: 'Example', lvsCf, routers: pair.seeds }));

const named = (name: string | undefined): PairName => (name === 'r1' ? 'r1' : 'r2');

/** Each command, by its first word. */
const commands: Readonly<Record<string, (args: readonly string[]) => void | Promise<void>>> = {
  down: ([virtual = '', real = '']) => pair.both((router) => router.setHealth(virtual, real, 'down')),
  up: ([virtual = '', real = '']) => pair.both((router) => router.setHealth(virtual, real, 'up')),
  rising: ([virtual = '', real = '']) => pair.both((router) => router.setHealth(virtual, real, 'rising')),
  fault: ([name]) => fail(pair[named(name)]),
  unfit: ([name]) => makeUnfit(pair[named(name)]),
  gone: ([name]) => pair.gone(named(name)),
  back: ([name]) => pair.back(named(name)),
  rekey: ([name]) => pair.back(named(name), true),
  edit: ([name]) => edit(pair[named(name)], (text) => `${text}# edited by hand\n`),
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [word = '', ...args] = line.trim().split(/\s+/);
  await commands[word]?.(args);
});
