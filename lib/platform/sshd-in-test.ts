/** For tests: OpenSSH's own server on loopback, whose forced command is a scripted agent. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

const program = '/usr/sbin/sshd';

/** Whether this machine has OpenSSH's server. */
export const hasSshd = existsSync(program) && existsSync('/usr/bin/ssh-keygen');

export interface TestSshd {
  readonly port: number;
  readonly user: string;
  readonly folder: string;
  /** Fingerprint of its host key as ssh-keygen prints it. */
  fingerprint(): string;
  /** Lets a key in, or only others. */
  authorize(publicKey: string): void;
  /** Lets a key in as on a Piranha router whose files are in that folder (piranha-router-in-test.sh). */
  authorizeAtPiranha(publicKey: string, routerFolder: string): void;
  /** What the scripted agent does from the next connection on. */
  script(script: Readonly<Record<string, unknown>>): void;
  start(): Promise<void>;
  /** Ends the server and its connections. */
  stop(): Promise<void>;
  newHostKey(): void;
  remove(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** `config`: further lines of sshd_config. */
export async function createSshd(config: readonly string[] = []): Promise<TestSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-sshd-'));
  const port = await freePort();
  const hostKey = join(folder, 'host_key');
  const scriptFile = join(folder, 'script.json');
  const agent = resolve('lib/platform/scripted-agent-in-test.mjs');
  let child: ChildProcess | null = null;
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });

  const sshd: TestSshd = {
    port,
    folder,
    user: userInfo().username,
    fingerprint: () =>
      execFileSync('ssh-keygen', ['-lf', `${hostKey}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '',
    authorize: (publicKey) =>
      writeFileSync(
        join(folder, 'authorized_keys'),
        `restrict,command="${process.execPath} ${agent} ${scriptFile}" ${publicKey}\n`,
      ),
    authorizeAtPiranha: (publicKey, routerFolder) =>
      writeFileSync(
        join(folder, 'authorized_keys'),
        `restrict,command="sh ${resolve('lib/platform/piranha-router-in-test.sh')} ${routerFolder}" ${publicKey}\n`,
      ),
    script: (script) => writeFileSync(scriptFile, JSON.stringify(script)),
    newHostKey() {
      rmSync(hostKey, { force: true });
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
    },
    async start() {
      const started = spawn(program, ['-D', '-e', '-f', join(folder, 'config')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child = started;
      await new Promise<void>((ready, failed) => {
        let said = '';
        started.stderr.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes('Server listening')) ready();
        });
        started.once('close', () => failed(new Error(`sshd ended: ${said}`)));
      });
    },
    async stop() {
      const running = child;
      child = null;
      if (!running || running.exitCode !== null) return;
      const ended = new Promise((done) => running.once('close', done));
      // The listener's children hold the connections.
      const children = readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8')
        .split(' ')
        .filter(Boolean);
      running.kill('SIGTERM');
      for (const pid of children) {
        try {
          process.kill(Number(pid), 'SIGTERM');
        } catch {
          // It went with its parent.
        }
      }
      await ended;
    },
    async remove() {
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  writeFileSync(
    join(folder, 'config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'PermitRootLogin forced-commands-only',
      'PasswordAuthentication no',
      ...config,
      '',
    ].join('\n'),
  );
  sshd.newHostKey();
  sshd.script({});
  return sshd;
}
