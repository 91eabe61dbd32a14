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
  /** Canonical; the second one is a sorry server's. */
  readonly address: string | null;
  readonly otherAddress: string | null;
  readonly port: number | null;
  readonly mark: number;
  /** Lower case: the name, notes, devices, schedulers. */
  readonly text: string;
  /** Lower case. */
  readonly lowName: string;
}

function canonical(address: string | null | undefined): string | null {
  if (!address) return null;
  const text = readIpv4(address) ?? readIpv6(address) ?? address.toLowerCase();
  // The very string that the draft holds, where it is the same: a large cluster has tens of thousands.
  return text === address ? address : text;
}

function textOf(name: string, others: readonly (string | null | undefined)[]): string {
  const texts = others.filter((text) => text);
  return (texts.length === 0 ? name : [name, ...texts].join('\n')).toLowerCase();
}

/** A real server. There are tens of thousands: what its rows say already is read there. */
class ServerEntry implements Entry {
  readonly #row: DraftRow;
  readonly #shown: string | null;
  readonly parent: Entry;
  readonly address: string | null;
  readonly port: number;
  readonly text: string;

  constructor(row: DraftRow, server: RealServer, parent: Entry, block: VirtualServer) {
    this.#row = row;
    this.#shown = server.address;
    this.parent = parent;
    this.address = canonical(server.address);
    this.port = effectivePort(block, server);
    this.text = textOf(row.name, row.remarks.comments);
  }

  get kind(): 'server' {
    return 'server';
  }

  get id(): string {
    return this.#row.id;
  }

  get name(): string {
    return this.#row.name;
  }

  get lowName(): string {
    return this.name.toLowerCase();
  }

  get endpoint(): string {
    return this.#shown ? endpointText(this.#shown, this.port) : '';
  }

  get otherAddress(): null {
    return null;
  }

  get mark(): number {
    return 0;
  }
}

const endpointOf = ({ vip, port, firewallMark }: VirtualServer): string => {
  if (firewallMark !== 0) return `mark ${firewallMark}${vip?.address ? ` ${vip.address}` : ''}`;
  return vip?.address ? endpointText(vip.address, port) : '';
};

function blockEntries(row: DraftVirtual): readonly Entry[] {
  const block = knownBlockOf(row);
  const { id, kind, name } = row;
  const { vip, port, firewallMark, sorryServer, scheduler, protocol } = block;
  const own: Entry = {
    ...{ kind, id, name, parent: null },
    endpoint: endpointOf(block),
    address: canonical(vip?.address),
    otherAddress: canonical(sorryServer),
    port,
    mark: firewallMark,
    text: textOf(name, [...row.remarks.comments, vip?.device, scheduler, protocol]),
    lowName: name.toLowerCase(),
  };
  const entries: Entry[] = [own];
  for (const [at, server] of row.servers.entries()) {
    const model = block.servers[at];
    if (model) entries.push(new ServerEntry(server, model, own, block));
  }
  return entries;
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
          {
            ...{ kind: 'router', id: panel, name, parent: null, endpoint: address },
            ...{ address: canonical(address), otherAddress: null, port: null, mark: 0 },
            ...{ text: textOf(name, []), lowName: name.toLowerCase() },
          } as const,
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
