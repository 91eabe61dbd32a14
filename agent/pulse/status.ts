/** The machine's state in the words of the protocol, for `shoalctl status` and the console. */
import type { PulseStatus, Role } from './contract.ts';
import type { WireState } from './heartbeat.ts';
import { deadtimeMs, isPaired, isPrimary, isReady, partner } from './rules.ts';
import { heardChannels } from './session.ts';
import type { MachineState } from './state.ts';

/** While addresses are being put on, nobody is served yet; while they are being taken off, somebody still is. */
export function roleOf(state: WireState): Role {
  switch (state) {
    case 'acquiring':
      return 'standby';
    case 'releasing':
      return 'active';
    default:
      return state;
  }
}

/** `rejected`: datagrams that never reached the machine, by reason. */
export function describePeer(
  state: MachineState,
  now: number,
  rejected: Readonly<Record<string, number>>,
): PulseStatus['peer'] {
  const heard = partner(state);
  const windowMs = deadtimeMs(state);
  const hearing = heardChannels(state.link, now, windowMs);
  return {
    state: peerState(state),
    role: heard === null ? null : roleOf(heard.state),
    lastHeardMsAgo: state.lastFreshAt === null ? null : Math.round(now - state.lastFreshAt),
    serial: heard?.serial ?? null,
    configHash: heard?.configHash ?? null,
    channels: (state.config?.channels ?? []).map(({ name }) => ({
      name,
      twoWay: isPaired(state) && hearing.includes(name) && heard?.hears.includes(name) === true,
    })),
    authenticated: isPaired(state),
    rejected: { ...state.rejected, ...rejected },
  };
}

/** Why it is in its role, with what an administrator would ask next. */
export function describeReason(state: MachineState): string {
  const remarks = [state.role.reason];
  if (state.fault !== null && state.fault !== state.role.reason) remarks.push(`fault: ${state.fault}`);
  if (state.role.name === 'active' && state.role.isPinned) {
    remarks.push('by a switchover, so the primary does not take the service back by itself');
  }
  const other = partner(state);
  if (state.role.name === 'standby' && isPrimary(state) && isReady(state) && other?.state === 'active') {
    if (other.flags.pinned)
      remarks.push('no preemption after a switchover, until the backup fails or another switchover');
    else if (state.config?.preempt === false) remarks.push('no preemption: preempt = 0');
  }
  if (isPaired(state) && !state.canHear) {
    remarks.push('no heartbeat channel could be opened: are the addresses of this router on its interfaces?');
  }
  if (state.isHeldByOneWay) remarks.push('one-way link: the partner serves but does not hear this router');
  if (state.config?.hasBackup && !state.hasKey) remarks.push('no cluster key: the partner is not known');
  return remarks.join('; ');
}

function peerState(state: MachineState): PulseStatus['peer']['state'] {
  if (state.config?.hasBackup !== true) return 'none';
  if (state.aliveSince !== null) return 'alive';
  return state.lastFreshAt === null ? 'never-heard' : 'silent';
}
