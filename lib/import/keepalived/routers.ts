/** What a file tells of the two routers: it is written for one of them. */
import type { GlobalSettings } from '../../lvs/directives.ts';
import type { Findings } from '../findings.ts';
import type { Globals } from './globals.ts';
import type { Given } from './values.ts';
import type { Instance } from './vrrp.ts';

type Role = 'primary' | 'backup';

/** Default priority of VRRP; above it is the router that should serve. */
const MIDDLE_PRIORITY = 100;

/** Which of the two routers the file is for; null when it does not say. */
function roleOf({ startsActive, preempts, preemptDelay, priority }: Instance): Role | null {
  if (startsActive?.value === true) return 'primary';
  // Without preemption, or with a delay of it, both files begin as standby: the priority tells them apart.
  if (startsActive !== null && preempts.value && preemptDelay === null) return 'backup';
  if (priority.value === MIDDLE_PRIORITY) return null;
  return priority.value > MIDDLE_PRIORITY ? 'primary' : 'backup';
}

type Addresses = Readonly<Record<Role, string | null>>;

/** Own and the other's address by role. */
function addressesOf(instance: Instance, role: Role | null): Addresses {
  const own = instance.source?.value ?? null;
  const other = instance.peers[0]?.value ?? null;
  if (role === null) return { primary: null, backup: null };
  return role === 'primary' ? { primary: own, backup: other } : { primary: other, backup: own };
}

function heartbeatSettings({ interval, missed }: Instance): Partial<GlobalSettings> {
  const deadtime = interval.value * missed.value;
  const seconds = Math.max(1, Math.ceil(interval.value / 1000));
  const isWhole = interval.value % 1000 === 0;
  return {
    keepaliveSeconds: seconds,
    deadtimeSeconds: Math.max(Math.ceil(deadtime / 1000), seconds + (isWhole ? 0 : 1)),
    keepaliveMilliseconds: isWhole ? null : interval.value,
    deadtimeMilliseconds: isWhole ? null : deadtime,
  };
}

const together = ['interval', 'missed', 'preempts', 'preemptDelay'] as const;
const keywords = {
  interval: 'advert_int',
  missed: 'down_timer_adverts',
  preempts: 'nopreempt',
  preemptDelay: 'preempt_delay',
};

/** A pair has one active router, one heartbeat, one rule of preemption: what other instances say otherwise. */
function remarkOnOthers(main: Instance, others: readonly Instance[], findings: Findings): void {
  for (const other of others) {
    const where = `vrrp_instance ${other.name}`;
    if (other.startsActive !== null && other.startsActive.value !== main.startsActive?.value)
      findings.leave(other.startsActive.at.line, `state in ${where}`, 'active-active', { main: main.name });
    for (const key of together)
      if (other[key] !== null && other[key].value !== main[key]?.value)
        findings.leave(other[key].at.line, `${keywords[key]} in ${where}`, 'one-heartbeat', {
          main: main.name,
        });
  }
}

/** Whether all instances are named by one group. */
const isOneGroup = (instances: readonly Instance[], groups: readonly (readonly string[])[]): boolean =>
  groups.some((group) => {
    const members = new Set(group);
    return instances.every(({ name }) => members.has(name));
  });

function remarkOnAddresses(main: Instance, role: Role | null, found: Addresses, findings: Findings): void {
  const { line } = main.at;
  const what = `routers of vrrp_instance ${main.name}`;
  for (const peer of main.peers.slice(1))
    findings.leave(peer.at.line, `unicast_peer ${peer.value}`, 'one-backup', undefined);
  const missing = (['primary', 'backup'] as const).filter((name) => found[name] === null);
  if (role === null) findings.leave(line, what, 'role-unknown', undefined);
  else if (missing.length > 0)
    findings.leave(line, what, 'router-addresses', { missing: missing.join(' and ') });
}

/** The settings of the pair, from the instance that moves the first virtual IP address. */
export function routerSettings(
  instances: readonly Instance[],
  groups: readonly (readonly string[])[],
  main: Instance | undefined,
  findings: Findings,
): Partial<GlobalSettings> {
  if (main === undefined) return {};
  const others = instances.filter((instance) => instance !== main);
  const role = roleOf(main);
  const found = addressesOf(main, role);
  const inner = others.find(({ source }) => source !== null && source.value !== main.source?.value);
  const innerAddresses = inner && addressesOf(inner, role);
  remarkOnAddresses(main, role, found, findings);
  remarkOnOthers(main, others, findings);
  if (others.length > 0 && !isOneGroup(instances, groups))
    findings.leave(others[0]?.at.line ?? 1, `vrrp_instance ${others[0]?.name}`, 'move-together', undefined);
  return {
    primaryAddress: found.primary,
    backupAddress: found.backup,
    backupEnabled: main.peers.length > 0,
    primaryPrivateAddress: innerAddresses?.primary ?? null,
    backupPrivateAddress: innerAddresses?.backup ?? null,
    ...heartbeatSettings(main),
    preempt: main.preempts.value,
    preemptDelaySeconds: Math.ceil((main.preemptDelay?.value ?? 0) / 1000),
    monitorLinks: instances.some(({ watchesLinks }) => watchesLinks),
  };
}

/** A value if there is one: an absent directive keeps its default. */
const whenGiven = <Key extends keyof GlobalSettings>(
  key: Key,
  given: Given<GlobalSettings[Key]> | null | undefined,
): Partial<GlobalSettings> => (given ? ({ [key]: given.value } as Partial<GlobalSettings>) : {});

/** Timeouts, sync daemon, announcements: of `global_defs` and of the instances. */
export function sharedSettings(globals: Globals, instances: readonly Instance[]): Partial<GlobalSettings> {
  const sync = globals.syncDaemon ?? instances.find(({ syncDaemon }) => syncDaemon !== null)?.syncDaemon;
  return {
    ...whenGiven('tcpTimeoutSeconds', globals.tcpTimeout),
    ...whenGiven('tcpFinTimeoutSeconds', globals.tcpFinTimeout),
    ...whenGiven('udpTimeoutSeconds', globals.udpTimeout),
    ...whenGiven(
      'announceRefreshSeconds',
      instances.find(({ refresh }) => refresh !== null)?.refresh ?? globals.refresh,
    ),
    ...(sync ? { syncDaemon: true } : {}),
    ...whenGiven('syncDaemonInterface', sync?.device),
    ...whenGiven('syncDaemonId', sync?.id),
  };
}
