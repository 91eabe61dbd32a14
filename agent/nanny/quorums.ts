/** Which virtual servers have lost their quorum, over checks and configurations. */
import type { Log } from '#agent/runtime/types.ts';
import type { ClusterConfig, VirtualServer } from '#lib/lvs/model.ts';
import type { Member } from './member.ts';
import { hasQuorum, isQuorumAsked } from './quorum.ts';
import type { Roster } from './roster.ts';

export interface Quorums {
  follow(config: ClusterConfig): void;
  /** Looks at the real servers again; true when a quorum was lost or is back. */
  look(): boolean;
  /** Whether the real servers of the virtual server at this position have to leave the table to the sorry server. */
  isLost(virtualIndex: number): boolean;
}

const upWeight = (members: readonly Member[]): number =>
  members.reduce((sum, { isUp, worth }) => (isUp ? sum + worth : sum), 0);

export function createQuorums(roster: Pick<Roster, 'of'>, log: Log): Quorums {
  /** By position; most virtual servers ask for none. */
  let asked = new Map<number, VirtualServer>();
  /** By name, so that it outlives a configuration. */
  const known = new Map<string, boolean>();
  return {
    follow({ virtualServers }) {
      asked = new Map(
        [...virtualServers.entries()].filter(([, virtual]) => virtual.enabled && isQuorumAsked(virtual)),
      );
    },
    look() {
      let changed = false;
      for (const [index, virtual] of asked) {
        const members = roster.of(index);
        const before = known.get(virtual.name) ?? null;
        // Before the first checks nobody is up, which says nothing.
        if (before === null && members.some((member) => member.status().state === 'unknown')) continue;
        const weight = upWeight(members);
        const now = hasQuorum(weight, virtual, before);
        known.set(virtual.name, now);
        if (before === now || (before === null && now)) continue;
        changed = true;
        const of = `${weight} of ${virtual.quorum}`;
        if (now) log.event('info', 'quorum-back', `${virtual.name} has its quorum again (weight ${of})`);
        else
          log.event(
            'warning',
            'quorum-lost',
            `${virtual.name} has lost its quorum (weight ${of}): the sorry server takes its traffic`,
          );
      }
      return changed;
    },
    isLost(virtualIndex) {
      const virtual = asked.get(virtualIndex);
      return virtual !== undefined && known.get(virtual.name) === false;
    },
  };
}
