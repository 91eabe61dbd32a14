import { describe, expect, it } from 'vitest';
import { sentence } from './sentence.ts';

describe('sentence', () => {
  it.each([
    ['write the port as a number', 'Write the port as a number.'],
    ['Done.', 'Done.'],
    ['"x" is not a port', '"x" is not a port.'],
    ['r1 (192.0.2.2) cannot be reached', 'r1 (192.0.2.2) cannot be reached.'],
    ['Really?', 'Really?'],
    ['', ''],
    [undefined, ''],
    [null, ''],
  ])('makes of %j: %j', (fragment, text) => {
    expect(sentence(fragment)).toBe(text);
  });
});
