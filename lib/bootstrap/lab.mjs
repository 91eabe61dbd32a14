/** What the lab needs of this machine, said in a sentence when it is not there. */
import { accessSync, constants, existsSync } from 'node:fs';
import { ensureDebianPackages, labPackages, testPackages } from './debian-packages.mjs';
import { at } from './place.mjs';
import { ask, attend } from './processes.mjs';
import { Stop } from './say.mjs';

const without = '"npm start" runs the console alone.';

/** Checks what packages cannot mend. */
function refuseUnfitMachine() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Stop(
      `The lab runs on Linux on x86-64 only, and this is ${process.platform} on ${process.arch}. ${without}`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Stop(`The lab needs root, for its network interfaces: run this command as root. ${without}`);
  }
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    const hint = existsSync('/dev/net') ? 'may not be opened' : 'does not exist ("modprobe tun" makes it)';
    throw new Stop(`The lab needs /dev/net/tun for its routers, and it ${hint}. ${without}`);
  }
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc'];
  if (
    [[], ['--user', '--map-root-user']].every(
      (more) => ask(['unshare', ...more, ...namespaces, 'true']).code !== 0,
    )
  ) {
    throw new Stop(
      `The lab needs namespaces of its own, and this machine forbids them (unshare failed; a container needs --privileged). ${without}`,
    );
  }
}

/** Installs what the lab needs. @param {'lab' | 'test'} purpose */
export async function ensureLab(purpose) {
  refuseUnfitMachine();
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
