/**
 * How a panel is laid out: in which groups its rows stand and which rows show only when another value asks for
 * them. The table of directives says everything else. A row that no group names stands with the row that it shows
 * beside, or in the last group.
 */
import type { FieldValues } from '#lib/console/contract.ts';
import type { Directive, Panel } from '#lib/lvs/directive.ts';
import { directivesOf, type Scope } from '#lib/lvs/directives.ts';

interface Group {
  readonly title: string;
  readonly keys: readonly string[];
  /** What few people set: closed while all of its values are the defaults. */
  readonly folded?: true;
}

const groupsOf: Readonly<Partial<Record<Panel, readonly Group[]>>> = {
  global: [
    { title: 'Primary router', keys: ['primaryAddress', 'primaryPrivateAddress'] },
    {
      title: 'Network',
      keys: ['forwarding', 'natRouter', 'natRouterNetmask', 'natRouter6', 'natRouter6Prefix'],
    },
    {
      title: 'Connection timeouts',
      keys: ['tcpTimeoutSeconds', 'tcpFinTimeoutSeconds', 'udpTimeoutSeconds'],
    },
    { title: 'More', folded: true, keys: ['foreignServices'] },
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
    {
      title: 'Failover',
      keys: [
        'preempt',
        'preemptDelaySeconds',
        'monitorLinks',
        'gatewayAddress',
        'holdDownSeconds',
        'announceRefreshSeconds',
      ],
    },
    { title: 'Connections', keys: ['syncDaemon', 'syncDaemonInterface', 'syncDaemonId'] },
  ],
  'virtual-server': [
    { title: 'Service', keys: ['enabled', 'vip', 'vipNetmask', 'port', 'protocol', 'firewallMark'] },
    {
      title: 'Distribution',
      keys: ['scheduler', 'persistenceSeconds', 'persistenceNetmask', 'sorryServer', 'loadMonitor'],
    },
    { title: 'Failure and return', keys: ['checkSeconds', 'reentrySeconds', 'slowStartSeconds', 'quiesce'] },
    {
      title: 'More',
      folded: true,
      keys: ['hashPort', 'hashFallback', 'onePacket', 'sorryPort', 'quorum', 'quorumHysteresis'],
    },
  ],
  'real-server': [
    { title: 'Real server', keys: ['address', 'port', 'weight', 'enabled'] },
    {
      title: 'More',
      folded: true,
      keys: ['forwarding', 'tunnelType', 'tunnelPort', 'tunnelChecksum', 'upperThreshold', 'lowerThreshold'],
    },
  ],
  monitoring: [
    { title: 'Check', keys: ['checkKind', 'send', 'expect', 'expectIsRegex', 'sendProgram'] },
    {
      title: 'More',
      folded: true,
      keys: [
        'checkIntervalMilliseconds',
        'checkLimitMilliseconds',
        'fall',
        'rise',
        'checkPort',
        'checkSource',
      ],
    },
  ],
  failover: [{ title: 'Commands', keys: ['startCommand', 'stopCommand'] }],
};

/** What a failover service has of a virtual server: it balances nothing. */
const failoverGroups: readonly Group[] = [
  { title: 'Service', keys: ['enabled', 'vip', 'vipNetmask', 'port', 'protocol'] },
  { title: 'Failure', keys: ['checkSeconds'] },
];

const isOn = (key: string) => (values: FieldValues) => values[key] === '1';
const isNat = (values: FieldValues) => values.forwarding === 'nat';
const hasBackup = isOn('backupEnabled');
const hasSyncDaemon = (values: FieldValues) => hasBackup(values) && isOn('syncDaemon')(values);

/** Rows that show only beside certain values of another row, as their own rows say. */
const onlyOf = new Map(
  Object.values(directivesOf).flatMap((rows) =>
    rows.flatMap(({ key, only }) => (only ? [[key, only] as const] : [])),
  ),
);

/** What a field holds while its value is `value`. */
const fieldText = (value: unknown): string =>
  value === true ? '1' : value === false ? '' : String(value ?? '');

/** A row that is not named here always shows, unless its own row says `only`. */
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
  preemptDelaySeconds: hasBackup,
  monitorLinks: hasBackup,
  gatewayAddress: hasBackup,
  holdDownSeconds: hasBackup,
  announceRefreshSeconds: hasBackup,
  syncDaemon: hasBackup,
  syncDaemonInterface: hasSyncDaemon,
  syncDaemonId: hasSyncDaemon,
};

/** Keys that this file names, for the test that the table of directives has them. */
export const namedKeys = (): readonly string[] => [
  ...Object.values(groupsOf).flatMap((groups) => groups?.flatMap(({ keys }) => keys) ?? []),
  ...Object.keys(showRules),
];

export function isShown(key: string, values: FieldValues): boolean {
  const only = onlyOf.get(key);
  const fits = only?.among.some((value) => fieldText(value) === (values[only.key] ?? '')) ?? true;
  return fits && (showRules[key]?.(values) ?? true);
}

export interface RowGroup {
  readonly title: string;
  readonly rows: readonly Directive[];
  readonly folded: boolean;
}

/** Whether a group has something to say: a value that is not the default. */
export const hasOwnValue = ({ rows }: RowGroup, values: FieldValues): boolean =>
  rows.some(
    ({ key, kind, default: absent }) =>
      isShown(key, values) && values[key] !== undefined && values[key] !== kind.toField(absent),
  );

/** The rows of a panel, grouped, in the order of the groups. */
export function groupedRows(scope: Scope, panel: Panel): readonly RowGroup[] {
  const isFailover = scope === 'failover' && panel === 'virtual-server';
  const groups = isFailover ? failoverGroups : (groupsOf[panel] ?? [{ title: '', keys: [] }]);
  const named = new Set(groups.flatMap(({ keys }) => keys));
  const rows = directivesOf[scope].filter(
    (directive) => directive.panel === panel && (!isFailover || named.has(directive.key)),
  );
  const rest = rows.filter(({ key }) => !named.has(key));
  const homeOf = ({ only }: Directive): number => {
    const beside = groups.findIndex(({ keys }) => only !== undefined && keys.includes(only.key));
    return beside === -1 ? groups.length - 1 : beside;
  };
  return groups.map(({ title, keys, folded = false }, index) => ({
    title,
    folded,
    rows: [
      ...keys.flatMap((key) => rows.filter((row) => row.key === key)),
      ...rest.filter((row) => homeOf(row) === index),
    ],
  }));
}
