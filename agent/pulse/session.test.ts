import { expect, test } from 'vitest';
import type { Heartbeat } from './heartbeat.ts';
import { noSession } from './heartbeat.ts';
import type { LinkContext, PeerLink } from './session.ts';
import { echoOf, emptyLink, heardChannels, markSent, receiveHeartbeat } from './session.ts';

const mine = 'aaaaaaaaaaaaaaaa';
const theirs = 'bbbbbbbbbbbbbbbb';
const restarted = 'cccccccccccccccc';

function heartbeat(overrides: Partial<Heartbeat>): Heartbeat {
  return {
    channel: 'public',
    role: 'backup',
    state: 'standby',
    flags: {
      ready: true,
      wants: false,
      offers: false,
      yielded: false,
      keeps: false,
      pinned: false,
      switchover: false,
      fault: false,
      withdrew: false,
    },
    session: theirs,
    sequence: 1,
    echoSession: mine,
    echoSequence: 5,
    hears: ['public'],
    activeMs: 0,
    keepaliveMs: 1000,
    deadtimeMs: 3000,
    serial: 1,
    configHash: '',
    healthUp: 0,
    healthTotal: 0,
    ...overrides,
  };
}

/** I have sent the numbers 1 to 9, one each second from 1000 on; it is 9500 now. */
const context: LinkContext = {
  mySession: mine,
  myRole: 'primary',
  channel: 'public',
  sent: Array.from({ length: 9 }, (_, index) => ({ from: index + 1, at: (index + 1) * 1000 })),
  nextSequence: 10,
  windowMs: 5000,
  now: 9500,
};

const receive = (link: PeerLink, overrides: Partial<Heartbeat>, around: Partial<LinkContext> = {}) =>
  receiveHeartbeat(link, { ...context, ...around }, heartbeat(overrides));

const proven = receive(emptyLink, { sequence: 3 }).link;

test('a heartbeat that echoes my session and a number I sent lately is accepted', () => {
  expect(receive(emptyLink, {}).verdict).toBe('accepted');
  expect(receive(proven, { sequence: 4 }).verdict).toBe('accepted');
});

test('a first heartbeat without an echo only teaches the nonce that I shall echo', () => {
  const first = receive(emptyLink, { echoSession: noSession, echoSequence: 0 });
  expect(first.verdict).toBe('taught');
  expect(first.link.proven).toBeNull();
  expect(echoOf(first.link, 9500, 5000)).toEqual({ session: theirs, sequence: 1 });
});

test.for([
  ['replay', 'the same number twice', { sequence: 3 }],
  ['replay', 'an older number', { sequence: 2 }],
  ['own-reflection', 'my own session', { session: mine }],
  ['same-role', 'another router with my role', { role: 'primary' }],
  ['wrong-channel', 'a heartbeat of the other channel', { channel: 'private', sequence: 4 }],
  ['wrong-nonce', 'an echo of another session', { sequence: 4, echoSession: restarted }],
  ['wrong-nonce', 'an echo of a number that I have not sent yet', { sequence: 4, echoSequence: 10 }],
] as const)('%s: %s', ([verdict, , overrides]) => {
  const received = receive(proven, overrides);
  expect(received.verdict).toBe(verdict);
  expect(received.link).toBe(proven);
});

test('an echo older than the window proves nothing: from a known session the link is one-way', () => {
  const late = receive(proven, { sequence: 4, echoSequence: 4 });
  expect(late.verdict).toBe('heard');
  expect(late.link.proven?.newest.sequence).toBe(4);
});

test('a recording of an unknown session is not accepted, though it echoes my session', () => {
  const recorded = receive(proven, { session: restarted, echoSequence: 2 });
  expect(recorded.verdict).toBe('stale-echo');
  expect(recorded.link.proven?.session).toBe(theirs);
  expect(echoOf(recorded.link, 9500, 5000).session).toBe(theirs);
});

test('a restarted partner is accepted when it echoes me, and its old session is worthless from then on', () => {
  const after = receive(proven, { session: restarted, sequence: 1, echoSequence: 6 });
  expect(after).toMatchObject({ verdict: 'accepted', restarted: true });
  expect(receive(after.link, { sequence: 99 }).verdict).toBe('replay');
});

test('a late heartbeat of a run that ended before this one began is no restart, though it was never heard before', () => {
  const now = receive(emptyLink, { session: restarted, sequence: 1, echoSequence: 6 }).link;
  const late = receive(now, { sequence: 70, echoSequence: 5 });
  expect(late.verdict).toBe('replay');
  expect(late.link).toBe(now);
  expect(receive(late.link, { session: restarted, sequence: 2, echoSequence: 6 }).verdict).toBe('accepted');
});

test('numbers rise on each channel by itself, and the newest word counts whichever channel it came by', () => {
  const newer = receive(proven, { sequence: 6, channel: 'private', state: 'active' }, { channel: 'private' });
  const older = receive(newer.link, { sequence: 5, state: 'standby' });
  expect(older.verdict).toBe('accepted');
  expect(older.link.proven?.newest).toMatchObject({ sequence: 6, state: 'active' });
});

test('a channel counts as heard for the window only', () => {
  expect(heardChannels(proven, 14_500, 5000)).toEqual(['public']);
  expect(heardChannels(proven, 14_501, 5000)).toEqual([]);
});

test('marks of what was sent are few, whatever the rate, and never claim a later time than the true one', () => {
  let marks: readonly { from: number; at: number }[] = [];
  for (let sequence = 1; sequence <= 10_000; sequence += 1) marks = markSent(marks, sequence, sequence, 3000);
  expect(marks.length).toBeLessThan(70);
  for (const mark of marks) expect(mark.at).toBeLessThanOrEqual(mark.from);
  expect(marks[0]?.at).toBeGreaterThanOrEqual(6900);
});
