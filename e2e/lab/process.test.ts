import { describe, expect, it } from 'vitest';
import { quoted, run, until } from './process.ts';

it.each(['', 'a b', "it's", '$HOME', '"', '*', 'GET / HTTP/1.0\\r\\n', 'two\nlines', 'plain-word'])(
  'quotes %j so that a shell gives it back unchanged',
  async (argument) => {
    const { stdout } = await run(['sh', '-c', `printf %s ${quoted(argument)}`]);
    expect(stdout).toBe(argument);
  },
);

describe('run', () => {
  it('returns exit code, output and errors', async () => {
    const result = await run(['sh', '-c', 'cat; echo no >&2; exit 3'], { stdin: 'yes' });
    expect(result).toEqual({ code: 3, stdout: 'yes', stderr: 'no\n' });
  });

  it('ends a program that takes too long', async () => {
    expect((await run(['sleep', '60'], { timeoutMs: 20 })).code).toBe(-1);
  });
});

describe('until', () => {
  it('returns the first answer that is not empty', async () => {
    const answers = [null, false, undefined, 7];
    expect(await until('seven', () => answers.shift(), { everyMs: 1 })).toBe(7);
  });

  it('names what it waited for and the last error', async () => {
    const never = () => {
      throw new Error('no route');
    };
    await expect(until('the router', never, { timeoutMs: 5, everyMs: 1 })).rejects.toThrow(
      'Waited 5 ms for the router. Last seen: no route',
    );
  });
});
