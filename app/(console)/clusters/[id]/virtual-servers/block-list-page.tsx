import { clusterPath, failoverPath } from '#components/panels/panels.ts';
import { SubNav } from '#components/shell/sub-nav.tsx';
import { VirtualServerList } from '#components/virtual-servers/virtual-server-list.tsx';
import { overrideMany } from '#lib/console/overrides/actions.ts';
import {
  changeMany,
  changeMatching,
  cloneBlock,
  createVirtualServer,
  deleteVirtualServer,
  moveBlock,
  setVirtualServerEnabled,
} from '#lib/console/virtual-servers/actions.ts';
import { loadBlockList, usesFailoverServices } from '#lib/console/virtual-servers/loaders.ts';

export interface ListPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

const first = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value[0] : value)?.trim() ?? '';

/** A page of the virtual servers or of the failover services. The second list shows where it is in use. */
export async function BlockListPage({
  kind,
  params,
  searchParams,
}: ListPageProps & { readonly kind: 'virtual' | 'failover' }) {
  const { id } = await params;
  const search = await searchParams;
  const find = first(search.find);
  const list = await loadBlockList(id, { kind, find, page: Number(first(search.page)) });
  const hasBoth = kind === 'failover' || (await usesFailoverServices(id));
  return (
    <>
      {hasBoth && (
        <SubNav
          label="Kinds of services"
          items={[
            { href: clusterPath(id, 'virtual-servers'), title: 'VIRTUAL SERVERS' },
            { href: failoverPath(id), title: 'FAILOVER' },
          ]}
        />
      )}
      <VirtualServerList
        key={kind}
        clusterId={id}
        kind={kind}
        list={list}
        find={find}
        startsAdding={search.add !== undefined}
        actions={{
          create: createVirtualServer.bind(null, id, kind),
          remove: deleteVirtualServer.bind(null, id),
          setEnabled: setVirtualServerEnabled.bind(null, id),
          clone: cloneBlock.bind(null, id),
          move: moveBlock.bind(null, id),
          changeMany: changeMany.bind(null, id),
          changeMatching: changeMatching.bind(null, id),
          overrideMany: overrideMany.bind(null, id),
        }}
      />
    </>
  );
}
