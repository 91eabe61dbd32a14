/**
 * Preload of an agent under test (`node --import`): while /run/lab-errors exists, one of every ten commands that the
 * agent gives to ipvsadm, ip or nft fails, in one of three ways: it is not run, it is run and reported as failed, or
 * only the first half of its lines is taken. Which of the ten and which way is drawn by a seeded generator, so that
 * the steps of the same apply meet it in turn. What was done to which goes to /run/lab-errors.
 */
import childProcess from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const ORDER = '/run/lab-errors';
const EVERY = 10;
const programs = ['ipvsadm', 'ip', 'nft'];

/** The program and its arguments are `$0` and `$@` of a shell that stands in its place. */
const ways = {
  'not run': 'cat >/dev/null',
  'run, and reported as failed': '"$0" "$@"',
  'half of its lines taken':
    'lines=$(cat); echo "$lines" | head -n $(($(echo "$lines" | wc -l) / 2)) | "$0" "$@"',
};
const complaint = '; echo "$0: Cannot allocate memory (injected)" >&2; exit 1';

let seed = 20_240_611;
const draw = () => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return (seed >>> 16) / 65_536;
};

let count = 0;
let unlucky = 0;
const { spawn } = childProcess;
childProcess.spawn = (program, args, ...rest) => {
  if (!programs.includes(program) || !existsSync(ORDER)) return spawn(program, args, ...rest);
  if (count % EVERY === 0) unlucky = Math.floor(draw() * EVERY);
  const isUnlucky = count % EVERY === unlucky;
  count += 1;
  if (!isUnlucky) return spawn(program, args, ...rest);
  const names = Object.keys(ways);
  const way = names[Math.floor(draw() * names.length)];
  appendFileSync(ORDER, `${[program, ...args].join(' ')}: ${way}\n`);
  return spawn('sh', ['-c', ways[way] + complaint, program, ...args], ...rest);
};
syncBuiltinESMExports();
