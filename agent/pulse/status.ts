/** The machine's state in the words of the protocol, for `shoalctl status` and the console. */
import type { PulseStatus, Role } from './contract.ts';
import type { WireState } from './heartbeat.ts';
import type { PlainLink } from './plain-link.ts';
import { deadtimeMs, isPaired, isPlain, isPrimary, isReady, isSigned, partner } from './rules.ts';
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
  if (isPlain(state)) return describePlainPeer(state, now, rejected);
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
    authenticated: isSigned(state),
    rejected: { ...state.rejected, ...rejected },
  };
}

/** Piranha's heartbeat says whether its sender serves, and nothing else; which way the link works it cannot tell. */
function describePlainPeer(
  state: MachineState,
  now: number,
  rejected: Readonly<Record<string, number>>,
): PulseStatus['peer'] {
  const isRecent = (at: number | null) => at !== null && now - at <= deadtimeMs(state);
  return {
    state: peerState(state),
    role: state.aliveSince === null ? null : plainRole(state.plain),
    lastHeardMsAgo: state.lastFreshAt === null ? null : Math.round(now - state.lastFreshAt),
    serial: null,
    configHash: null,
    channels: (state.config?.channels ?? []).map(({ name }) => ({
      name,
      twoWay: isRecent(state.plain.heard[name]),
    })),
    authenticated: false,
    rejected: { ...state.rejected, ...rejected },
  };
}

function plainRole({ word }: PlainLink): Role | null {
  switch (word) {
    case 'running':
      return 'active';
    case 'stopped':
      return 'standby';
    default:
      return null;
  }
}

const PLAIN_PROBLEM =
  "There is no cluster key, so this router speaks Piranha's unsigned heartbeat: anybody on the network can imitate " +
  'the partner; when both routers run Shoal, give both the cluster key from the console';
const UNCHECKED_PROBLEM =
  'The partner signs its heartbeats and this router has no cluster key to check them with: it does not take over ' +
  'while it hears them; give it the cluster key from the console';
const KEYLESS_PARTNER_PROBLEM =
  "The partner speaks Piranha's unsigned heartbeat, which does not count here because this router has a cluster " +
  'key: a Piranha there hears nothing from here and may serve too; replace it, or give the partner the key';

/** What is wrong with the pair's heartbeats. */
export function describeProblems(state: MachineState, now: number): string[] {
  const hearsWords = now - state.plain.heardAt <= deadtimeMs(state);
  if (isPlain(state)) return hearsWords && state.plain.isUnchecked ? [UNCHECKED_PROBLEM] : [PLAIN_PROBLEM];
  return isSigned(state) && hearsWords && state.aliveSince === null ? [KEYLESS_PARTNER_PROBLEM] : [];
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
  if (isPlain(state) && state.role.name === 'standby' && isPrimary(state) && state.plain.word === 'running') {
    remarks.push("no preemption: Piranha's heartbeat has no word for it");
  }
  return remarks.join('; ');
}

function peerState(state: MachineState): PulseStatus['peer']['state'] {
  if (state.config?.hasBackup !== true) return 'none';
  if (state.aliveSince !== null) return 'alive';
  return state.lastFreshAt === null ? 'never-heard' : 'silent';
}
