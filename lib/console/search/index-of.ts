/** Everything of a draft that can be searched for, made once for each state of it. Pure. */
import { endpointText, readIpv4, readIpv6 } from '#lib/lvs/address.ts';
import type { RealServer, VirtualServer } from '#lib/lvs/model.ts';
import { effectivePort } from '#lib/lvs/model.ts';
import { onceFor } from '#lib/lvs/once-for.ts';
import { singleton } from '#lib/platform/singleton.ts';
import {
  configOf,
  type Draft,
  type DraftRow,
  type DraftVirtual,
  knownBlockOf,
  virtualsOf,
} from '../draft/draft.ts';

export interface Entry {
  readonly kind: 'virtual' | 'failover' | 'server' | 'router';
  /** Of the row; of a router the panel that names it. */
  readonly id: string;
  readonly name: string;
  /** The block that a real server belongs to. */
  readonly parent: { readonly id: string; readonly name: string } | null;
  /** Address and port as people read them. */
  readonly endpoint: string;
  /** Canonical. */
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  readonly mark: number;
  /** Lower case: the name, notes, devices, schedulers; the name alone. The same string where there is no more. */
  readonly text: string;
  readonly lowName: string;
}

const canonical = (address: string): string =>
  readIpv4(address) ?? readIpv6(address) ?? address.toLowerCase();

interface Found {
  readonly addresses: readonly (string | null | undefined)[];
  readonly ports: readonly (number | null)[];
  readonly mark?: number;
  readonly texts: readonly (string | null | undefined)[];
}

function entryOf(base: Pick<Entry, 'kind' | 'id' | 'name' | 'parent' | 'endpoint'>, found: Found): Entry {
  const addresses = found.addresses.flatMap((address) => (address ? [canonical(address)] : []));
  const lowName = base.name.toLowerCase();
  const texts = found.texts.filter((text) => text);
  // Spelled out: of a spread, V8 makes each object a shape of its own, which is larger than the entry.
  return {
    kind: base.kind,
    id: base.id,
    name: base.name,
    parent: base.parent,
    endpoint: base.endpoint,
    addresses,
    ports: found.ports.filter((port) => port !== null),
    mark: found.mark ?? 0,
    text: texts.length === 0 ? lowName : [lowName, ...texts].join('\n').toLowerCase(),
    lowName,
  };
}

const serverEntry = (row: DraftRow, server: RealServer, parent: Entry, block: VirtualServer): Entry => {
  const port = effectivePort(block, server);
  return entryOf(
    {
      kind: 'server',
      id: row.id,
      name: row.name,
      parent,
      endpoint: server.address ? endpointText(server.address, port) : '',
    },
    { addresses: [server.address], ports: [port], texts: row.remarks.comments },
  );
};

const endpointOf = ({ vip, port, firewallMark }: VirtualServer): string => {
  if (firewallMark !== 0) return `mark ${firewallMark}${vip?.address ? ` ${vip.address}` : ''}`;
  return vip?.address ? endpointText(vip.address, port) : '';
};

function blockEntries(row: DraftVirtual): readonly Entry[] {
  const block = knownBlockOf(row);
  const own = entryOf(
    { kind: row.kind, id: row.id, name: row.name, parent: null, endpoint: endpointOf(block) },
    {
      addresses: [block.vip?.address, block.sorryServer],
      ports: [block.port],
      mark: block.firewallMark,
      texts: [...row.remarks.comments, block.vip?.device, block.scheduler, block.protocol],
    },
  );
  const servers = row.servers.flatMap((server, at) => {
    const model = block.servers[at];
    return model ? [serverEntry(server, model, own, block)] : [];
  });
  return [own, ...servers];
}

const knownBlockEntries = onceFor(
  blockEntries,
  singleton('search-blocks', () => new WeakMap()),
);

/** The routers' own addresses: whoever asks who owns an address may mean them. */
function routerEntries(draft: Draft): readonly Entry[] {
  const { global } = configOf(draft);
  const own: readonly (readonly [
    panel: 'global' | 'redundancy',
    name: string,
    address: string | null | undefined,
  ])[] = [
    ['global', 'Primary router', global.primaryAddress],
    ['global', 'Primary router, private', global.primaryPrivateAddress],
    ['global', 'NAT router', global.natRouter?.address],
    ['global', 'NAT router, IPv6', global.natRouter6?.address],
    ['redundancy', 'Backup router', global.backupAddress],
    ['redundancy', 'Backup router, private', global.backupPrivateAddress],
    ['redundancy', 'Gateway', global.gatewayAddress],
  ];
  return own.flatMap(([panel, name, address]) =>
    address && address !== '0.0.0.0'
      ? [
          entryOf(
            { kind: 'router', id: panel, name, parent: null, endpoint: address },
            { addresses: [address], ports: [], texts: [] },
          ),
        ]
      : [],
  );
}

/** In the order of the file, each block before its real servers, the routers last. */
export const indexOf = onceFor(
  (draft: Draft): readonly Entry[] => [
    ...(['virtual', 'failover'] as const).flatMap((kind) =>
      virtualsOf(draft, kind).flatMap(knownBlockEntries),
    ),
    ...routerEntries(draft),
  ],
  singleton('search-indexes', () => new WeakMap()),
);
