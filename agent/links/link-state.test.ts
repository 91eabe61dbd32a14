import { expect, test } from 'vitest';
import { linkProblem } from './link-state.ts';

const facts = { device: 'bond0', exists: true, operstate: 'up\n', carrier: '1\n' };

test.each([
  ['up', facts],
  ['a bond of which one member is up', { ...facts, operstate: 'up' }],
  ['a tunnel without states', { ...facts, operstate: 'unknown\n', carrier: '1\n' }],
  ['a kernel that tells neither', { ...facts, operstate: null, carrier: null }],
])('%s is no problem', (_, given) => {
  expect(linkProblem(given)).toBeNull();
});

test.each([
  ['a pulled cable', { ...facts, operstate: 'down\n', carrier: '0\n' }, /link of bond0 is down.*cable/],
  [
    'ip link set down',
    { ...facts, operstate: 'down\n', carrier: null },
    /switched off.*ip link set bond0 up/,
  ],
  [
    'a vlan whose parent is down',
    { ...facts, operstate: 'lowerlayerdown\n', carrier: '0\n' },
    /link under bond0/,
  ],
  ['a port that is not let in', { ...facts, operstate: 'dormant\n' }, /dormant/],
  ['a tunnel without carrier', { ...facts, operstate: 'unknown\n', carrier: '0\n' }, /no carrier/],
  ['no such interface', { ...facts, exists: false, operstate: null, carrier: null }, /bond0 is gone/],
])('%s is one, in words', (_, given, sentence) => {
  expect(linkProblem(given)).toMatch(sentence);
});
