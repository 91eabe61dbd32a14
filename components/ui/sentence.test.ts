import { describe, expect, it } from 'vitest';
import { sentence, sentenceOf } from './sentence.ts';

describe('sentence', () => {
  it.each([
    ['Done.', 'Done.'],
    ['admin has changed this', 'admin has changed this.'],
    ['"x" is not a port', '"x" is not a port.'],
    ['Really?', 'Really?'],
    ['', ''],
    [undefined, ''],
    [null, ''],
  ])('makes of %j: %j', (message, text) => {
    expect(sentence(message)).toBe(text);
  });
});

describe('sentenceOf', () => {
  it.each([
    ['write the port as a number', 'Write the port as a number.'],
    ['r1 (192.0.2.2) cannot be reached', 'r1 (192.0.2.2) cannot be reached.'],
    ['eth0:1 is missing', 'eth0:1 is missing.'],
  ])('makes of the fragment %j: %j', (fragment, text) => {
    expect(sentenceOf(fragment)).toBe(text);
  });
});
