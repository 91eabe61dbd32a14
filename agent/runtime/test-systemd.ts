/** What a test hears in systemd's place: every datagram that comes to a unix socket, as a line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Perl is on every Debian, and Node.js has no such sockets. */
const RECEIVER = `use Socket; $| = 1;
socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; bind(S, sockaddr_un($ARGV[0])) or die; print "bound\\n";
while (defined(recv(S, $text, 4096, 0))) { $text =~ s/\\n/|/g; print "$text\\n" }`;

export interface Said {
  readonly child: ChildProcess;
  /** Standard output and standard error so far. */
  text: string;
  code: number | null;
  hasEnded: boolean;
}

/** A program that runs, and what it has said so far. */
export function start(argv: readonly [string, ...string[]], env: NodeJS.ProcessEnv = process.env): Said {
  const child = spawn(argv[0], argv.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Said = { child, text: '', code: null, hasEnded: false };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said.text += chunk;
    });
  child.on('close', (code) => {
    said.code = code;
    said.hasEnded = true;
  });
  return said;
}

export async function startReceiver(
  folder: string,
): Promise<{ readonly socket: string; readonly heard: Said }> {
  const socket = join(folder, 'notify');
  const heard = start(['perl', '-e', RECEIVER, socket]);
  await expect.poll(() => heard.text, { timeout: 30_000 }).toContain('bound');
  return { socket, heard };
}
