/** Settings that keepalived has nothing like: every row of the table of directives that the writer does not hold. */
import { directivesOf, type Scope } from '../../lvs/directives.ts';
import { isSame } from '../../lvs/same.ts';
import type { Page } from './page.ts';

const held: Readonly<Record<'global' | 'virtual' | 'server', ReadonlySet<string>>> = {
  global: new Set(
    `serialNumber serviceKind primaryAddress backupAddress backupEnabled keepaliveSeconds deadtimeSeconds
    keepaliveMilliseconds deadtimeMilliseconds forwarding natRouter natRouterNetmask natRouter6 natRouter6Prefix
    syncDaemon syncDaemonInterface syncDaemonId tcpTimeoutSeconds tcpFinTimeoutSeconds udpTimeoutSeconds monitorLinks
    preempt preemptDelaySeconds announceRefreshSeconds`.split(/\s+/),
  ),
  virtual: new Set(
    `enabled vip sorryServer vipNetmask firewallMark port persistenceSeconds persistenceNetmask send expect
    expectIsRegex sendProgram scheduler protocol checkSeconds reentrySeconds quiesce slowStartSeconds hashPort
    hashFallback onePacket addressFamily sorryPort quorum quorumHysteresis checkKind checkIntervalMilliseconds
    checkLimitMilliseconds fall rise checkPort checkSource httpMethod httpPath httpHost httpStatus httpBody
    httpBodyIsRegex tlsName dnsName dnsType dnsAnswer smtpHelo`.split(/\s+/),
  ),
  server: new Set(
    `address enabled port weight forwarding tunnelType tunnelPort tunnelChecksum upperThreshold lowerThreshold
    checkAddress checkPort`.split(/\s+/),
  ),
};

/** Lists what is set and has no place; `where` is "" at the top. */
export function leaveRest(
  scope: Exclude<Scope, 'failover'>,
  settings: object,
  where: string,
  page: Page,
): void {
  const values = settings as Readonly<Record<string, unknown>>;
  for (const { key, name, status, default: fallback } of directivesOf[scope]) {
    if (held[scope].has(key) || status === 'ignored' || isSame(values[key], fallback)) continue;
    page.leave(where === '' ? name : `${name} of ${where}`, 'not-in-keepalived', undefined);
  }
}
