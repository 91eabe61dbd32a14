/**
 * Quorum of a virtual server, as keepalived has it: the weights of the real servers that are up, configured or fixed by
 * an administrator, must add up to `quorum`; one that is drained or disabled counts for nothing. Once lost it returns at quorum + hysteresis, and once there it is lost below quorum - hysteresis, so
 * that a server that comes and goes does not swing the service. Pure.
 */
import type { VirtualServer } from '#lib/lvs/model.ts';

export type QuorumSettings = Pick<VirtualServer, 'quorum' | 'quorumHysteresis' | 'sorryServer'>;

/** Without a sorry server nobody else can serve, and a quorum of 1 is what every service has anyway. */
export const isQuorumAsked = ({ quorum, sorryServer }: QuorumSettings): boolean =>
  quorum > 1 && sorryServer !== null;

/** Whether there is a quorum now; `before` is whether there was, null when nothing is known yet. */
export function hasQuorum(upWeight: number, settings: QuorumSettings, before: boolean | null): boolean {
  const { quorum, quorumHysteresis } = settings;
  if (before === true) return upWeight >= Math.max(1, quorum - quorumHysteresis);
  return upWeight >= (before === null ? quorum : quorum + quorumHysteresis);
}
