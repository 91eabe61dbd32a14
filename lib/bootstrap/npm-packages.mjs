/** npm packages of the project, as package-lock.json names them, and the one addon that may need a compiler. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian-packages.mjs';
import { at } from './place.mjs';
import { ask, attend } from './processes.mjs';
import { Stop, say } from './say.mjs';

const stampFile = at('node_modules', '.shoal-installed');
const addonFolder = at('node_modules', 'better-sqlite3');
const addonFile = join(addonFolder, 'build', 'Release', 'better_sqlite3.node');

const npm = () => (process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']);

/** Headers of a Debian Node.js, so that node-gyp need not download them. */
const headers = () =>
  existsSync('/usr/include/node/node.h') ? { npm_package_config_node_gyp_nodedir: '/usr' } : {};

/** What must be equal for the installed packages to be current: the lock and the ABI of addons. */
const wantedStamp = () =>
  `${createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')} abi ${process.versions.modules}`;

/** True when npm's own record of node_modules agrees with the lock: somebody ran npm by hand. */
function installedByHand() {
  const record = at('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed[path];
    if (!present) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return present.version === entry.version;
  });
}

function addonLoads() {
  return (
    existsSync(addonFile) &&
    ask([process.execPath, '-e', `process.dlopen({exports:{}}, ${JSON.stringify(addonFile)})`]).code === 0
  );
}

/** Where prebuild-install looks before it asks the network. */
function cachedPrebuild() {
  const { version } = JSON.parse(readFileSync(join(addonFolder, 'package.json'), 'utf8'));
  const { platform, arch, versions } = process;
  const name = `better-sqlite3-v${version}-node-v${versions.modules}-${platform}-${arch}.tar.gz`;
  const url = `https://github.com/WiseLibs/better-sqlite3/releases/download/v${version}/${name}`;
  const digest = createHash('sha512').update(url).digest('hex').slice(0, 6);
  const cache = process.env.npm_config_cache ?? ask([...npm(), 'config', 'get', 'cache']).stdout.trim();
  return join(cache, '_prebuilds', `${digest}-${name.replace(/[^a-zA-Z0-9.]+/g, '-')}`);
}

/** Keeps a compiled addon for the next clone; a failure costs only the time of the next compilation. */
function keepAddon() {
  const file = cachedPrebuild();
  mkdirSync(join(file, '..'), { recursive: true });
  ask(['tar', '-C', addonFolder, '-czf', file, 'build/Release/better_sqlite3.node']);
}

async function ensureAddon() {
  if (addonLoads()) return;
  const fetched = await attend([at('node_modules', '.bin', 'prebuild-install')], {
    cwd: addonFolder,
    quiet: true,
  });
  if (fetched === 0 && addonLoads()) return;
  await ensureDebianPackages(['g++', 'make', 'python3'], {
    purpose: 'compile better-sqlite3 (no binary of it for this machine could be fetched)',
    without: 'Nothing of Shoal runs without that addon.',
  });
  say('Compiles better-sqlite3 (about a minute, once per machine).');
  const code = await attend([...npm(), 'rebuild', 'better-sqlite3', '--foreground-scripts=false'], {
    env: headers(),
    quiet: true,
  });
  if (code !== 0 || !addonLoads())
    throw new Stop('better-sqlite3 could not be compiled; npm said why above.');
  keepAddon();
}

/** Makes node_modules what package-lock.json says; does nothing when it is. */
export async function ensureNpmPackages() {
  const wanted = wantedStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  if (!installedByHand()) {
    const count = Object.keys(JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages).length - 1;
    say(`Installs the npm packages of package-lock.json into node_modules (${count} entries, about 1 GB).`);
    const argv = [...npm(), 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    const code = await attend(argv, { env: headers() });
    if (code !== 0) throw new Stop('npm could not install the packages; it said why above.');
  }
  await ensureAddon();
  writeFileSync(stampFile, wanted);
}
