/** What kind of thing an entry of the trail tells of. Pure. */

/** By the first part of the action's name in the table of permissions. */
const kinds: Readonly<Record<string, string>> = {
  users: 'account',
  draft: 'draft',
  settings: 'draft',
  'virtual-servers': 'draft',
  revisions: 'push',
  routers: 'router',
  clusters: 'cluster',
  import: 'import',
};

export const kindOf = (action: string): string => kinds[action.split('.')[0] ?? ''] ?? 'console';
