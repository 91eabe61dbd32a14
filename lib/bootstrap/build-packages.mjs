/** Packs the agent: a Debian package and a tarball with an install script, in dist/packages. Needs no tool of Debian. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { arOf, gzipped, tarOf, withFolders } from './archive.mjs';
import { ask } from './processes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the Debian package puts where. `compress`: Debian keeps manuals packed. */
const installed = [
  { path: 'usr/lib/shoal/shoal-agent.mjs', from: 'shoal-agent.mjs', mode: 0o755 },
  { path: 'usr/lib/shoal/shoalctl.mjs', from: 'shoalctl.mjs', mode: 0o755 },
  { path: 'usr/lib/shoal/end-agent', from: 'end-agent', mode: 0o755 },
  { path: 'usr/lib/systemd/system/shoal-agent.service', from: 'shoal-agent.service' },
  { path: 'usr/share/man/man8/shoalctl.8.gz', from: 'shoalctl.8', compress: true },
  { path: 'usr/share/bash-completion/completions/shoalctl', from: 'shoalctl.bash' },
  { path: 'usr/share/zsh/vendor-completions/_shoalctl', from: '_shoalctl' },
  { path: 'etc/default/shoal-agent', from: 'shoal-agent.default' },
];

/** By absolute path, as `shoalctl enrol` names it in authorized_keys. */
const links = [{ path: 'usr/sbin/shoalctl', mode: 0o777, link: '../lib/shoal/shoalctl.mjs' }];

const scripts = ['postinst', 'prerm', 'postrm'];

/** What the tarball holds; the programs by which it is installed and taken away are beside the others. */
const carried = [
  ...['shoal-agent.mjs', 'shoalctl.mjs', 'end-agent', 'install.sh', 'uninstall.sh'],
  ...['common.sh', 'shoal-agent.service', 'shoal-agent.default', 'shoalctl.8', 'shoalctl.bash', '_shoalctl'],
];
const programs = /\.mjs$|install\.sh$|^end-agent$/;

/** The moment that all files of a package have: SOURCE_DATE_EPOCH, the last commit's, or none. */
function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH ?? ask(['git', '-C', root, 'log', '-1', '--format=%ct']).stdout;
  return /^\d+$/.test(given.trim()) ? Number(given) : 0;
}

/** Debian sorts "1.0~rc" before "1.0", which a hyphen would not. @param {string} version */
export const debianVersion = (version) => version.replace('-', '~');

/** @param {string} folder the built agent @param {string} version @param {number} seconds */
async function debianPackage(folder, version, seconds) {
  const files = await Promise.all(
    installed.map(async ({ path, from, mode = 0o644, compress = false }) => {
      const content = await readFile(`${folder}/${from}`);
      return { path, mode, content: compress ? gzipped(content) : content };
    }),
  );
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const control = (await readFile(`${root}agent/packaging/control`, 'utf8'))
    .replace('@VERSION@', debianVersion(version))
    .replace('@KILOBYTES@', String(Math.ceil(bytes / 1024)));
  const sums = files.map(
    ({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path}\n`,
  );
  const conffiles = files.filter(({ path }) => path.startsWith('etc/')).map(({ path }) => `/${path}\n`);
  const common = await readFile(`${root}agent/packaging/common.sh`, 'utf8');
  const bodies = await Promise.all(
    scripts.map((name) => readFile(`${root}agent/packaging/${name}.sh`, 'utf8')),
  );
  const words = [
    ['control', control],
    ['md5sums', sums.join('')],
    ['conffiles', conffiles.join('')],
    ...scripts.map((name, index) => [name, `#!/bin/sh\nset -e\n${common}${bodies[index]}`]),
  ];
  const about = words.map(([name, text]) => ({
    path: name,
    mode: scripts.includes(name) ? 0o755 : 0o644,
    content: Buffer.from(text),
  }));
  const packed = (entries) => {
    const inside = withFolders(entries).map((entry) => ({ ...entry, path: `./${entry.path}` }));
    return gzipped(tarOf([{ path: './', mode: 0o755 }, ...inside], seconds));
  };
  return arOf(
    [
      ['debian-binary', Buffer.from('2.0\n')],
      ['control.tar.gz', packed(about)],
      ['data.tar.gz', packed([...files, ...links])],
    ],
    seconds,
  );
}

/** @param {string} folder the built agent @param {string} version @param {number} seconds */
async function tarball(folder, version, seconds) {
  const files = await Promise.all(
    carried.map(async (name) => ({
      path: `shoal-agent-${version}/${name}`,
      mode: programs.test(name) ? 0o755 : 0o644,
      content: await readFile(`${folder}/${name}`),
    })),
  );
  return gzipped(tarOf(withFolders(files), seconds));
}

/**
 * Writes both packages of a built agent; returns their paths.
 * @param {{ folder: string, into: string, version: string }} what
 */
export async function buildPackages({ folder, into, version }) {
  const seconds = sourceDate();
  await mkdir(into, { recursive: true });
  const packages = {
    debian: `${into}/shoal-agent_${debianVersion(version)}_all.deb`,
    tarball: `${into}/shoal-agent-${version}.tar.gz`,
  };
  await writeFile(packages.debian, await debianPackage(folder, version, seconds));
  await writeFile(packages.tarball, await tarball(folder, version, seconds));
  return packages;
}
