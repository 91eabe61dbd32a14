/** Looks at the machine through its host: files of /proc, /sys and /lib/modules, and whether programs are there. */
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { PROC_TABLE } from '../dataplane/proc-table.ts';
import type { Host } from '../runtime/host.ts';
import { type ModuleState, neededDevices, neededModules, neededSettings, type SelfFacts } from './facts.ts';
import { type Program, packageManagerOf } from './packages.ts';

const looked: readonly Program[] = ['ipvsadm', 'ip', 'arping', 'ndptool', 'nft', 'sshd', 'node'];

const only = <Name>(names: readonly Name[], are: readonly boolean[]): ReadonlySet<Name> =>
  new Set(names.filter((_, index) => are[index]));

/** Lists of modules that a kernel can load or has built in; read only when a module is not loaded. */
async function stateOf(
  host: Host,
  release: string,
  module: string,
  loaded: string | null,
): Promise<ModuleState> {
  const name = module.replaceAll('-', '_');
  if (loaded !== null && new RegExp(`^${name} `, 'm').test(loaded)) return 'loaded';
  const file = new RegExp(`/${name}\\.ko(\\.[a-z0-9]+)?(:|$)`, 'm');
  const [builtIn, loadable] = await Promise.all(
    ['modules.builtin', 'modules.dep'].map((list) => host.readText(`/lib/modules/${release}/${list}`)),
  );
  if (builtIn != null && file.test(builtIn)) return 'loaded';
  if (loadable != null && file.test(loadable)) return 'available';
  return loadable == null ? 'unknown' : 'missing';
}

/** Those settings of the kernel that are there. */
export async function readSettings(
  host: Host,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = await Promise.all(names.map((name) => host.readText(`/proc/sys/${name}`)));
  return new Map(
    names.flatMap((name, index) => {
      const value = values[index];
      return value == null ? [] : [[name, value.trim()] as const];
    }),
  );
}

/** Everything that the rows of `selfRows` judge. */
export async function gatherSelf(host: Host, config: ClusterConfig | null): Promise<SelfFacts> {
  const [osRelease, release, loaded] = await Promise.all(
    ['/etc/os-release', '/proc/sys/kernel/osrelease', '/proc/modules'].map((path) => host.readText(path)),
  );
  const kernelRelease = release?.trim() ?? 'unknown';
  const modules = ['ip_vs', ...(config === null ? [] : neededModules(config))];
  const devices = config === null ? [] : neededDevices(config);
  const [hasIpvsTable, programs, states, settings, indexes] = await Promise.all([
    host.hasFile(PROC_TABLE),
    Promise.all(looked.map((program) => host.hasProgram(program))),
    Promise.all(modules.map((module) => stateOf(host, kernelRelease, module, loaded ?? null))),
    readSettings(host, config === null ? [] : neededSettings(config)),
    Promise.all(devices.map((device) => host.readText(`/sys/class/net/${device}/ifindex`))),
  ]);
  return {
    packages: packageManagerOf(osRelease ?? null),
    programs: only(looked, programs),
    kernelRelease,
    hasIpvsTable,
    modules: new Map(modules.map((module, index) => [module, states[index] ?? 'unknown'])),
    settings,
    devices: only(
      devices,
      indexes.map((text) => text !== null),
    ),
    config,
  };
}
