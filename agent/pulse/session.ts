/**
 * Which heartbeats count. A heartbeat proves that its sender is alive now by echoing my session nonce and a
 * sequence number that I sent within the dead time: nobody who only recorded the wire can do that, and no clock but
 * my own monotonic one is asked. Sequence numbers must rise on each channel, so nothing counts twice. Who keeps a
 * heartbeat from arriving and sends it within the dead time has delayed it: it holds back for one dead time more.
 *
 * A sender that does not echo me freshly does not hear me: the link is one-way. From a session that proved itself
 * before, such a heartbeat is still known to be new (`heard`): it may hold a router back, never let it act. From an
 * unknown session it only teaches the nonce to echo (`taught`).
 */
import type { ChannelName, Heartbeat, RouterRole, SessionNonce } from './heartbeat.ts';
import { channelNames, noSession } from './heartbeat.ts';

export type SessionFault =
  | 'own-reflection'
  | 'same-role'
  | 'wrong-channel'
  | 'replay'
  | 'wrong-nonce'
  | 'stale-echo';

/** Lower bounds of when sequence numbers were sent: those from `from` on were sent at `at` or later. */
export type SentMarks = readonly { readonly from: number; readonly at: number }[];

interface ChannelHeard {
  /** Highest sequence number; 0 = none. */
  readonly sequence: number;
  readonly at: number | null;
}
type Heard = Readonly<Record<ChannelName, ChannelHeard>>;

interface Session {
  readonly session: SessionNonce;
  readonly heard: Heard;
  readonly heardAt: number;
  /** The newest heartbeat by sequence number. */
  readonly newest: Heartbeat;
}

export interface PeerLink {
  /** The session that proved itself last. */
  readonly proven: Session | null;
  /** A session that has not echoed me yet: a restarted partner, or a recording. */
  readonly candidate: Session | null;
  readonly retired: readonly SessionNonce[];
}

export const emptyLink: PeerLink = { proven: null, candidate: null, retired: [] };

/** More restarts than this within one dead time do not happen; older sessions fail by their echo. */
const RETIRED_MOST = 16;

export interface LinkContext {
  readonly mySession: SessionNonce;
  readonly myRole: RouterRole;
  readonly channel: ChannelName;
  readonly sent: SentMarks;
  readonly nextSequence: number;
  /** How old the echoed number may be, in ms. */
  readonly windowMs: number;
  readonly now: number;
}

export type Verdict = 'accepted' | 'heard' | 'taught' | SessionFault;

export interface Received {
  readonly link: PeerLink;
  readonly verdict: Verdict;
  /** True when this heartbeat proved a new session of a partner that had another before. */
  readonly restarted: boolean;
}

/** Judges an authentic heartbeat and remembers what it taught. */
export function receiveHeartbeat(link: PeerLink, context: LinkContext, heartbeat: Heartbeat): Received {
  const stays = (verdict: Verdict): Received => ({ link, verdict, restarted: false });
  if (heartbeat.session === context.mySession) return stays('own-reflection');
  if (heartbeat.role === context.myRole) return stays('same-role');
  if (heartbeat.channel !== context.channel) return stays('wrong-channel');
  if (heartbeat.session === noSession) return stays('wrong-nonce');
  if (link.retired.includes(heartbeat.session)) return stays('replay');
  const known = knownAs(link, heartbeat.session);
  if (known !== null && heartbeat.sequence <= known.heard[context.channel].sequence) return stays('replay');
  if (heartbeat.sequence === 0) return stays('replay');

  const echo = judgeEcho(context, heartbeat);
  const session = noteHeard(known, context, heartbeat);
  if (echo === 'fresh')
    return isBefore(link.proven, context, heartbeat) ? stays('replay') : prove(link, session);
  if (known !== null && known === link.proven) {
    if (echo === 'wrong-nonce') return stays('wrong-nonce');
    return { link: { ...link, proven: session }, verdict: 'heard', restarted: false };
  }
  const verdict = echo === 'none' ? 'taught' : echo;
  return { link: { ...link, candidate: session }, verdict, restarted: false };
}

