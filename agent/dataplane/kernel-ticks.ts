/**
 * /proc/net/ip_vs prints the time of persistence in ticks of the kernel's clock (ip_vs_info_seq_show in ip_vs_ctl.c of
 * Linux: svc->timeout, in jiffies), and no file says for sure how many make a second. A service whose time is known does.
 */
export interface KernelTicks {
  /**
   * Whether a time that the kernel prints is this one, in whole seconds. The first that is asked for tells how many
   * ticks a second has, if it can be that one.
   */
  fits(seconds: number, ticks: number): boolean;
  /** In seconds; null while it is not known how many ticks one has. */
  inSeconds(ticks: number): number | null;
  /** If the last time that was asked for did not fit, something else was taken for a second: the next one tells. */
  forget(): void;
}

export function createKernelTicks(perSecond: number | null = null): KernelTicks {
  let known = perSecond;
  let isDoubted = false;
  return {
    fits(seconds, ticks) {
      if (known === null && ticks > 0 && ticks % seconds === 0) known = ticks / seconds;
      isDoubted = known === null || ticks !== seconds * known;
      return !isDoubted;
    },
    inSeconds: (ticks) => (known === null ? null : ticks / known),
    forget() {
      if (isDoubted) known = null;
    },
  };
}
