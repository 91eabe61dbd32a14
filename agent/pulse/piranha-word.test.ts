import { expect, test } from 'vitest';
import { createRandom } from '#agent/sim/random.ts';
import { decodeWord, encodeWord } from './piranha-word.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

test.each([
  ['lvs', 'running', 'dadbadbd'],
  ['lvs', 'stopped', 'bddabdad'],
  ['fos', 'running', 'bebaefbe'],
  ['fos', 'stopped', 'efbeadde'],
] as const)('%s %s is %s on the wire, as on x86', (service, word, hex) => {
  expect(Buffer.from(encodeWord(service, word)).toString('hex')).toBe(hex);
  expect(decodeWord(service, bytesOf(hex))).toEqual({ ok: true, word });
});

test.each([
  ['dadaadde', { ok: true, word: 'stop-me' }],
  ['bebaafde', { ok: true, word: 'hold' }],
  ['dadaafde', { ok: true, word: 'hold' }],
  ['bebaefbe', { ok: false, fault: 'piranha-other-service' }],
  ['bdaddbda', { ok: false, fault: 'piranha-unknown-word' }],
  ['00000000', { ok: false, fault: 'piranha-unknown-word' }],
] as const)('%s means %o to a router of service lvs', (hex, meaning) => {
  expect(decodeWord('lvs', bytesOf(hex))).toEqual(meaning);
});

test('of a hundred thousand random words none is taken for a heartbeat', () => {
  const random = createRandom(1);
  const bytes = new Uint8Array(4);
  let accepted = 0;
  for (let count = 0; count < 100_000; count += 1) {
    new DataView(bytes.buffer).setUint32(0, random.integer(0, 0xffffffff));
    if (decodeWord('lvs', bytes).ok) accepted += 1;
  }
  expect(accepted).toBe(0);
});

test('a word inside a larger buffer is read from its own place', () => {
  const larger = bytesOf('ffffdadbadbdffff');
  expect(decodeWord('lvs', larger.subarray(2, 6))).toEqual({ ok: true, word: 'running' });
});
