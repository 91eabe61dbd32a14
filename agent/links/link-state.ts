/** Whether an interface carries anything, from what /sys/class/net says of it. Pure. */

export interface LinkFacts {
  readonly device: string;
  /** False: there is no such interface. */
  readonly exists: boolean;
  /** `operstate` and `carrier` as they stand in the files; null when they cannot be read. */
  readonly operstate: string | null;
  readonly carrier: string | null;
}

/**
 * Why nothing passes, in a sentence; null when something does. A bond, a bridge and a vlan say it of themselves: up
 * while one of their members is, `lowerlayerdown` with what they stand on. A kind without states (tun, dummy) says
 * `unknown` and counts by its carrier.
 */
export function linkProblem({ device, exists, operstate, carrier }: LinkFacts): string | null {
  if (!exists) return `The interface ${device} is gone`;
  switch (operstate?.trim()) {
    case 'down':
      // The carrier of an interface that is switched off cannot be read.
      return carrier === null
        ? `The interface ${device} is switched off; switch it on with: ip link set ${device} up`
        : `The link of ${device} is down: check its cable and its switch port`;
    case 'lowerlayerdown':
      return `The link under ${device} is down: check the interface that it stands on`;
    case 'dormant':
      return `The link of ${device} waits for its switch to let it in (dormant)`;
    case 'notpresent':
    case 'testing':
      return `The interface ${device} cannot be used now (${operstate.trim()})`;
    default:
      return carrier?.trim() === '0' ? `The link of ${device} has no carrier` : null;
  }
}
