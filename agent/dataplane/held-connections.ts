/**
 * New TCP connections to the VIPs are held back while requests in flight end: their first packets are dropped, and the
 * clients send them again, as a rule after 1 s. By a table of nftables of its own, which the kernel empties by itself:
 * an agent that is killed meanwhile leaves a router that lets everything through. In front of IPVS, on the way in; and
 * once the VIP is off, on the way through: while nobody has it, each router would pass it on to the other one until its
 * time to live ends, and a client that is told so gives its connection up.
 */
import { type Attempt, failure, success } from '../runtime/attempt.ts';
import type { Exec } from '../runtime/types.ts';
import { complaintOf } from './interfaces.ts';

/** A handover that waits for long for a program is no handover. */
const LIMIT_MS = 2000;
const TABLE = 'inet shoal_handover';
/** The address is this router's, or is not any more. */
const HOOKS = ['input', 'forward'] as const;
/** As nft prints it for a packet that opens a connection. */
const OPENS = 'tcp flags & (syn | ack) == syn';

/** Adding the table first lets the deletion succeed whether or not it is there. */
const CLEARED = [`add table ${TABLE}`, `delete table ${TABLE}`];

function rulesFor(family: 'ip' | 'ip6', vips: readonly string[], seconds: number): string[] {
  if (vips.length === 0) return [];
  const set = `${TABLE} ${family}_vips`;
  const elements = vips.map((vip) => `${vip} timeout ${seconds}s`).join(', ');
  return [
    `add set ${set} { type ${family === 'ip' ? 'ipv4_addr' : 'ipv6_addr'}; flags timeout; }`,
    `add element ${set} { ${elements} }`,
    ...HOOKS.map((hook) => `add rule ${TABLE} ${hook} ${family} daddr @${family}_vips ${OPENS} drop`),
  ];
}

/** Holds new connections to these addresses back, for so many seconds at most. */
export async function holdConnections(
  exec: Exec,
  vips: readonly string[],
  seconds: number,
): Promise<Attempt<null>> {
  const isIpv6 = (vip: string): boolean => vip.includes(':');
  const lines = [
    ...CLEARED,
    `add table ${TABLE}`,
    ...HOOKS.map(
      (hook) => `add chain ${TABLE} ${hook} { type filter hook ${hook} priority -150; policy accept; }`,
    ),
    ...rulesFor(
      'ip',
      vips.filter((vip) => !isIpv6(vip)),
      seconds,
    ),
    ...rulesFor('ip6', vips.filter(isIpv6), seconds),
  ];
  return runNft(exec, lines);
}

/** Lets everything through again. */
export const releaseConnections = (exec: Exec): Promise<Attempt<null>> => runNft(exec, CLEARED);

/** What an agent that was killed in the middle of it left; gives no command where there is nothing. */
export async function clearHeld(exec: Exec): Promise<Attempt<null>> {
  const listed = await exec(['nft', 'list', 'table', ...TABLE.split(' ')]);
  return listed.code === 0 ? releaseConnections(exec) : success(null);
}

async function runNft(exec: Exec, lines: readonly string[]): Promise<Attempt<null>> {
  const result = await exec(['nft', '-f', '-'], { stdin: `${lines.join('\n')}\n`, timeoutMs: LIMIT_MS });
  return result.code === 0 ? success(null) : failure(`nft: ${complaintOf(result)}`);
}
