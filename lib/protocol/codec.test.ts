import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader, decodeAgentMessage, decodeRequest, decodeResult, encodeLine } from './codec.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the line reader', () => {
  it('finds the same lines however the stream is cut', () => {
    const text = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (lines, cuts) => {
        const stream = bytes(lines.map((line) => `${line}\n`).join(''));
        const reader = createLineReader();
        const found: string[] = [];
        let at = 0;
        for (const size of [...cuts, stream.length]) {
          found.push(...(reader.push(stream.subarray(at, at + size)) ?? []));
          at += size;
        }
        expect(found).toEqual(lines.map((line) => new TextDecoder().decode(bytes(line))));
      }),
    );
  });

  it('keeps what it read when the buffer is used again', () => {
    const reader = createLineReader();
    const buffer = bytes('ab');
    reader.push(buffer);
    buffer.fill(120);
    expect(reader.push(bytes('c\n'))).toEqual(['abc']);
  });

  it('gives up on a line that is longer than the limit, ended or not', () => {
    expect(createLineReader(4).push(bytes('12345'))).toBeNull();
    expect(createLineReader(4).push(bytes('12345\n'))).toBeNull();
    const reader = createLineReader(4);
    expect(reader.push(bytes('123'))).toEqual([]);
    expect(reader.push(bytes('45'))).toBeNull();
    expect(createLineReader(4).push(bytes('1234\n1234\n'))).toEqual(['1234', '1234']);
  });
});

describe('messages', () => {
  it('a request with parameters that fit is read with its method', () => {
    const line = encodeLine({
      id: 7,
      method: 'server.drain',
      params: { virtualServer: 'web', realServer: 'rs1' },
    });
    expect(decodeRequest(line)).toEqual({
      ok: true,
      value: { id: 7, method: 'server.drain', params: { virtualServer: 'web', realServer: 'rs1' } },
    });
  });

  it.each([
    ['no JSON', 'hello', 'bad-message', null],
    ['no request', '{"id":"x","method":"status"}', 'bad-message', null],
    ['an unknown method', '{"id":3,"method":"format-disk","params":{}}', 'unknown-method', 3],
    ['a name of an object method', '{"id":3,"method":"constructor","params":{}}', 'unknown-method', 3],
    ['parameters of another type', '{"id":4,"method":"logs","params":{"limit":"many"}}', 'bad-params', 4],
    ['missing parameters', '{"id":5,"method":"hello"}', 'bad-params', 5],
  ])('%s is refused with a sentence', (_name, line, code, id) => {
    expect(decodeRequest(line)).toMatchObject({ ok: false, code, id });
  });

  it('an answer is checked against the schema of its method', () => {
    expect(decodeResult('config.confirm', { done: true, message: 'ok' })).toMatchObject({ ok: true });
    expect(decodeResult('config.confirm', { done: 'yes', message: 'ok' })).toMatchObject({ ok: false });
  });

  it('what an agent sends is a result, an error or a notification', () => {
    expect(decodeAgentMessage('{"id":1,"result":{}}')).toMatchObject({ ok: true });
    expect(decodeAgentMessage('{"id":null,"error":{"code":"x","message":"y"}}')).toMatchObject({ ok: true });
    expect(decodeAgentMessage('{"notification":"weather"}')).toMatchObject({ ok: false });
  });
});
