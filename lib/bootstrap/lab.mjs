/** What the lab needs of this machine, said in a sentence when it is not there. */
import { accessSync, constants, existsSync } from 'node:fs';
import { ensureDebianPackages, labPackages, testPackages } from './debian-packages.mjs';
import { at } from './place.mjs';
import { ask, attend } from './processes.mjs';
import { Stop } from './say.mjs';

const without = '"npm start" runs the console alone.';
const TUN = '/dev/net/tun';

/**
 * What packages cannot mend.
 * @typedef {{ platform: string, arch: string, isRoot: boolean, tun: 'usable' | 'closed' | 'absent', namespaces: boolean }} Machine
 */

/** @returns {Machine['tun']} */
function stateOfTun() {
  if (!existsSync(TUN)) return 'absent';
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch {
    return 'closed';
  }
}

function allowsNamespaces() {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc'];
  return [[], ['--user', '--map-root-user']].some(
    (more) => ask(['unshare', ...more, ...namespaces, 'true']).code === 0,
  );
}

/** @returns {Machine} */
const thisMachine = () => ({
  platform: process.platform,
  arch: process.arch,
  isRoot: process.getuid?.() === 0,
  tun: stateOfTun(),
  namespaces: allowsNamespaces(),
});

/** Why no lab can run on a machine, in one sentence and what works all the same; null when one can. @param {Machine} machine */
export function whyNoLab({ platform, arch, isRoot, tun, namespaces }) {
  if (platform !== 'linux' || arch !== 'x64') {
    return `The lab runs on Linux on x86-64 only, and this is ${platform} on ${arch}. ${without}`;
  }
  if (!isRoot) {
    return `The lab needs root, for its network interfaces: run this command as root. ${without}`;
  }
  if (tun !== 'usable') {
    const hint = tun === 'closed' ? 'may not be opened' : 'does not exist ("modprobe tun" makes it)';
    return `The lab needs ${TUN} for its routers, and it ${hint}. ${without}`;
  }
  if (!namespaces) {
    return `The lab needs namespaces of its own, and this machine forbids them (unshare failed; a container needs --privileged). ${without}`;
  }
  return null;
}

/** Installs what the lab needs. @param {'lab' | 'test'} purpose */
export async function ensureLab(purpose) {
  const why = whyNoLab(thisMachine());
  if (why !== null) throw new Stop(why);
  await ensureDebianPackages(purpose === 'test' ? testPackages : labPackages, {
    purpose: purpose === 'test' ? 'run the tests in the lab' : 'run the lab',
    without,
  });
}

/** Runs a program of e2e on this terminal. @param {string} name @param {readonly string[]} args */
export function runProgram(name, args) {
  const program = at('dist', 'e2e', `${name}.mjs`);
  if (!existsSync(program))
    throw new Stop('No demo is running: start it with "npm run demo" in another terminal.');
  return attend([process.execPath, program, ...args]);
}

/** Boots a lab, runs a command in it, leaves nothing. Returns the command's exit code. @param {string[]} command */
export const runInLab = (command) => runProgram('in-lab', command);
