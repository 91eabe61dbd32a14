/** What was read → the configuration, with the place of every value. */
import { endpointText, familyOf } from '../../lvs/address.ts';
import {
  type ClusterConfig,
  defaultGlobal,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '../../lvs/model.ts';
import { hashingSchedulers } from '../../lvs/schedulers.ts';
import type { Findings } from '../findings.ts';
import { DEFAULT_DEVICE, type ImportOptions } from '../result.ts';
import { commonest, namer, sorryPortOf } from '../shape.ts';
import { byAddress, placeSpare } from './addresses.ts';
import { type ChosenCheck, chooseCheck } from './choose.ts';
import type { Globals } from './globals.ts';
import type { Group, Identity } from './groups.ts';
import { type Method, plainTunnel } from './method.ts';
import { routerSettings, sharedSettings } from './routers.ts';
import type { ReadServer } from './servers.ts';
import type { Given } from './values.ts';
import type { ReadVirtual } from './virtuals.ts';
import type { Instance, MovingAddress } from './vrrp.ts';

/** The whole file, read. */
export interface ReadFile {
  readonly globals: Globals;
  readonly instances: readonly Instance[];
  readonly syncGroups: readonly (readonly string[])[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly virtuals: readonly ReadVirtual[];
}

/** What all virtual servers need. */
interface Setting {
  readonly forwarding: Method['forwarding'];
  readonly device: string;
  readonly moving: ReadonlyMap<string, MovingAddress>;
  readonly findings: Findings;
}

const methodOf = (virtual: ReadVirtual, server: ReadServer | null): Method['forwarding'] =>
  (server?.method ?? virtual.method)?.forwarding ?? 'nat';

/** The services of one virtual_server: its own, or its group's. */
function identitiesOf(virtual: ReadVirtual, file: ReadFile, findings: Findings): readonly Given<Identity>[] {
  if ('value' in virtual.identity) return [virtual.identity];
  const group = file.groups.get(virtual.identity.group);
  if (group === undefined)
    findings.fault('group-unknown', { text: virtual.identity.group }, virtual.identity.at);
  return group?.members ?? [];
}

function nameOf(virtual: ReadVirtual, identity: Identity, isAlone: boolean, protocol: string): string {
  const base = virtual.name ?? ('group' in virtual.identity ? virtual.identity.group : null);
  if (base !== null && isAlone) return base;
  const own =
    identity.kind === 'mark'
      ? `fwmark-${identity.mark}${identity.family === 'ipv6' ? '-ipv6' : ''}`
      : `${endpointText(identity.address, identity.port)}${protocol === 'tcp' ? '' : `-${protocol}`}`;
  return base === null ? own : `${base}-${own}`;
}

/** The port of a real server; keepalived takes that of the service where the method cannot change it. */
function portOf(server: ReadServer, identity: Identity, method: Method['forwarding'], findings: Findings) {
  const { port } = server;
  if (port === null || identity.kind === 'mark') return null;
  if (port.value === identity.port || port.value === 0) return null;
  if (method === 'nat') return port.value;
  findings.leave(port.at.line, server.where, 'port-reset', { port: identity.port });
  return null;
}

/** Behind a mark the port of a real server serves the check alone. */
const checkPortOf = (server: ReadServer, identity: Identity, given: number | null, shared: number | null) =>
  given ?? (identity.kind === 'mark' && shared === null && server.port?.value ? server.port.value : null);

function serverOf(
  server: ReadServer,
  name: string,
  context: {
    readonly virtual: ReadVirtual;
    readonly identity: Identity;
    readonly chosen: ChosenCheck;
    readonly setting: Setting;
  },
): RealServer {
  const { virtual, identity, chosen, setting } = context;
  const method = methodOf(virtual, server);
  const check = chosen.ofServer.get(server);
  return {
    ...defaultServer(name),
    enabled: true,
    address: server.address.value,
    port: portOf(server, identity, method, setting.findings),
    weight: server.weight?.value ?? 1,
    forwarding: method === setting.forwarding ? null : method,
    ...((server.method ?? virtual.method)?.tunnel ?? plainTunnel),
    upperThreshold: server.upper?.value ?? 0,
    lowerThreshold: server.lower?.value ?? 0,
    checkAddress: check?.checkAddress ?? null,
    checkPort: checkPortOf(server, identity, check?.checkPort ?? null, chosen.settings.checkPort ?? null),
  };
}

/** Weight 0 or removal: one rule for a virtual server; real servers that differ are listed. */
function quiesceOf({ servers, quiesces }: ReadVirtual, findings: Findings): boolean {
  const own = (server: ReadServer): boolean => (server.quiesces ?? quiesces)?.value ?? false;
  const common = commonest(servers.map(own)) ?? quiesces?.value ?? false;
  for (const server of servers.filter((candidate) => own(candidate) !== common))
    findings.leave(
      server.quiesces?.at.line ?? server.at.line,
      `inhibit_on_failure of ${server.where}`,
      'one-inhibit',
      undefined,
    );
  return common;
}

function vipOf(
  identity: Identity,
  virtual: ReadVirtual,
  at: number,
  setting: Setting,
): Pick<VirtualServer, 'vip' | 'vipNetmask'> {
  if (identity.kind === 'mark') return { vip: null, vipNetmask: null };
  const moved = setting.moving.get(identity.address);
  if (moved === undefined)
    setting.findings.leave(at, virtual.where, 'address-not-moved', {
      address: identity.address,
      device: setting.device,
    });
  return {
    vip: { address: identity.address, device: moved?.device ?? setting.device },
    vipNetmask: moved?.netmask ?? null,
  };
}

function sorryOf(
  { sorry, sorryMethod, method, where }: ReadVirtual,
  port: number,
  { forwarding, findings }: Setting,
) {
  if (sorry === null) return { sorryServer: null, sorryPort: null };
  if (((sorryMethod ?? method)?.forwarding ?? 'nat') !== forwarding)
    findings.leave(sorry.address.at.line, `sorry_server of ${where}`, 'sorry-method', { method: forwarding });
  return {
    sorryServer: sorry.address.value,
    sorryPort: sorryPortOf(sorry.port?.value ?? null, port, forwarding),
  };
}

/** keepalived 2.2 serves UDP when no protocol is named; a mark has none. */
function protocolOf(virtual: ReadVirtual, identity: Identity, findings: Findings): VirtualServer['protocol'] {
  if (virtual.protocol !== null) return virtual.protocol.value;
  if (identity.kind === 'mark') return 'tcp';
  findings.fault('protocol-missing', { text: virtual.where }, virtual.at);
  return 'udp';
}

function familyOfMark(virtual: ReadVirtual, identity: Identity): VirtualServer['addressFamily'] {
  if (identity.kind === 'address') return 'ipv4';
  const given = identity.family ?? virtual.family?.value;
  const first = virtual.servers[0]?.address.value;
  return given ?? (first !== undefined && familyOf(first) === 6 ? 'ipv6' : 'ipv4');
}

interface Made {
  readonly virtual: VirtualServer;
  readonly source: ReadVirtual;
  readonly identity: Given<Identity>;
}

function virtualOf(
  source: ReadVirtual,
  identity: Given<Identity>,
  own: Pick<VirtualServer, 'name' | 'protocol' | 'quiesce'>,
  chosen: ChosenCheck,
  setting: Setting,
): VirtualServer {
  const { value } = identity;
  const port = value.kind === 'mark' ? 0 : value.port;
  const scheduler = source.scheduler?.value ?? 'wlc';
  const hashes = hashingSchedulers.some((hashing) => hashing === scheduler);
  const isPersistent = source.persistence !== null || source.netmask !== null;
  const serverName = namer();
  return {
    ...defaultVirtual(own.name),
    ...own,
    enabled: true,
    ...vipOf(value, source, identity.at.line, setting),
    firewallMark: value.kind === 'mark' ? value.mark : 0,
    addressFamily: familyOfMark(source, value),
    port,
    scheduler,
    hashPort: hashes && source.hashPort,
    hashFallback: hashes && source.hashFallback,
    onePacket: source.onePacket,
    persistenceSeconds: isPersistent ? (source.persistence?.value ?? 360) : 0,
    persistenceNetmask: source.netmask?.value ?? null,
    quorum: source.quorum?.value ?? 1,
    quorumHysteresis: source.hysteresis?.value ?? 0,
    ...sorryOf(source, port, setting),
    ...chosen.settings,
    servers: source.servers.map((server) =>
      serverOf(server, serverName(server.name ?? server.address.value), {
        virtual: source,
        identity: value,
        chosen,
        setting,
      }),
    ),
  };
}

/** A group, a range and many real servers multiply: a small text must not fill the memory. */
const MOST = 20_000;

function virtualsOf(file: ReadFile, setting: Setting): Made[] {
  const { findings } = setting;
  const unique = namer();
  let count = 0;
  return file.virtuals.flatMap((source) => {
    const identities = identitiesOf(source, file, findings);
    const chosen = chooseCheck(source.servers, findings);
    const quiesce = quiesceOf(source, findings);
    const before = count;
    count += identities.length * (1 + source.servers.length);
    if (count > MOST && identities.length > 1) {
      if (before <= MOST) findings.fault('too-many-services', { most: MOST }, source.at);
      return [];
    }
    return identities.map((identity) => {
      const protocol = protocolOf(source, identity.value, findings);
      const name = unique(nameOf(source, identity.value, identities.length === 1, protocol));
      return {
        virtual: virtualOf(source, identity, { name, protocol, quiesce }, chosen, setting),
        source,
        identity,
      };
    });
  });
}

/** Places of blocks and of the values that validation speaks of. */
function placeAll(made: readonly Made[], findings: Findings): void {
  for (const [index, { source, identity }] of made.entries()) {
    const path = ['virtualServers', index];
    findings.place(path, source.at);
    findings.place([...path, 'vip'], identity.at);
    findings.place([...path, 'firewallMark'], identity.at);
    const given = [
      ['scheduler', source.scheduler],
      ['persistenceSeconds', source.persistence],
      ['persistenceNetmask', source.netmask],
      ['quorum', source.quorum],
      ['quorumHysteresis', source.hysteresis],
      ['checkSeconds', source.timing.interval],
    ] as const;
    for (const [key, value] of given) if (value !== null) findings.place([...path, key], value.at);
    for (const [serverIndex, server] of source.servers.entries()) {
      const inner = [...path, 'servers', serverIndex];
      findings.place(inner, server.at);
      findings.place([...inner, 'address'], server.address.at);
      if (server.port !== null) findings.place([...inner, 'port'], server.port.at);
      if (server.weight !== null) findings.place([...inner, 'weight'], server.weight.at);
    }
  }
}

export function assemble(file: ReadFile, options: ImportOptions, findings: Findings): ClusterConfig {
  const moving = file.instances.flatMap(({ addresses }) => addresses);
  const device =
    options.device ?? file.globals.device?.value ?? file.instances[0]?.device?.value ?? DEFAULT_DEVICE;
  const methods = file.virtuals.flatMap((virtual) =>
    virtual.servers.map((server) => methodOf(virtual, server)),
  );
  const forwarding = commonest(methods) ?? 'nat';
  const named = moving.map((address) => ({ ...address, device: address.device ?? device }));
  const setting: Setting = {
    forwarding,
    device,
    moving: byAddress(named),
    findings,
  };
  const made = virtualsOf(file, setting);
  placeAll(made, findings);
  const virtuals = made.map(({ virtual }) => virtual);
  const natServers = virtuals.flatMap(({ servers }) =>
    servers.flatMap(({ address, forwarding: own }) =>
      (own ?? forwarding) === 'nat' && address !== null ? [address] : [],
    ),
  );
  const spare = placeSpare(named, virtuals, natServers, findings);
  const first = virtuals.find(({ vip }) => vip !== null && setting.moving.has(vip.address ?? ''))?.vip
    ?.address;
  const main =
    file.instances.find(({ addresses }) => addresses.some(({ address }) => address === first)) ??
    file.instances[0];
  if (main !== undefined) findings.place(['global'], main.at);
  return {
    ...emptyConfig(),
    global: {
      ...defaultGlobal(),
      forwarding,
      ...sharedSettings(file.globals, file.instances),
      ...routerSettings(file.instances, file.syncGroups, main, findings),
      ...spare.settings,
    },
    virtualServers: virtuals.map((virtual, index) => {
      const address = spare.forMarks.get(index);
      return address === undefined
        ? virtual
        : {
            ...virtual,
            vip: { address: address.address, device: address.device ?? device },
            vipNetmask: address.netmask,
          };
    }),
  };
}
