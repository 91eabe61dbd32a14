/** What the command palette offers besides what the search finds: pages and actions. Pure. */
import { clusterPath, failoverPath, panels } from '../panels/panels.ts';

export interface PaletteEntry {
  /** Unique among the entries. */
  readonly key: string;
  readonly group: 'Found' | 'Actions' | 'Pages' | 'Clusters';
  readonly text: string;
  /** In small letters behind it: an address, whose it is. */
  readonly aside?: string;
  readonly href: string;
  /** A file to keep instead of a page. */
  readonly isFile?: boolean;
}

export interface PaletteCluster {
  readonly id: string;
  readonly name: string;
}

const actionsOf = ({ id, name }: PaletteCluster): readonly PaletteEntry[] =>
  [
    { text: 'Add a virtual server', href: `${clusterPath(id, 'virtual-servers')}?add` },
    { text: 'Review and push the draft', href: clusterPath(id, 'changes') },
    { text: 'Switch over, start or stop a router', href: clusterPath(id, 'control') },
    { text: 'Drain a real server', href: clusterPath(id, 'control') },
    { text: 'Add a router', href: clusterPath(id, 'routers') },
    { text: 'Add a failover service', href: `${failoverPath(id)}?add` },
    { text: 'Download the draft as lvs.cf', href: `/api/clusters/${id}/lvs.cf`, isFile: true },
  ].map((entry) => ({ ...entry, key: `action ${entry.text}`, group: 'Actions' as const, aside: name }));

const pagesOf = ({ id, name }: PaletteCluster): readonly PaletteEntry[] =>
  [
    ...panels.map(({ path, title }) => ({ text: title, href: clusterPath(id, path) })),
    { text: 'FAILOVER', href: failoverPath(id) },
  ].map((entry) => ({ ...entry, key: `page ${entry.text}`, group: 'Pages' as const, aside: name }));

const general: readonly PaletteEntry[] = [
  { key: 'page clusters', group: 'Pages', text: 'All clusters', href: '/clusters' },
  { key: 'action new cluster', group: 'Actions', text: 'New cluster', href: '/clusters/new' },
  { key: 'action password', group: 'Actions', text: 'Change password', href: '/account' },
];

/** More clusters than these are found by typing. */
const MOST_CLUSTERS = 8;

const has = (text: string, words: readonly string[]): boolean =>
  words.every((word) => text.toLowerCase().includes(word));

/** What fits to the words that were typed; everything while nothing is. */
export function standingEntries(
  query: string,
  clusters: readonly PaletteCluster[],
  currentId: string | null,
): readonly PaletteEntry[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const current = clusters.find(({ id }) => id === currentId);
  const others = clusters.filter((cluster) => cluster !== current);
  const all = [
    ...(current ? [...pagesOf(current), ...actionsOf(current)] : []),
    ...general,
    ...others.map(
      ({ id, name }): PaletteEntry => ({
        key: `cluster ${id}`,
        group: 'Clusters',
        text: name,
        aside: 'cluster',
        href: clusterPath(id, 'control'),
      }),
    ),
  ].filter(({ text }) => has(text, words));
  const shown = all.filter(({ group }) => group !== 'Clusters');
  return [...shown, ...all.filter(({ group }) => group === 'Clusters').slice(0, MOST_CLUSTERS)];
}
