/** Debian packages: installs what is missing, says so before it does, asks for nothing when all is there. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { ask, attend } from './processes.mjs';
import { Stop, say } from './say.mjs';

/** What a lab needs on the machine; its routers use the same programs over the shared root. */
export const labPackages = [
  'qemu-system-x86',
  'busybox-static',
  'kmod',
  'cpio',
  'e2fsprogs',
  'iproute2',
  'iputils-arping',
  'libndp-tools',
  'ipvsadm',
  'openssh-client',
  'openssh-server',
  'curl',
];

/**
 * What the unit tests run: the real keepalived says whether it takes the files that are written for it, systemd what it
 * thinks of the agent's unit.
 */
export const unitTestPackages = ['keepalived', 'systemd'];

/** What the agent is measured beside; gcc makes keepalived's checkers run on a kernel without IPVS. */
export const peerPackages = [...unitTestPackages, 'ldirectord', 'ipvsadm', 'gcc', 'libc6-dev'];

/** What the tests need besides; nftables is optional on a router: it sets firewall marks (`#@ mark_ports`). */
export const testPackages = [
  ...new Set([
    ...labPackages,
    ...unitTestPackages,
    'nftables',
    'tcpdump',
    'chromium-headless-shell',
    'fonts-liberation',
  ]),
];

// biome-ignore lint/suspicious/noTemplateCurlyInString: these are the placeholders of dpkg-query
const FORMAT = '${Package} ${db:Status-Status}\\n';

/** @param {readonly string[]} names */
export function missingPackages(names) {
  const { stdout } = ask(['dpkg-query', '-W', '-f', FORMAT, ...names]);
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return names.filter((name) => !installed.has(`${name} installed`));
}

const POLICY = '/usr/sbin/policy-rc.d';

/** Packages that would run a service. */
const serviceOf = {
  'openssh-server': 'ssh.service',
  keepalived: 'keepalived.service',
  ldirectord: 'ldirectord.service',
  nftables: 'nftables.service',
};

/** Runs `install` so that no service of a new package starts, now or at the next boot. */
async function withoutServices(install, names) {
  const own = !existsSync(POLICY);
  if (own) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    if (own) rmSync(POLICY, { force: true });
  }
  if (!existsSync('/run/systemd/system')) return;
  for (const [name, service] of Object.entries(serviceOf)) {
    if (names.includes(name)) ask(['systemctl', 'disable', '--now', service]);
  }
}

/** @typedef {{ purpose: string, without: string }} Words what the packages are for; what works without them */

/**
 * Why missing packages cannot be installed, in one sentence; null when they can, or when none is missing.
 * @param {readonly string[]} missing
 * @param {{ isDebian: boolean, isRoot: boolean }} machine
 * @param {Words} words
 */
export function whyNotInstallable(missing, { isDebian, isRoot }, { purpose, without }) {
  if (missing.length === 0) return null;
  if (!isDebian) {
    return `This machine is no Debian; to ${purpose} Shoal needs ${missing.join(', ')}. ${without}`;
  }
  if (!isRoot) {
    return `To ${purpose} Shoal needs the Debian packages ${missing.join(', ')}, and only root can install them. ${without}`;
  }
  return null;
}

/** @param {readonly string[]} names @param {Words} words */
export async function ensureDebianPackages(names, { purpose, without }) {
  const missing = missingPackages(names);
  const machine = {
    isDebian: ask(['dpkg-query', '--version']).code === 0,
    isRoot: process.getuid?.() === 0,
  };
  const why = whyNotInstallable(missing, machine, { purpose, without });
  if (why !== null) throw new Stop(why);
  if (missing.length === 0) return;
  say(`Installs Debian packages to ${purpose}: ${missing.join(', ')} (no service is started).`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await withoutServices(async () => {
    const update = await attend(['apt-get', '-q', 'update'], { env, quiet: true });
    const install = [
      'apt-get',
      '-qy',
      '-o',
      'Dpkg::Use-Pty=0',
      'install',
      '--no-install-recommends',
      ...missing,
    ];
    if (update !== 0 || (await attend(install, { env, quiet: true })) !== 0) {
      throw new Stop(`apt-get could not install ${missing.join(', ')}; it said why above. ${without}`);
    }
  }, missing);
}
