/** Running programs on a router over its own sshd, as root, on one kept connection. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RouterName, routerPlaces } from './places.ts';
import { quoted, type RunOptions, type RunResult, run } from './process.ts';

const sshOptions = {
  StrictHostKeyChecking: 'no',
  UserKnownHostsFile: '/dev/null',
  LogLevel: 'ERROR',
  BatchMode: 'yes',
  // Its key exchange is part of it, in an emulator that may be busy.
  ConnectTimeout: '15',
  ControlMaster: 'auto',
  ControlPersist: '600',
  ServerAliveInterval: '2',
  ServerAliveCountMax: '5',
};

export class Remote {
  readonly name: RouterName;
  readonly #socket: string;
  readonly #command: readonly string[];

  constructor(name: RouterName, folder: string) {
    this.name = name;
    this.#socket = join(folder, `${name}.ssh`);
    this.#command = [
      ...['-F', 'none', '-i', join(folder, 'admin'), `-oControlPath=${this.#socket}`],
      ...Object.entries(sshOptions).map(([option, value]) => `-o${option}=${value}`),
      `root@${routerPlaces[name].public}`,
    ];
  }

  /** Runs a program on the router, from an argument vector. Code 255: the router did not let us in. */
  ssh(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(['ssh', ...this.#command, '--', argv.map(quoted).join(' ')], options);
  }

  /** Starts a program on the router whose input and output stay open. */
  converse(argv: readonly string[]): ChildProcess {
    const command = [...this.#command, '--', argv.map(quoted).join(' ')];
    return spawn('ssh', command, { stdio: ['pipe', 'pipe', 'ignore'] });
  }

  /** Like `ssh`, but a failure is an error that carries the output. Returns standard output. */
  async on(argv: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.ssh(argv, options);
    if (code !== 0)
      throw new Error(`${this.name}: ${argv.join(' ')} ended with ${code}: ${stderr || stdout}`);
    return stdout;
  }

  /** Runs a shell script on the router; its arguments are `$1`, `$2`, …. */
  sh(script: string, ...args: string[]): Promise<RunResult> {
    return this.ssh(['sh', '-c', script, 'sh', ...args]);
  }

  async writeFile(path: string, content: string | Buffer, mode = '644'): Promise<void> {
    const script = 'mkdir -p "$(dirname "$1")" && cat >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"';
    await this.on(['sh', '-c', script, 'sh', path, mode], { stdin: content });
  }

  readFile(path: string): Promise<string> {
    return this.on(['cat', path]);
  }

  /** Ends the kept connection; after the death of the machine nobody answers on it. */
  async hangUp(): Promise<void> {
    await run(['ssh', '-O', 'exit', ...this.#command]);
    rmSync(this.#socket, { force: true });
  }
}
