/**
 * In Shoal one check belongs to a virtual server; in keepalived each real server has its own, and all of them must
 * pass. The commonest is carried over, the others are listed.
 */
import type { ServerSettings, VirtualSettings } from '../../lvs/directives.ts';
import type { Findings } from '../findings.ts';
import { commonest } from '../shape.ts';
import type { ReadCheck } from './checks.ts';
import type { ReadServer } from './servers.ts';
import { effectiveTiming, timingSettings } from './timing.ts';
import type { Given } from './values.ts';

/** Two checks with one key ask the same; where they connect to belongs to the real server. */
const keyOf = ({ settings, timing }: ReadCheck): string =>
  JSON.stringify([
    Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    effectiveTiming(timing, settings.checkKind),
  ]);

export interface ChosenCheck {
  readonly settings: Partial<VirtualSettings>;
  /** Where the check stands in the text; null when there is none. */
  readonly check: ReadCheck | null;
  readonly ofServer: ReadonlyMap<ReadServer, Pick<ServerSettings, 'checkAddress' | 'checkPort'>>;
}

/** The port that all checked servers share goes to the virtual server. */
function portsOf(chosen: ReadonlyMap<ReadServer, ReadCheck>): number | null {
  const ports = [...chosen].map(([server, { port }]) =>
    isOwnPort(server, port) ? null : (port?.value ?? null),
  );
  return ports.every((port) => port === ports[0]) ? (ports[0] ?? null) : null;
}

const isOwnPort = (server: ReadServer, port: Given<number> | null): boolean =>
  port !== null && server.port !== null && port.value === server.port.value;

function leaveOthers(server: ReadServer, chosen: ReadCheck, key: string, findings: Findings): void {
  if (server.checks.length === 0)
    findings.leave(server.at.line, server.where, 'check-added', { check: chosen.words.split(' ')[0] ?? '' });
  let hasChosen = false;
  for (const check of server.checks) {
    const isChosen: boolean = !hasChosen && keyOf(check) === key;
    hasChosen ||= isChosen;
    if (!isChosen) findings.leave(check.at.line, check.words, 'other-check', undefined);
  }
}

/** keepalived repeats a failed check after its own delay; Shoal at the next interval. */
function remarkOnRetries({ timing, settings, words, at }: ReadCheck, findings: Findings): void {
  const { interval, retries, retryDelay } = effectiveTiming(timing, settings.checkKind);
  if (retries === 0 || retryDelay === interval) return;
  const line = (timing.retryDelay ?? timing.retries)?.at.line ?? at.line;
  findings.leave(line, `delay_before_retry of ${words}`, 'retry-delay', {
    before: (interval + retries * retryDelay) / 1000,
    after: (interval * (retries + 1)) / 1000,
  });
}

export function chooseCheck(servers: readonly ReadServer[], findings: Findings): ChosenCheck {
  const perServer = servers.flatMap(({ checks }) => [
    ...new Map(checks.map((check) => [keyOf(check), check])).values(),
  ]);
  const best = commonest(perServer, keyOf);
  if (best === undefined)
    return { settings: { checkKind: 'none', slowStartSeconds: 0 }, check: null, ofServer: new Map() };
  const key = keyOf(best);
  const chosen = new Map<ReadServer, ReadCheck>();
  for (const server of servers) {
    const own = server.checks.find((check) => keyOf(check) === key);
    if (own !== undefined) chosen.set(server, own);
    leaveOthers(server, best, key, findings);
  }
  remarkOnRetries(best, findings);
  const checkPort = portsOf(chosen);
  return {
    check: best,
    settings: { ...best.settings, ...timingSettings(best.timing, best.settings.checkKind), checkPort },
    ofServer: new Map(
      [...chosen].map(([server, { address, port }]) => [
        server,
        {
          checkAddress: address === null || address.value === server.address.value ? null : address.value,
          checkPort: checkPort !== null || isOwnPort(server, port) ? null : (port?.value ?? null),
        },
      ]),
    ),
  };
}
