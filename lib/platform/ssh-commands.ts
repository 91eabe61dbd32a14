/**
 * A few fixed commands over one SSH connection that is made for them and closed behind them, with what a person has
 * just typed in. The secret lives as long as the connection: nothing here stores or logs it.
 */
import 'server-only';
import { Client, type ClientChannel } from 'ssh2';
import { fingerprintOf } from './ssh-keys.ts';
import { HANDSHAKE_LIMIT_MS, oldServersToo, openSocket, reasonOf, type SshEnd } from './ssh-transport.ts';

export type SshSecret =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase: string };

export interface SshLogin {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The host key that a person has accepted, `SHA256:…`; with another one nothing is sent. */
  readonly fingerprint: string;
  readonly secret: SshSecret;
}

/** Why there is no result. `bad-key`: the private key cannot be used, nobody was asked. */
export type SshFailure = SshEnd | { readonly kind: 'bad-key'; readonly reason: string };

export interface CommandOutput {
  /** Null: killed, or ended for its length. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** The output was longer than is taken. */
  readonly isTooLong: boolean;
}

export type RunCommand = (argv: readonly string[]) => Promise<CommandOutput>;

export type SshResult<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly failure: SshFailure };

/** A configuration of 40 000 real servers has 4 MB. */
export const LONGEST_OUTPUT = 16 * 1024 * 1024;
const COMMANDS_LIMIT_MS = 60_000;

/** Words that every login shell takes as they are: none of its signs, no blank, nothing to quote. */
const plainWord = /^[A-Za-z0-9_.,:=@+/-]+$/;

/** Whether a text may be a word of a command. */
export const isPlainWord = (text: string): boolean => plainWord.test(text);

/** sshd knows no argument vectors: it hands one line to the login shell of the user, whichever that is. */
function commandLine(argv: readonly string[]): string {
  for (const word of argv) if (!isPlainWord(word)) throw new Error(`"${word}" is no plain word`);
  return argv.join(' ');
}

function collect(channel: ClientChannel): Promise<CommandOutput> {
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let length = 0;
    let code: number | null = null;
    channel.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_OUTPUT) stdout.push(chunk);
      else channel.destroy();
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 20) stderr.push(chunk);
    });
    channel.on('exit', (status: number | null) => {
      code = status;
    });
    channel.on('close', () =>
      resolve({
        code,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8').trim().slice(0, 500),
        isTooLong: length > LONGEST_OUTPUT,
      }),
    );
    channel.end();
  });
}

const execute = (client: Client, argv: readonly string[]): Promise<CommandOutput> =>
  new Promise((resolve, reject) => {
    client.exec(commandLine(argv), (error, channel) => {
      if (error) reject(error);
      else void collect(channel).then(resolve);
    });
  });

/** Connects, lets `work` run its commands one after the other, and closes. Never rejects for what the router does. */
export function runOverSsh<Result>(
  login: SshLogin,
  work: (run: RunCommand) => Promise<Result>,
): Promise<SshResult<Result>> {
  return new Promise((resolve) => {
    const client = new Client();
    let isSettled = false;
    let seen: string | null = null;
    const settle = (result: SshResult<Result>): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(limit);
      client.destroy();
      socket.destroy();
      resolve(result);
    };
    const fail = (failure: SshFailure): void => settle({ ok: false, failure });
    const unreachable = (reason: string): void => fail({ kind: 'unreachable', reason });
    const limit = setTimeout(() => unreachable('it did not finish within a minute'), COMMANDS_LIMIT_MS);
    const socket = openSocket(login.address, login.port, unreachable);

    client.on('error', (error) => {
      if (seen !== null && seen !== login.fingerprint) fail({ kind: 'key-changed', seen });
      else if ('level' in error && error.level === 'client-authentication') fail({ kind: 'not-authorized' });
      else unreachable(reasonOf(error));
    });
    client.on('close', () => unreachable('the connection was closed'));
    client.on('ready', () => {
      work((argv) => execute(client, argv)).then(
        (result) => settle({ ok: true, result }),
        (error: unknown) => unreachable(reasonOf(error)),
      );
    });
    const { secret } = login;
    // Many a sshd asks for the password by PAM's questions only. Asked a second time, it was wrong.
    let wasAnswered = false;
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => {
      const answer = secret.kind === 'password' && !wasAnswered ? secret.password : '';
      wasAnswered ||= prompts.length > 0;
      finish(prompts.map(() => answer));
    });
    try {
      client.connect({
        sock: socket,
        username: login.user,
        ...(secret.kind === 'password'
          ? { password: secret.password, tryKeyboard: true }
          : { privateKey: secret.privateKey, passphrase: secret.passphrase }),
        readyTimeout: HANDSHAKE_LIMIT_MS,
        algorithms: oldServersToo,
        hostVerifier: (key: Buffer) => {
          seen = fingerprintOf(key);
          return seen === login.fingerprint;
        },
      });
    } catch (error) {
      // A private key that cannot be read throws at once.
      queueMicrotask(() => fail({ kind: 'bad-key', reason: reasonOf(error) }));
    }
  });
}
