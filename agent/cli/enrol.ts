/**
 * `shoalctl enrol KEY`: lets a console in. Makes the user `shoal`, which owns nothing and can do nothing but speak to
 * the agent: sshd runs `shoalctl rpc` for it whatever it asks for. Run as root on the router; a second run changes
 * nothing.
 */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exec } from '../runtime/exec.ts';
import { writeAtomically } from '../runtime/files.ts';
import { faulty, fine, type Outcome, toJson, usage } from './outcome.ts';

const USER = 'shoal';
const HOME = '/var/lib/shoal/home';
const KEY_TYPES = 'ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\\.com';
const keyPattern = new RegExp(`^(${KEY_TYPES}) ([A-Za-z0-9+/]{40,}={0,3})(?: ([^\\r\\n"\\\\]*))?$`);

/** The line of authorized_keys for a public key; null when the text is none. The program's path is absolute. */
export function authorizedLine(key: string, program: string): string | null {
  const match = keyPattern.exec(key.trim());
  if (match === null) return null;
  const [, type, body, comment] = match;
  return `restrict,command="${program} rpc" ${type} ${body}${comment === undefined ? '' : ` ${comment.trim()}`}`.trimEnd();
}

/** authorized_keys with the line in it: a line of the same key is replaced, others stay. */
export function withKey(text: string, line: string): string {
  const body = bodyOf(line);
  const others = text.split('\n').filter((other) => other.trim() !== '' && bodyOf(other) !== body);
  return `${[...others, line].join('\n')}\n`;
}

const bodyOf = (line: string): string | undefined => /AAAA[A-Za-z0-9+/]+=*/.exec(line)?.[0];

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Runs a program of the system; returns its complaint or null. */
async function run(argv: [string, ...string[]]): Promise<string | null> {
  const { code, stderr } = await exec(argv);
  return code === 0 ? null : `${argv.join(' ')}: ${stderr.trim() || `exit code ${code}`}`;
}

/** Makes user and group where they are missing. The password `*` matches nothing, and the account is not locked. */
async function makeUser(): Promise<string | null> {
  const has = (file: string): boolean => new RegExp(`^${USER}:`, 'm').test(readIfThere(file));
  if (!has('/etc/group')) {
    const problem = await run(['groupadd', '--system', USER]);
    if (problem !== null) return problem;
  }
  if (!has('/etc/passwd')) {
    const problem = await run([
      'useradd',
      '--system',
      '--gid',
      USER,
      '--home-dir',
      HOME,
      '--no-create-home',
      '--shell',
      '/bin/sh',
      '--password',
      '*',
      USER,
    ]);
    if (problem !== null) return problem;
  }
  const hash = new RegExp(`^${USER}:([^:]*):`, 'm').exec(readIfThere('/etc/shadow'))?.[1];
  // sshd without PAM lets nobody in whose password begins with "!".
  return hash?.startsWith('!') === true ? run(['usermod', '--password', '*', USER]) : null;
}

/** Everything belongs to root: the user itself cannot let another key in. Readable, because sshd reads as the user. */
async function writeKeys(content: string): Promise<void> {
  const folder = join(HOME, '.ssh');
  const path = join(folder, 'authorized_keys');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const each of [dirname(HOME), HOME, folder]) {
    chmodSync(each, 0o755);
    chownSync(each, 0, 0);
  }
  // Durable: a router that loses its power right after the enrolment knows the console at its next boot.
  await writeAtomically(path, content, 0o644);
}

/** The socket is there already when the group comes late; the next start of the agent does this by itself. */
async function openSocket(socket: string): Promise<string | null> {
  return existsSync(socket) ? run(['chgrp', USER, socket]) : null;
}

export async function enrol(key: string, socket: string, json: boolean): Promise<Outcome> {
  const program = realpathSync(process.argv[1] ?? '');
  const line = authorizedLine(key, program);
  if (line === null)
    return usage(
      "shoalctl: that is no public key; give one line such as 'ssh-ed25519 AAAA… comment', in quotes",
    );
  if (process.getuid?.() !== 0)
    return faulty('', 'shoalctl: enrol makes a user and needs root; run it with sudo');
  if (/["\\\s]/.test(program))
    return faulty('', `shoalctl: ${program} must not have blanks or quotes in its path`);
  const problem = (await makeUser()) ?? (await openSocket(socket));
  if (problem !== null) return faulty('', `shoalctl: ${problem}`);
  const path = join(HOME, '.ssh', 'authorized_keys');
  const before = readIfThere(path);
  const after = withKey(before, line);
  const changed = before !== after;
  if (changed) await writeKeys(after);
  const message = changed
    ? `The console with this key may speak to the agent as user ${USER}`
    : `The console with this key was enrolled already`;
  return fine(json ? toJson({ done: true, changed, message }) : message);
}