function knownAs({ proven, candidate }: PeerLink, session: SessionNonce): Session | null {
  if (proven?.session === session) return proven;
  return candidate?.session === session ? candidate : null;
}

/**
 * A session that ended before the proven one began can still come late: it has heard no heartbeat of mine that the
 * proven one had not. Taken for a restart, it would make the living session one that does not count any more.
 */
function isBefore(proven: Session | null, { mySession }: LinkContext, heartbeat: Heartbeat): boolean {
  if (proven === null || proven.session === heartbeat.session) return false;
  const { echoSession, echoSequence } = proven.newest;
  return echoSession === mySession && heartbeat.echoSequence <= echoSequence;
}

/** What to echo: the proven session while it is heard, else one that might become it. */
export function echoOf(
  link: PeerLink,
  now: number,
  windowMs: number,
): { session: SessionNonce; sequence: number } {
  const recent = (session: Session | null) => session !== null && now - session.heardAt <= windowMs;
  const chosen = recent(link.proven) || !recent(link.candidate) ? link.proven : link.candidate;
  if (chosen === null) return { session: noSession, sequence: 0 };
  return { session: chosen.session, sequence: chosen.newest.sequence };
}

/** Channels on which the proven session was heard within the window. */
export function heardChannels(link: PeerLink, now: number, windowMs: number): ChannelName[] {
  const source = link.proven ?? link.candidate;
  if (source === null) return [];
  return channelNames.filter((name) => {
    const at = source.heard[name].at;
    return at !== null && now - at <= windowMs;
  });
}

/** Adds a mark for numbers from `sequence` on; drops what is out of the window. At most about 70 marks. */
export function markSent(marks: SentMarks, sequence: number, now: number, windowMs: number): SentMarks {
  const last = marks.at(-1);
  if (last !== undefined && now - last.at < windowMs / 64) return marks;
  const firstKept = marks.findIndex((mark) => now - mark.at <= windowMs);
  const kept = firstKept === -1 ? [] : marks.slice(firstKept);
  return [...kept, { from: sequence, at: now }];
}

function judgeEcho(
  context: LinkContext,
  heartbeat: Heartbeat,
): 'fresh' | 'none' | 'wrong-nonce' | 'stale-echo' {
  if (heartbeat.echoSession === noSession) return 'none';
  if (heartbeat.echoSession !== context.mySession) return 'wrong-nonce';
  if (heartbeat.echoSequence >= context.nextSequence) return 'wrong-nonce';
  const mark = context.sent.findLast((each) => each.from <= heartbeat.echoSequence);
  const isFresh = mark !== undefined && context.now - mark.at <= context.windowMs;
  return isFresh ? 'fresh' : 'stale-echo';
}

function noteHeard(known: Session | null, context: LinkContext, heartbeat: Heartbeat): Session {
  const nothing: ChannelHeard = { sequence: 0, at: null };
  const before: Heard = known?.heard ?? { public: nothing, private: nothing };
  const here: ChannelHeard = { sequence: heartbeat.sequence, at: context.now };
  const isNewest = known === null || heartbeat.sequence > known.newest.sequence;
  return {
    session: heartbeat.session,
    heard: {
      public: context.channel === 'public' ? here : before.public,
      private: context.channel === 'private' ? here : before.private,
    },
    heardAt: context.now,
    newest: isNewest ? heartbeat : known.newest,
  };
}

function prove(link: PeerLink, session: Session): Received {
  const before = link.proven;
  if (before === null || before.session === session.session) {
    const next: PeerLink = { proven: session, candidate: null, retired: link.retired };
    return { link: next, verdict: 'accepted', restarted: false };
  }
  const retired = [before.session, ...link.retired].slice(0, RETIRED_MOST);
  return { link: { proven: session, candidate: null, retired }, verdict: 'accepted', restarted: true };
}
