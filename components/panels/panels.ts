/** The pages of a cluster. The first four keep the names that Piranha gave its panels. */
export interface Panel {
  /** Last part of the URL. */
  readonly path: string;
  readonly title: string;
}

export const panels = [
  { path: 'control', title: 'CONTROL/MONITORING' },
  { path: 'global', title: 'GLOBAL SETTINGS' },
  { path: 'redundancy', title: 'REDUNDANCY' },
  { path: 'virtual-servers', title: 'VIRTUAL SERVERS' },
  { path: 'changes', title: 'Changes' },
  { path: 'routers', title: 'Routers' },
] as const satisfies readonly Panel[];

/** Parts of the editing of one virtual server, as Piranha's second row of tabs. */
export const virtualServerPanels = [
  { path: '', title: 'VIRTUAL SERVER' },
  { path: '/servers', title: 'REAL SERVER' },
  { path: '/monitoring', title: 'MONITORING SCRIPTS' },
] as const satisfies readonly Panel[];

/** Parts of the editing of one failover service. */
export const failoverPanels = [
  { path: '', title: 'FAILOVER' },
  { path: '/monitoring', title: 'MONITORING SCRIPTS' },
] as const satisfies readonly Panel[];

/** The list of failover services. */
export const failoverPath = (clusterId: string): string => `/clusters/${clusterId}/failover`;

export const clusterPath = (clusterId: string, panel: (typeof panels)[number]['path']): string =>
  `/clusters/${clusterId}/${panel}`;

export const virtualServerPath = (clusterId: string, virtualId: string, part = ''): string =>
  `/clusters/${clusterId}/virtual-servers/${virtualId}${part}`;

export const revisionPath = (clusterId: string, serial: number): string =>
  `/clusters/${clusterId}/changes/${serial}`;

/** The draft as a file to keep. */
export const draftFilePath = (clusterId: string): string => `/api/clusters/${clusterId}/lvs.cf`;

/** The same of a revision. */
export const revisionFilePath = (clusterId: string, serial: number): string =>
  `/api/clusters/${clusterId}/revisions/${serial}`;

export const comparePath = (clusterId: string, from: number | 'draft', to: number | 'draft'): string =>
  `/clusters/${clusterId}/changes/compare?from=${from}&to=${to}`;

/** Who did what when; null: in all clusters. */
export function trailPath(clusterId: string | null, before?: string): string {
  const query = new URLSearchParams({
    ...(clusterId === null ? {} : { cluster: clusterId }),
    ...(before === undefined ? {} : { before }),
  }).toString();
  return query === '' ? '/trail' : `/trail?${query}`;
}
