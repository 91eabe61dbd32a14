/** `npm run demo` in a terminal of its own, for a test; and what a demo may leave behind on the machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#e2e/lab/places.ts';
import { type Argv, type RunResult, run, until } from '#e2e/lab/process.ts';

/** The command as a person types it, with the npm that runs the tests. */
const npmRunDemo = (...args: readonly string[]): Argv => {
  const npm: Argv = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  return [...npm, 'run', '--silent', 'demo', '--', ...args];
};

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const numbersIn = (folder: string): number[] => readdirSync(folder).map(Number).filter(Number.isInteger);

/** What a file of /proc says; nothing when its process has ended meanwhile. */
function ofProcess<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Kernel names of the namespaces that a process is in, as `net:[4026532345]`. */
function namespacesOf(pid: number): string[] {
  return ['net', 'mnt', 'pid', 'user'].flatMap(
    (kind) => ofProcess(() => readlinkSync(`/proc/${pid}/ns/${kind}`)) ?? [],
  );
}

/** What stands in the machine's own tables and could outlive a demo. */
function machineNow(): Set<string> {
  const folders = { interface: '/sys/class/net', namespace: '/run/netns', folder: tmpdir() };
  return new Set(
    Object.entries(folders).flatMap(([kind, folder]) =>
      (ofProcess(() => readdirSync(folder)) ?? [])
        .filter((name) => kind !== 'folder' || name.startsWith('shoal-lab-'))
        .map((name) => `${kind} ${name}`),
    ),
  );
}

/** A folder for a demo's data, removed at the end of the test. */
export class DataFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'shoal-demo-data-'));

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export class Terminal {
  readonly port: number;
  readonly data: string;
  readonly #mark = `SHOAL_DEMO_MARK=${Math.random().toString(36).slice(2)}`;
  readonly #before = machineNow();
  readonly #namespaces = new Set<string>();
  readonly #process: ChildProcess;
  output = '';

  /** Types `npm run demo`. */
  constructor(port: number, data: string) {
    this.port = port;
    this.data = data;
    const [program, ...args] = npmRunDemo();
    // A process group of its own, as a shell gives it: Ctrl-C goes to all of its processes.
    this.#process = spawn(program, args, {
      cwd: projectRoot,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#env(),
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
      });
    }
  }

  #env(): NodeJS.ProcessEnv {
    const [name = '', value = ''] = this.#mark.split('=');
    return { ...process.env, PORT: String(this.port), SHOAL_DATA: this.data, [name]: value };
  }

  /** A second terminal in which somebody types `npm run demo -- ARG ...`. */
  second(...args: readonly string[]): Promise<RunResult> {
    return run(npmRunDemo(...args), { cwd: projectRoot, env: this.#env() });
  }

  /** The word behind a label of what it printed. */
  said(label: string): string {
    return new RegExp(`${label}\\s+(\\S+)`).exec(this.output)?.[1] ?? '';
  }

  async waitFor(text: string): Promise<void> {
    const heard = (): boolean => this.output.includes(text) || this.#process.exitCode !== null;
    await until(`the demo to say "${text}"`, heard, { timeoutMs: 400_000 });
    if (!this.output.includes(text)) throw new Error(`The demo ended without "${text}":\n${this.output}`);
  }

  /** Its processes that still live. */
  processes(): { readonly pid: number; readonly command: string; readonly inside: boolean }[] {
    return numbersIn('/proc').flatMap((pid) => {
      const environ = ofProcess(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
      if (!environ?.includes(this.#mark)) return [];
      const command = ofProcess(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
      return [
        { pid, command: command.replaceAll('\0', ' '), inside: environ.includes('SHOAL_LAB_INSIDE=1') },
      ];
    });
  }

  /** Waits for a process inside or outside of its namespaces whose command matches. Returns its id. */
  async process(where: 'inside' | 'outside', command: RegExp): Promise<number> {
    const fits = (one: ReturnType<Terminal['processes']>[number]): boolean =>
      one.inside === (where === 'inside') && command.test(one.command);
    const find = () => this.processes().find(fits);
    return (await until(`a process ${command} ${where}`, find, { timeoutMs: 240_000 })).pid;
  }

  /** Ctrl-C. Returns how npm ended: its exit code, or the signal, which it hands on to itself at times. */
  async interrupt(): Promise<number | NodeJS.Signals | null> {
    this.#noteNamespaces();
    process.kill(-(this.#process.pid ?? 0), 'SIGINT');
    const ended = (): boolean => this.#process.exitCode !== null || this.#process.signalCode !== null;
    await until('the demo to end', ended, { timeoutMs: 60_000 });
    return this.#process.exitCode ?? this.#process.signalCode;
  }

  /** SIGKILL to one of its processes. */
  kill(pid: number): void {
    this.#noteNamespaces();
    process.kill(pid, 'SIGKILL');
  }

  #noteNamespaces(): void {
    const own = namespacesOf(process.pid);
    for (const { pid } of this.processes()) {
      for (const namespace of namespacesOf(pid))
        if (!own.includes(namespace)) this.#namespaces.add(namespace);
    }
  }

  /** How many namespaces of its own it had when it was told to end. */
  get namespaces(): number {
    return this.#namespaces.size;
  }

  /** What there is of it now: processes, whoever is in its namespaces, interfaces, folders, notes, the port. */
  async remains(): Promise<string[]> {
    const guests = numbersIn('/proc').filter((pid) =>
      namespacesOf(pid).some((namespace) => this.#namespaces.has(namespace)),
    );
    return [
      ...this.processes().map(({ pid, command }) => `process ${pid} ${command}`),
      ...guests.map((pid) => `process ${pid} in a namespace of the demo`),
      ...[...machineNow()].filter((thing) => !this.#before.has(thing)),
      ...readdirSync(this.data).filter((name) => name === 'demo.socket'),
      ...((await this.#portIsFree()) ? [] : [`listener on port ${this.port}`]),
    ];
  }

  #portIsFree(): Promise<boolean> {
    const server = net.createServer();
    return new Promise((resolve) => {
      server.on('error', () => resolve(false));
      server.listen(this.port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
  }

  /** For a test that failed half-way. */
  dispose(): void {
    const ended = this.#process.exitCode !== null || this.#process.signalCode !== null;
    if (!ended) process.kill(-(this.#process.pid ?? 0), 'SIGKILL');
  }
}
