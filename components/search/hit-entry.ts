/** A find of the search as an entry of the palette. Pure. */
import type { SearchHit } from '#lib/console/contract.ts';
import { clusterPath, virtualServerPath } from '../panels/panels.ts';
import type { PaletteEntry } from './palette-entries.ts';

const kinds: Readonly<Record<SearchHit['kind'], string>> = {
  virtual: 'virtual server',
  failover: 'failover service',
  server: 'real server',
  router: 'router',
};

function hrefOf(hit: SearchHit): string {
  if (hit.kind === 'router')
    return clusterPath(hit.clusterId, hit.id === 'redundancy' ? 'redundancy' : 'global');
  if (hit.kind === 'server' && hit.parent) return virtualServerPath(hit.clusterId, hit.parent.id, '/servers');
  return virtualServerPath(hit.clusterId, hit.id);
}

/** `isElsewhere`: it belongs to another cluster than the one on the screen. */
export const hitEntry = (hit: SearchHit, isElsewhere: boolean): PaletteEntry => ({
  key: `${hit.clusterId} ${hit.kind} ${hit.id} ${hit.name}`,
  group: 'Found',
  text: hit.name,
  aside: [
    hit.endpoint,
    hit.parent ? `real server of ${hit.parent.name}` : kinds[hit.kind],
    ...(isElsewhere ? [`cluster ${hit.cluster}`] : []),
  ]
    .filter((text) => text !== '')
    .join(' · '),
  href: hrefOf(hit),
});
