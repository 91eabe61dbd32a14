/** The client and the real servers: network namespaces on the lab's two networks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProbeReport, parseProbeReport } from './gaps.ts';
import { projectRoot, type RealServerName, realServerPlaces } from './places.ts';
import { type Argv, isAlive, type RunOptions, type RunResult, run, startDetached, until } from './process.ts';

class Host {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs a program on this host. */
  exec(argv: Argv, options: RunOptions = {}): Promise<RunResult> {
    return run(['ip', 'netns', 'exec', this.name, ...argv], options);
  }
}

/** A running probe; `stop` ends it and says what the client saw. */
export interface Probe {
  stop(): Promise<ProbeReport>;
}

export class Client extends Host {
  constructor() {
    super('cl');
  }

  /** Body of one request, without its line end; null when there was no good answer within the limit. */
  async curl(url: string, limitSeconds = 10): Promise<string | null> {
    const { code, stdout } = await this.exec(['curl', '-sf', '-m', String(limitSeconds), url]);
    return code === 0 ? stdout.trim() : null;
  }

  /** Who answered `count` requests, one connection each: name → how often; `(none)` where nobody did. */
  async curlMany(url: string, count: number): Promise<Record<string, number>> {
    const answers: Record<string, number> = {};
    for (let n = 0; n < count; n++) {
      const name = (await this.curl(url)) ?? '(none)';
      answers[name] = (answers[name] ?? 0) + 1;
    }
    return answers;
  }

  /** Asks on the wire who has an address, five times a second, as broadcasts: every owner answers. */
  askWhoHas(ip: string): { stop(): Promise<void> } {
    // arping counts in whole seconds: five of them, staggered.
    const script = 'sleep "$1"; exec arping -q -b -I eth0 "$2"';
    const askers = [0, 0.2, 0.4, 0.6, 0.8].map((delay) =>
      spawn('ip', ['netns', 'exec', this.name, 'sh', '-c', script, 'sh', String(delay), ip], {
        stdio: 'ignore',
      }),
    );
    const ended = askers.map((child) => new Promise<void>((resolve) => child.on('close', () => resolve())));
    return {
      stop: async () => {
        for (const child of askers) child.kill('SIGKILL');
        await Promise.all(ended);
      },
    };
  }

  /** Starts one request every 25 ms until `stop`, each lost after the limit; resolves with the first good answer. */
  async probe(host: string, port = 80, limitMs = 300): Promise<Probe> {
    const program = join(projectRoot, 'dist/e2e/probe.mjs');
    const argv = ['netns', 'exec', this.name, process.execPath, program, host, String(port), String(limitMs)];
    const child = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString('utf8').trim().split('\n')));
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    await until('the first answer to the probe', () => lines.includes('first answer'), { timeoutMs: 30_000 });
    return {
      stop: async () => {
        child.stdin.end();
        await ended;
        return parseProbeReport(lines.at(-1) ?? '');
      },
    };
  }
}

export class RealServer extends Host {
  readonly address: string;
  readonly #folder: string;

  constructor(name: RealServerName, folder: string) {
    super(name);
    this.address = realServerPlaces[name];
    this.#folder = folder;
  }

  get #pid(): number | null {
    const file = join(this.#folder, `${this.name}.http`);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null;
  }

  /** Starts an HTTP server on port 80 that answers with this host's name and closes the connection. */
  async startHttp(): Promise<void> {
    const pages = join(this.#folder, `${this.name}.www`);
    mkdirSync(pages, { recursive: true });
    writeFileSync(join(pages, 'index.html'), `${this.name}\n`);
    const argv: Argv = ['ip', 'netns', 'exec', this.name, 'busybox', 'httpd', '-f', '-p', '80', '-h', pages];
    const child: ChildProcess = startDetached(argv);
    writeFileSync(join(this.#folder, `${this.name}.http`), String(child.pid));
    const answers = async () =>
      (await this.exec(['busybox', 'wget', '-qO-', 'http://127.0.0.1/'])).stdout.trim() === this.name;
    await until(`the HTTP server of ${this.name}`, answers);
  }

  /** Puts a file of random bytes beside the page of its HTTP server. */
  publish(name: string, bytes: number): void {
    writeFileSync(join(this.#folder, `${this.name}.www`, name), randomBytes(bytes));
  }

  /** Ends the HTTP server: connections are refused from now on. */
  async stopHttp(): Promise<void> {
    const pid = this.#pid;
    if (pid === null || !isAlive(pid)) throw new Error(`${this.name} runs no HTTP server.`);
    process.kill(pid, 'SIGKILL');
    await until(`the HTTP server of ${this.name} to end`, () => !isAlive(pid));
    rmSync(join(this.#folder, `${this.name}.http`));
  }

  /** Freezes the HTTP server: connections are accepted by the kernel and never answered. */
  freezeHttp(): void {
    if (this.#pid !== null) process.kill(this.#pid, 'SIGSTOP');
  }

  thawHttp(): void {
    if (this.#pid !== null) process.kill(this.#pid, 'SIGCONT');
  }

  isServing(): boolean {
    const pid = this.#pid;
    return pid !== null && isAlive(pid);
  }
}
