/** ARP as seen on the wire, and what it says about the owner of an address. Pure. */

export interface Claim {
  /** Seconds, as tcpdump -tt prints them. */
  readonly at: number;
  readonly ip: string;
  readonly mac: string;
  /** Told to everybody without having been asked: gratuitous ARP. */
  readonly announced: boolean;
}

/**
 * The claim in one line of `tcpdump -tt -e -n arp`: a reply claims its address for its sender, and so does a
 * request for one's own address (gratuitous ARP). Other lines claim nothing that counts.
 */
export function parseClaim(line: string): Claim | null {
  const head = /^(\d+\.\d+) ([0-9a-f:]{17}) > ([0-9a-f:]{17}),/.exec(line);
  if (!head) return null;
  const at = Number(head[1]);
  const announced = head[3] === 'ff:ff:ff:ff:ff:ff';
  const reply = /Reply ([\d.]+) is-at ([0-9a-f:]{17})/.exec(line);
  if (reply) return { at, ip: reply[1] ?? '', mac: reply[2] ?? '', announced };
  const request = /Request who-has ([\d.]+)(?: \([^)]*\))? tell ([\d.]+)/.exec(line);
  if (!request || request[1] !== request[2]) return null;
  return { at, ip: request[1] ?? '', mac: head[2] ?? '', announced };
}

export interface Overlap {
  /** How long an earlier owner still claimed the address after a later owner's first claim, in ms. */
  readonly ms: number;
  readonly before: string;
  readonly after: string;
}

/**
 * Longest time for which two machines claimed one address, over all changes of owner. Ownership passes to the
 * machine that claims newly; a claim by the one before is overlap until the address really passes back, which
 * is when the other one falls silent for good or `quietMs` long: its next claim then begins an ownership of its own.
 */
export function longestOverlap(claims: readonly Claim[], ip: string, quietMs = 2000): Overlap | null {
  const mine = claims.filter((claim) => claim.ip === ip).sort((a, b) => a.at - b.at);
  const fresh = new Set(mine.filter((claim, index) => isFresh(mine.slice(0, index), claim, quietMs)));
  let worst: Overlap | null = null;
  for (const start of fresh) {
    if (!mine.some((other) => other.mac !== start.mac && other.at < start.at)) continue;
    const others = mine.filter((claim) => claim.mac !== start.mac && claim.at >= start.at);
    let end = start.at;
    let before = '';
    for (const claim of others) {
      if ((claim.at - end) * 1000 > quietMs || fresh.has(claim)) break;
      end = claim.at;
      before = claim.mac;
    }
    const ms = Math.round((end - start.at) * 1000);
    if (before !== '' && (worst === null || ms > worst.ms)) worst = { ms, before, after: start.mac };
  }
  return worst;
}

/** Whether the machine was silent for `quietMs` before this claim, or had not claimed at all. */
function isFresh(earlier: readonly Claim[], claim: Claim, quietMs: number): boolean {
  const last = earlier.findLast(({ mac }) => mac === claim.mac);
  return last === undefined || (claim.at - last.at) * 1000 > quietMs;
}
