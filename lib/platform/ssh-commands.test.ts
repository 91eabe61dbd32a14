import { createServer } from 'node:net';
import ssh2, { type AuthContext } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { isPlainWord, runOverSsh, type SshSecret } from './ssh-commands.ts';
import { fingerprintOf, generateSshKey } from './ssh-keys.ts';

const hostKey = generateSshKey('host');
const fingerprint = fingerprintOf(Buffer.from(hostKey.publicKey.split(' ')[1] ?? '', 'base64'));
let close: () => void = () => {};
afterEach(() => close());

/** A server that judges logins itself: OpenSSH's own would need an account with a password on this machine. */
function serve(
  judge: (context: AuthContext) => void,
  answer: Buffer | null = Buffer.from('ok'),
): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    client.on('authentication', judge);
    client.on('error', () => {});
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        const channel = acceptExec();
        channel.on('error', () => {});
        if (answer === null) return;
        channel.write(answer);
        channel.exit(0);
        channel.end();
      });
    });
  });
  close = () => server.close();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

const open = (port: number, secret: SshSecret) =>
  runOverSsh({ address: '127.0.0.1', port, user: 'root', fingerprint, secret }, async (run) =>
    (await run(['cat', '--', '/etc/lvs.cf'])).stdout.toString(),
  );
const password = (text: string): SshSecret => ({ kind: 'password', password: text });

describe('a login with a password', () => {
  it('works where sshd takes passwords', async () => {
    const port = await serve((context) =>
      context.method === 'password' && context.password === 'right'
        ? context.accept()
        : context.reject(['password']),
    );
    expect(await open(port, password('right'))).toEqual({ ok: true, result: 'ok' });
    expect(await open(port, password('wrong'))).toEqual({ ok: false, failure: { kind: 'not-authorized' } });
  });

  it('works where sshd asks by questions only, and gives the password once', async () => {
    const answers: string[] = [];
    const port = await serve((context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
        answers.push(...given);
        if (given[0] === 'right') context.accept();
        else context.reject(['keyboard-interactive']);
      });
    });
    expect(await open(port, password('right'))).toEqual({ ok: true, result: 'ok' });
    expect(await open(port, password('wrong'))).toMatchObject({ ok: false });
    expect(answers.filter((text) => text !== '')).toEqual(['right', 'wrong']);
  });
});

describe('the commands', () => {
  const anybody = (context: AuthContext) => context.accept();

  it('are words that no shell reads in another way', async () => {
    for (const word of ['cat', '--', '/etc/sysconfig/ha/lvs.cf', '/srv/a+b@c,d:e=f'])
      expect(isPlainWord(word)).toBe(true);
    for (const word of [
      '',
      'a b',
      '$HOME',
      '`x`',
      "'",
      '"',
      '\\',
      ';',
      '|',
      '&',
      '>',
      '*',
      '?',
      '~',
      '!',
      '#',
      '\n',
      'ä',
    ])
      expect(isPlainWord(word), word).toBe(false);
    const port = await serve(anybody);
    const result = await runOverSsh(
      { address: '127.0.0.1', port, user: 'root', fingerprint, secret: password('x') },
      (run) => run(['cat', '/etc/passwd;reboot']),
    );
    expect(result).toMatchObject({ ok: false, failure: { reason: expect.stringMatching(/no plain word/) } });
  });

  it('end an output without end', async () => {
    const port = await serve(anybody, Buffer.alloc(17 * 1024 * 1024, 'x'));
    const result = await runOverSsh(
      { address: '127.0.0.1', port, user: 'root', fingerprint, secret: password('x') },
      (run) => run(['cat', '--', '/dev/zero']),
    );
    expect(result).toMatchObject({ ok: true, result: { isTooLong: true } });
  });

  it('fail in a sentence when the machine is no SSH server', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((ready) => server.once('listening', ready));
    close = () => server.close();
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await open(port, password('x'))).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  });
});
