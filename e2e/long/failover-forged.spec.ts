/** Somebody on the networks records the heartbeats, sends them again and forges others: counted, told, and no more. */
import { DEADTIME_SECONDS } from '#e2e/cluster/example.ts';
import { CLUSTER_AT, HEARTBEAT_PORT, recordHeartbeats } from '#e2e/cluster/heartbeats.ts';
import { untilRole, watchVip, wireNow } from '#e2e/cluster/witness.ts';
import { type Impostor, impersonate } from '#e2e/lab/impostor.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from '../fixtures.ts';

test.setTimeout(240_000);

/** Where the datagram keeps its channel and its sender's state. */
const CHANNEL_AT = 5;
const STATE_AT = 7;

/** A copy with one byte changed. */
function changed(heartbeat: Buffer, at: number): Buffer {
  const copy = Buffer.from(heartbeat);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** One of Piranha's words: four bytes, little-endian. */
function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

test('replayed and forged heartbeats in the name of the partner change nothing; they are counted and told', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const before = [await r1.agent.status(), await r2.agent.status()] as const;
  const [pub, prv] = [await recordHeartbeats(lab, 'pub'), await recordHeartbeats(lab, 'prv')];
  const seen = await watchVip(lab);
  const [asR1, asR2] = [
    await impersonate(r1, r2, { side: 'pub', port: HEARTBEAT_PORT }),
    await impersonate(r2, r1, { side: 'pub', port: HEARTBEAT_PORT }),
  ];
  const forgeries = (theirs: Buffer, mine: Buffer, ofOtherNetwork: Buffer): Buffer[] => [
    changed(theirs, STATE_AT),
    changed(theirs, CHANNEL_AT),
    changed(theirs, theirs.length - 1),
    changed(theirs, CLUSTER_AT),
    theirs.subarray(0, 100),
    Buffer.concat([theirs, theirs]),
    Buffer.alloc(theirs.length, 0x5a),
    // What the victim itself sent, and what its partner sent on the other network.
    mine,
    ofOtherNetwork,
    // Piranha's "stopped", "running" and "stop me", as four bytes without a signature.
    ...[0xadbddabd, 0xbdaddbda, 0xdeaddada].map(word),
  ];
  const attack = (impostor: Impostor, theirs: Buffer[], mine: Buffer[], other: Buffer[]) => {
    impostor.send(theirs);
    for (const [n, heartbeat] of theirs.entries()) {
      impostor.send(forgeries(heartbeat, mine[n] ?? mine[0] ?? heartbeat, other[n] ?? other[0] ?? heartbeat));
    }
  };
  // For longer than a dead time: whatever counted would have had its effect.
  const end = performance.now() + (DEADTIME_SECONDS + 2) * 1000;
  while (performance.now() < end) {
    attack(asR1, pub.ofR1, pub.ofR2, prv.ofR1);
    attack(asR2, pub.ofR2, pub.ofR1, prv.ofR2);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(await asR1.leave()).toBeGreaterThan(300);
  expect(await asR2.leave()).toBeGreaterThan(300);

  await seen.ownedBy(r1);
  const { claims, report } = await seen.stop();
  expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
  expect(report.refused).toBe(0);
  expect(report.longestGapMs).toBeLessThan(DEADTIME_SECONDS * 1000);
  for (const [n, router] of lab.routers.entries()) {
    const status = await router.agent.status();
    expect(status.roleSince, `${router.name} kept its role`).toBe(before[n]?.roleSince);
    expect(status.peer.state).toBe('alive');
    const was: Readonly<Record<string, number>> = before[n]?.peer.rejected ?? {};
    for (const fault of [
      ...['replay', 'bad-mac', 'foreign-cluster', 'too-short', 'too-long', 'not-a-heartbeat'],
      ...['own-reflection', 'wrong-channel', 'piranha-heartbeat'],
    ]) {
      expect(status.peer.rejected[fault] ?? 0, `${router.name} counts ${fault}`).toBeGreaterThan(
        (was[fault] ?? 0) + 10,
      );
    }
    expect((await router.agent.shoalctl(['status'])).stdout).toMatch(/\d+ datagrams refused/);
    expect((await router.agent.shoalctl(['events'])).stdout).toMatch(/heartbeat from \S+ rejected: replay/);
  }
});

test('recorded heartbeats of a dead partner do not keep the standby from taking over', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const [pub, prv] = [await recordHeartbeats(lab, 'pub'), await recordHeartbeats(lab, 'prv')];
  const seen = await watchVip(lab);
  const [onPublic, onPrivate] = [
    await impersonate(r1, r2, { side: 'pub', port: HEARTBEAT_PORT }),
    await impersonate(r1, r2, { side: 'prv', port: HEARTBEAT_PORT }),
  ];
  // r1 is alive, and cut off from r2: all that r2 hears of it is what was recorded.
  await lab.part(true);
  const from = wireNow();
  const words = [0xbdaddbda, 0xadbddabd].map(word);
  const replay = setInterval(() => {
    onPublic.send([...pub.ofR1, ...words]);
    onPrivate.send([...prv.ofR1, ...words]);
  }, 100);
  try {
    const first = await until(
      'r2 to claim the VIP',
      () => seen.claims().find(({ mac }) => mac === r2.mac('pub')),
      { timeoutMs: 30_000 },
    );
    expect((first.at - from) * 1000).toBeLessThanOrEqual((DEADTIME_SECONDS + 1) * 1000);
    // It claims the VIP as soon as the address stands, a moment before it calls itself active.
    await untilRole(r2, 'active');
    expect((await r2.agent.status()).peer.state).toBe('silent');
  } finally {
    clearInterval(replay);
    await onPublic.leave();
    await onPrivate.leave();
    await lab.part(false);
  }
  await seen.ownedBy(r1);
  await seen.stop();
});
