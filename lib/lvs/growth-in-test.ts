/** Milliseconds of processor time of this process: what else the machine does is no matter. */
function costOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Whether the large work takes at most `factor` times the small one, or times `floorMs` where that is nothing to
 * measure by. Both are tried in turn, the cheapest of each counts: a machine that gets slower meanwhile is no fault.
 */
export function growsAtMost(
  factor: number,
  { small, large, floorMs }: { small: () => void; large: () => void; floorMs: number },
): boolean {
  const cheapest = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 5; round += 1) {
    cheapest.small = Math.min(cheapest.small, costOf(small));
    cheapest.large = Math.min(cheapest.large, costOf(large));
    if (cheapest.large < factor * Math.max(cheapest.small, floorMs)) return true;
  }
  return false;
}
