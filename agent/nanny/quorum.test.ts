import { expect, it, test } from 'vitest';
import { hasQuorum, isQuorumAsked } from './quorum.ts';
import { config, createScene, emptyTable, server, virtual } from './scene.ts';

const settings = { quorum: 3, quorumHysteresis: 1, sorryServer: '10.11.12.99' };

test.each([
  ['first look, enough', 3, null, true],
  ['first look, too little', 2, null, false],
  ['is kept down to quorum - hysteresis', 2, true, true],
  ['is lost below', 1, true, false],
  ['does not return at the quorum itself', 3, false, false],
  ['returns at quorum + hysteresis', 4, false, true],
] as const)('%s', (_, weight, before, expected) => {
  expect(hasQuorum(weight, settings, before)).toBe(expected);
});

test('a lost quorum never leaves a service with nobody at all while one server is up', () => {
  expect(hasQuorum(1, { ...settings, quorum: 2, quorumHysteresis: 5 }, true)).toBe(true);
  expect(hasQuorum(0, { ...settings, quorum: 2, quorumHysteresis: 5 }, true)).toBe(false);
});

test('without a sorry server there is nothing to do about it', () => {
  expect(isQuorumAsked({ ...settings, sorryServer: null })).toBe(false);
  expect(isQuorumAsked({ ...settings, quorum: 1 })).toBe(false);
  expect(isQuorumAsked(settings)).toBe(true);
});

it('real servers leave the table together when the quorum is lost, and return together', async () => {
  const scene = createScene();
  const servers = ['10.11.12.21', '10.11.12.22', '10.11.12.23'].map((address, index) =>
    server(`rs${index}`, address, { weight: 1 }),
  );
  const web = virtual('web', servers, { quorum: 2, sorryServer: '10.11.12.99', reentrySeconds: 6 });
  scene.nanny.configure(config(web), emptyTable);
  const weights = () => servers.map((_, index) => scene.nanny.weightOf(0, index));
  await scene.clock.advance(1000);
  expect(weights()).toEqual([1, 1, 1]);
  scene.refuse('10.11.12.21');
  await scene.clock.advance(7000);
  expect(weights()).toEqual([null, 1, 1]);
  const before = scene.changes();
  scene.refuse('10.11.12.22');
  await scene.clock.advance(7000);
  expect(weights()).toEqual([null, null, null]);
  expect(scene.changes()).toBeGreaterThan(before);
  expect(scene.events.at(-1)).toContain('warning quorum-lost web has lost its quorum');
  scene.recover('10.11.12.22');
  await scene.clock.advance(14_000);
  expect(weights()).toEqual([null, 1, 1]);
  expect(scene.events.at(-1)).toContain('info quorum-back');
});
