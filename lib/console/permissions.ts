/**
 * Who may do what: one row for each loader, action and route, named FOLDER.FUNCTION (routes: METHOD PATH). What
 * has no row does not compile where it asks, and permissions.test.ts finds what does not ask.
 */

/** From the most to the least powerful. */
export const roles = ['admin', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** `public`: no session; only what makes a session possible. `session`: any signed-in user, for the own account. */
export type Needs = Role | 'public' | 'session';

export const permissions = {
  'clusters.listClusters': 'viewer',
  'clusters.loadCluster': 'viewer',
  'clusters.createCluster': 'admin',
  'clusters.renameCluster': 'admin',
  'clusters.deleteCluster': 'admin',

  'import.scanRouter': 'admin',
  'import.readRouter': 'admin',
  'import.importCluster': 'admin',

  'routers.addRouter': 'admin',
  'routers.acceptHostKey': 'admin',
  'routers.removeRouter': 'admin',
  'routers.consolePublicKey': 'viewer',
  'routers.rotateKey': 'admin',
  'routers.switchover': 'operator',
  'routers.stopService': 'operator',
  'routers.startService': 'operator',

  'overrides.drainServer': 'operator',
  'overrides.undrainServer': 'operator',
  'overrides.disableServer': 'operator',
  'overrides.enableServer': 'operator',
  'overrides.setServerWeight': 'operator',
  'overrides.overrideMany': 'operator',
  'overrides.sendOwed': 'operator',
  'overrides.forgetOwed': 'operator',

  'settings.loadSettings': 'viewer',
  'settings.saveSettings': 'operator',

  'virtual-servers.loadBlockList': 'viewer',
  'virtual-servers.loadVirtualOutlines': 'viewer',
  'virtual-servers.usesFailoverServices': 'viewer',
  'virtual-servers.loadVirtualServer': 'viewer',
  'virtual-servers.createVirtualServer': 'operator',
  'virtual-servers.saveVirtualServer': 'operator',
  'virtual-servers.deleteVirtualServer': 'operator',
  'virtual-servers.setVirtualServerEnabled': 'operator',
  'virtual-servers.cloneBlock': 'operator',
  'virtual-servers.moveBlock': 'operator',
  'virtual-servers.changeMany': 'operator',
  'virtual-servers.changeMatching': 'operator',
  'virtual-servers.createRealServer': 'operator',
  'virtual-servers.saveRealServer': 'operator',
  'virtual-servers.deleteRealServer': 'operator',
  'virtual-servers.setRealServerEnabled': 'operator',

  'revisions.loadReview': 'viewer',
  'revisions.listRevisions': 'viewer',
  'revisions.loadRevision': 'viewer',
  'revisions.planPush': 'viewer',
  'revisions.loadComparison': 'viewer',
  'revisions.listSerials': 'viewer',
  'revisions.compareRouter': 'viewer',
  'revisions.push': 'operator',
  'revisions.pushRevision': 'operator',
  'revisions.keep': 'operator',
  'revisions.rollBack': 'operator',
  'revisions.acknowledgeTrial': 'operator',
  'revisions.syncBackup': 'operator',
  'revisions.catchUp': 'operator',
  'revisions.discardDraft': 'operator',
  'revisions.restoreRevision': 'operator',
  'revisions.takeIn': 'operator',

  'live.loadLive': 'viewer',
  'live.loadOverview': 'viewer',

  'trail.loadTrail': 'operator',

  'users.needsSetup': 'public',
  'users.setupFirstAdministrator': 'public',
  'users.currentUserName': 'session',
  'users.changePassword': 'session',

  'GET /api/auth/[...nextauth]': 'public',
  'POST /api/auth/[...nextauth]': 'public',
  'GET /api/search': 'viewer',
  'GET /api/overview/live': 'viewer',
  'GET /api/clusters/[id]/live': 'viewer',
  'GET /api/clusters/[id]/lvs.cf': 'viewer',
  'GET /api/clusters/[id]/revisions/[serial]': 'viewer',
} as const satisfies Readonly<Record<string, Needs>>;

export type Permission = keyof typeof permissions;

/** Whether a user of that role may do it. */
export function mayDo(role: Role, permission: Permission): boolean {
  const needs: Needs = permissions[permission];
  return needs === 'public' || needs === 'session' || roles.indexOf(role) <= roles.indexOf(needs);
}

export const isRole = (text: string): text is Role => roles.some((role) => role === text);
