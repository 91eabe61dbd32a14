/**
 * Rules that give packets to a VIP the firewall mark of its virtual server (`#@ mark_ports`), in a table of the
 * agent's own: nothing of the administrator's firewall is read or touched. One transaction replaces the table.
 */
import { readMarkPorts } from '#lib/lvs/mark-ports.ts';
import type { ClusterConfig, VirtualServer } from '#lib/lvs/model.ts';
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Exec } from '../runtime/types.ts';
import { complaintOf } from './interfaces.ts';

const TABLE = 'inet shoal';

/** The rules that the configuration asks for, in its order; empty when it asks for none. */
export function markRules(config: ClusterConfig): string[] {
  if (config.global.serviceKind !== 'lvs') return [];
  return [...new Set(config.virtualServers.filter(({ enabled }) => enabled).flatMap(rulesOf))];
}

function rulesOf({ vip, firewallMark, markPorts }: VirtualServer): string[] {
  const address = vip?.address ?? null;
  if (markPorts === null || address === null || firewallMark === 0) return [];
  const family = address.includes(':') ? 'ip6' : 'ip';
  return markPorts.flatMap((item) => {
    const ports = readMarkPorts(item);
    if (ports === null) return [];
    const { protocol, first, last } = ports;
    const range = first === last ? `${first}` : `${first}-${last}`;
    return [`${family} daddr ${address} ${protocol} dport ${range} meta mark set ${firewallMark}`];
  });
}

/** Adding the table first lets the deletion succeed whether or not it is there; nobody sees the state in between. */
const transaction = (rules: readonly string[]): string =>
  [
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    ...(rules.length === 0
      ? []
      : [
          `add table ${TABLE}`,
          `add chain ${TABLE} prerouting { type filter hook prerouting priority -150; policy accept; }`,
          ...rules.map((rule) => `add rule ${TABLE} prerouting ${rule}`),
        ]),
    '',
  ].join('\n');

/** The table as nft lists it; null when it is not there. */
export async function listMarkRules(exec: Exec): Promise<string | null> {
  const listed = await exec(['nft', 'list', 'table', ...TABLE.split(' ')]);
  return listed.code === 0 ? listed.stdout : null;
}

/** Replaces the table, or removes it when there are no rules. Returns how nft lists it from now on. */
export async function setMarkRules(exec: Exec, rules: readonly string[]): Promise<Attempt<string | null>> {
  const result = await exec(['nft', '-f', '-'], { stdin: transaction(rules) });
  if (result.code !== 0)
    return failure(`The rules for firewall marks cannot be set: nft: ${complaintOf(result)}`);
  return success(rules.length === 0 ? null : await listMarkRules(exec));
}
