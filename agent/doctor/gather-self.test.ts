/** Facts from files: what a module list, an os-release or a missing file means. */
import { expect, it } from 'vitest';
import { parseConfig } from '#lib/lvs/parse.ts';
import { exampleText } from '../control/test-router.ts';
import type { Host } from '../runtime/host.ts';
import { gatherSelf } from './gather-self.ts';
import { packageManagerOf } from './packages.ts';

function hostWith(files: Readonly<Record<string, string>>): Host {
  return {
    hostname: 'r1',
    isRoot: false,
    processors: 1,
    readText: async (path) => files[path] ?? null,
    hasFile: async (path) => path in files,
    hasProgram: async (name) => name === 'ip',
    readTextNow: () => null,
    writeTextNow: () => false,
    localAddresses: () => [],
    sendFirstWord: () => false,
    memoryBytes: () => 0,
    uptime: () => ({ bootId: null, ms: 0 }),
  };
}
const { config } = parseConfig(exampleText());
const modulesWith = async (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    (await gatherSelf(hostWith({ '/proc/sys/kernel/osrelease': '6.1.0\n', ...files }), config)).modules,
  );

it('tells modules that are loaded, built in, loadable and absent', async () => {
  const dep =
    'kernel/net/netfilter/ipvs/ip_vs.ko.xz: kernel/lib/x.ko\nkernel/net/netfilter/ipvs/ip_vs_wrr.ko: a\n';
  expect(
    await modulesWith({ '/proc/modules': 'ip_vs 1 2 - Live\n', '/lib/modules/6.1.0/modules.dep': dep }),
  ).toEqual({
    ip_vs: 'loaded',
    ip_vs_wrr: 'available',
  });
  expect(
    await modulesWith({
      '/lib/modules/6.1.0/modules.builtin': 'kernel/net/netfilter/ipvs/ip_vs.ko\n',
      '/lib/modules/6.1.0/modules.dep': '',
    }),
  ).toEqual({ ip_vs: 'loaded', ip_vs_wrr: 'missing' });
  expect(await modulesWith({})).toEqual({ ip_vs: 'unknown', ip_vs_wrr: 'unknown' });
});

it('knows programs, interfaces, settings and the table from what is there', async () => {
  const facts = await gatherSelf(
    hostWith({
      '/proc/net/ip_vs': '',
      '/proc/sys/net/ipv4/ip_forward': '0\n',
      '/sys/class/net/eth1/ifindex': '3\n',
      '/etc/os-release': 'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
    }),
    config,
  );
  expect(facts).toMatchObject({ hasIpvsTable: true, packages: 'dnf' });
  expect([...facts.programs]).toEqual(['ip']);
  expect([...facts.devices]).toEqual(['eth1']);
  expect(Object.fromEntries(facts.settings)).toEqual({ 'net/ipv4/ip_forward': '0' });
});

it.each([
  ['ID=debian', 'apt'],
  ['ID=ubuntu\nID_LIKE=debian', 'apt'],
  ['ID="rhel"', 'dnf'],
  ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'zypper'],
  ['ID=alpine', 'apk'],
  ['ID=arch', 'pacman'],
  ['ID=unheard-of', 'apt'],
])('%j installs with %s', (text, manager) => {
  expect(packageManagerOf(text)).toBe(manager);
});

it('sees that the kernel has a table without having it printed, which takes long for a large one', async () => {
  const host = hostWith({ '/proc/net/ip_vs': 'IP Virtual Server version 1.2.1 (size=4096)\n' });
  const read: string[] = [];
  const readText = (path: string) => {
    read.push(path);
    return host.readText(path);
  };
  expect((await gatherSelf({ ...host, readText }, config)).hasIpvsTable).toBe(true);
  expect(read).not.toContain('/proc/net/ip_vs');
});
