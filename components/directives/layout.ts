/**
 * How a panel is laid out: in which groups its rows stand and which rows show only when another value asks for
 * them. The table of directives says everything else. A row that no group names stands in the last one.
 */
import type { FieldValues } from '#lib/console/contract.ts';
import type { Directive, Panel } from '#lib/lvs/directive.ts';
import { directivesOf, type Scope } from '#lib/lvs/directives.ts';

interface Group {
  readonly title: string;
  readonly keys: readonly string[];
}

const groupsOf: Readonly<Partial<Record<Panel, readonly Group[]>>> = {
  global: [
    { title: 'Primary router', keys: ['primaryAddress', 'primaryPrivateAddress'] },
    { title: 'Network', keys: ['forwarding', 'natRouter', 'natRouterNetmask'] },
    {
      title: 'Connection timeouts',
      keys: ['tcpTimeoutSeconds', 'tcpFinTimeoutSeconds', 'udpTimeoutSeconds'],
    },
  ],
  redundancy: [
    { title: 'Backup router', keys: ['backupEnabled', 'backupAddress', 'backupPrivateAddress'] },
    {
      title: 'Heartbeat',
      keys: [
        'keepaliveSeconds',
        'keepaliveMilliseconds',
        'deadtimeSeconds',
        'deadtimeMilliseconds',
        'heartbeatPort',
      ],
    },
    { title: 'Failover', keys: ['preempt', 'monitorLinks'] },
    { title: 'Connections', keys: ['syncDaemon', 'syncDaemonInterface', 'syncDaemonId'] },
  ],
  'virtual-server': [
    { title: 'Service', keys: ['enabled', 'vip', 'vipNetmask', 'port', 'protocol', 'firewallMark'] },
    {
      title: 'Distribution',
      keys: ['scheduler', 'persistenceSeconds', 'persistenceNetmask', 'sorryServer', 'loadMonitor'],
    },
    { title: 'Failure and return', keys: ['checkSeconds', 'reentrySeconds', 'slowStartSeconds', 'quiesce'] },
  ],
  'real-server': [{ title: 'Real server', keys: ['address', 'port', 'weight', 'enabled'] }],
  monitoring: [{ title: 'Check', keys: ['send', 'expect', 'expectIsRegex', 'sendProgram'] }],
};

const isOn = (key: string) => (values: FieldValues) => values[key] === '1';
const isNat = (values: FieldValues) => values.forwarding === 'nat';
const hasBackup = isOn('backupEnabled');
const hasSyncDaemon = (values: FieldValues) => hasBackup(values) && isOn('syncDaemon')(values);

/** A row that is not named here always shows. */
const showRules: Readonly<Record<string, (values: FieldValues) => boolean>> = {
  natRouter: isNat,
  natRouterNetmask: isNat,
  backupAddress: hasBackup,
  backupPrivateAddress: (values) => hasBackup(values) && (values.primaryPrivateAddress ?? '') !== '',
  keepaliveSeconds: hasBackup,
  keepaliveMilliseconds: hasBackup,
  deadtimeSeconds: hasBackup,
  deadtimeMilliseconds: hasBackup,
  heartbeatPort: hasBackup,
  preempt: hasBackup,
  monitorLinks: hasBackup,
  syncDaemon: hasBackup,
  syncDaemonInterface: hasSyncDaemon,
  syncDaemonId: hasSyncDaemon,
};

/** Keys that this file names, for the test that the table of directives has them. */
export const namedKeys = (): readonly string[] => [
  ...Object.values(groupsOf).flatMap((groups) => groups?.flatMap(({ keys }) => keys) ?? []),
  ...Object.keys(showRules),
];

export const isShown = (key: string, values: FieldValues): boolean => showRules[key]?.(values) ?? true;

export interface RowGroup {
  readonly title: string;
  readonly rows: readonly Directive[];
}

/** The rows of a panel, grouped, in the order of the groups. */
export function groupedRows(scope: Scope, panel: Panel): readonly RowGroup[] {
  const rows = directivesOf[scope].filter((directive) => directive.panel === panel);
  const groups = groupsOf[panel] ?? [{ title: '', keys: [] }];
  const named = new Set(groups.flatMap(({ keys }) => keys));
  const rest = rows.filter(({ key }) => !named.has(key));
  return groups.map(({ title, keys }, index) => ({
    title,
    rows: [
      ...keys.flatMap((key) => rows.filter((row) => row.key === key)),
      ...(index === groups.length - 1 ? rest : []),
    ],
  }));
}
