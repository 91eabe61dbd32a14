/** The router on one screen. Pure. */
import type { HealthStatus, RouterStatus, ServiceStatus } from '#lib/protocol/messages.ts';

const duration = (seconds: number): string => {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
};

const ago = (status: RouterStatus, since: string): string =>
  duration(Math.max(0, Math.round((Date.parse(status.at) - Date.parse(since)) / 1000)));

/** Columns as wide as their widest cell; the last one is not padded. */
function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return right.has(index) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function head(status: RouterStatus): string[] {
  const { config, peer } = status;
  const memory = `${Math.round(status.memoryBytes / 1024 / 1024)} MB`;
  const runs =
    config.serial === null
      ? 'none'
      : `serial ${config.serial}, ${config.hash?.slice(0, 12)}, applied ${config.appliedAt ?? 'before'}`;
  const heard = peer.lastHeardMsAgo === null ? '' : `, heard ${Math.round(peer.lastHeardMsAgo)} ms ago`;
  const links = peer.channels
    .map(({ name, twoWay }) => `${name} ${twoWay ? 'two-way' : 'not two-way'}`)
    .join(', ');
  return [
    ...columns([
      ['router', `${status.hostname} (${status.configuredAs ?? 'not in the configuration'})`],
      ['role', `${status.role} for ${ago(status, status.roleSince)}: ${status.roleReason}`],
      [
        'partner',
        peer.state === 'none'
          ? 'none'
          : `${peer.state}${peer.role === null ? '' : `, ${peer.role}`}${heard}${links === '' ? '' : `; ${links}`}${peer.authenticated ? '' : '; not authenticated'}`,
      ],
      ['configuration', runs],
      ['VIPs', status.addresses.length === 0 ? 'none on this router' : status.addresses.join(', ')],
      ['agent', `${status.version}, up ${duration(status.uptimeSeconds)}, ${memory}`],
    ]),
    ...(config.confirmSecondsLeft === null
      ? []
      : [`ON TRIAL: returns in ${config.confirmSecondsLeft} s unless confirmed (shoalctl confirm)`]),
    ...(config.fileHash === config.hash
      ? []
      : ['The file on disk differs from what runs (shoalctl reload takes it in)']),
  ];
}

function table(services: readonly ServiceStatus[]): string[] {
  if (services.length === 0) return ['  no services'];
  const rows = services.flatMap((service) => [
    [
      service.service,
      service.scheduler,
      '',
      '',
      '',
      `${service.persistence === null ? '' : `persistent ${service.persistence} s`}${service.owned ? '' : ' not ours'}`.trim(),
    ],
    ...service.destinations.map((item) => [
      `  ${item.address.includes(':') ? `[${item.address}]` : item.address}:${item.port}`,
      item.forwarding,
      String(item.weight),
      String(item.activeConnections),
      String(item.inactiveConnections),
      '',
    ]),
  ]);
  return columns([['service', '', 'weight', 'active', 'inactive', ''], ...rows], new Set([2, 3, 4])).map(
    (line) => `  ${line}`,
  );
}

const health = (status: RouterStatus, servers: readonly HealthStatus[]): string[] =>
  servers.length === 0
    ? ['  no real servers']
    : columns(
        servers.map((server) => [
          `  ${server.virtualServer}`,
          server.realServer,
          `${server.address}:${server.port}`,
          server.state,
          server.weight === null ? 'out' : `weight ${server.weight}`,
          server.since === null ? '' : `for ${ago(status, server.since)}`,
          server.evidence,
        ]),
      );

export function statusText(status: RouterStatus): string {
  return [
    ...head(status),
    '',
    'routing table',
    ...table(status.services),
    '',
    'real servers',
    ...health(status, status.health),
    ...(status.problems.length === 0
      ? []
      : ['', 'problems', ...status.problems.map((problem) => `  ! ${problem}`)]),
  ].join('\n');
}
