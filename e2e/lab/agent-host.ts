/** The agent on a router: installed as an administrator does it, kept running by systemd's understudy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RouterStatus } from '#lib/protocol/messages.ts';
import { AgentRpc } from './agent-rpc.ts';
import { projectRoot } from './places.ts';
import { type RunOptions, type RunResult, until } from './process.ts';
import type { Remote } from './remote.ts';

const installFolder = '/usr/local/lib/shoal';
export const configFile = '/etc/sysconfig/ha/lvs.cf';
/** Where its command stands (see supervise.sh). */
const commandPath = '/etc/shoal-lab/agent';
const command = `${installFolder}/shoal-agent.mjs --config ${configFile} --state /var/lib/shoal --run /run/shoal`;

export class AgentHost {
  /** A kept connection to the agent, as the console has one. */
  readonly rpc: AgentRpc;
  readonly #remote: Remote;

  constructor(remote: Remote) {
    this.#remote = remote;
    this.rpc = new AgentRpc(remote);
  }

  /** Copies the bundles to /usr/local/lib/shoal; `shoalctl` comes on the path. */
  async install(bundleFolder = join(projectRoot, 'dist/agent')): Promise<void> {
    for (const name of ['shoal-agent.mjs', 'shoalctl.mjs']) {
      await this.#remote.writeFile(join(installFolder, name), readFileSync(join(bundleFolder, name)), '755');
    }
    await this.#remote.on(['ln', '-sf', `${installFolder}/shoalctl.mjs`, '/usr/local/bin/shoalctl']);
    // As a package manager does: what is installed outlives a cut of the power.
    await this.#remote.on(['sync']);
  }

  /** Starts it now and at every boot of the router; waits until it answers. */
  async start(): Promise<void> {
    await this.#writeCommand(`${command}\n`);
    await this.startAgain();
    await this.waitUntilAnswers();
  }

  /** Starts it as it ran before, and does not wait for it. */
  async startAgain(): Promise<void> {
    const supervise = join(projectRoot, 'e2e/lab/router/supervise.sh');
    await this.#remote.on([
      ...['sh', '-c', 'rm -f /run/shoal-lab-stop; setsid sh "$1" </dev/null >/dev/null 2>&1 &'],
      ...['sh', supervise],
    ]);
  }

  /** Starts it anew with a variable in its environment (`NAME=value`); returns the way back, which starts it anew again. */
  async runWith(variable: string): Promise<() => Promise<void>> {
    const usual = await this.#remote.readFile(commandPath);
    await this.#restartAs(`env ${variable} ${usual}`);
    return () => this.#restartAs(usual);
  }

  /** Outlives a cut of the power, as what a package manager wrote does. */
  async #writeCommand(text: string): Promise<void> {
    await this.#remote.writeFile(commandPath, text);
    await this.#remote.on(['sync']);
  }

  async #restartAs(text: string): Promise<void> {
    const { runId } = await this.status();
    await this.#writeCommand(text);
    await this.kill();
    const isAnother = async (): Promise<boolean> => (await this.status()).runId !== runId;
    await until(`another agent on ${this.#remote.name}`, isAnother, { timeoutMs: 120_000 });
  }

  async waitUntilAnswers(): Promise<void> {
    try {
      await until(`the agent of ${this.#remote.name} to answer`, () => this.answers(), {
        timeoutMs: 120_000,
      });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\nIts log:\n${await this.log()}`);
    }
  }

  async answers(): Promise<boolean> {
    return (await this.status()).runId !== '';
  }

  /** What the agent says of itself. Rejects when it does not answer. */
  status(): Promise<RouterStatus> {
    return this.rpc.request('status', {});
  }

  /** `systemctl stop`: SIGTERM and no restart before the next boot. Waits until the process is gone. */
  async stop(): Promise<void> {
    const script =
      'touch /run/shoal-lab-stop; [ -e /run/shoal-agent.pid ] || exit 0; p=$(cat /run/shoal-agent.pid); ' +
      'kill -TERM "$p" 2>/dev/null; for i in $(seq 100); do kill -0 "$p" 2>/dev/null || exit 0; sleep 0.1; done; ' +
      'kill -KILL "$p"; exit 9';
    const { code } = await this.#remote.sh(script);
    if (code === 9) throw new Error(`The agent of ${this.#remote.name} was still there 10 s after SIGTERM.`);
  }

  /** Ends it and forgets its configuration and state, as if it had never been installed. */
  async forget(): Promise<void> {
    await this.stop();
    await this.#remote.on(['rm', '-rf', '/etc/sysconfig/ha', '/var/lib/shoal', '/run/shoal']);
    await this.#remote.on(['ipvsadm', '-C']);
  }

  /** kill -9; it is started again at once. */
  async kill(): Promise<void> {
    await this.#remote.on(['sh', '-c', 'kill -KILL "$(cat /run/shoal-agent.pid)"']);
  }

  /** kill -9, and nobody starts it again before `startAgain`. Waits until nobody watches over it any more. */
  async killForGood(): Promise<void> {
    const script =
      'touch /run/shoal-lab-stop; kill -KILL "$(cat /run/shoal-agent.pid)"; ' +
      'for i in $(seq 200); do [ -e /run/shoal-supervise.pid ] || exit 0; sleep 0.05; done; exit 9';
    const { code } = await this.#remote.sh(script);
    if (code !== 0) throw new Error(`The agent of ${this.#remote.name} could not be killed for good.`);
  }

  async signal(name: 'HUP' | 'STOP' | 'CONT' | 'TERM'): Promise<void> {
    await this.#remote.on(['sh', '-c', 'kill "-$1" "$(cat /run/shoal-agent.pid)"', 'sh', name]);
  }

  /** Null when no agent was started. */
  async pid(): Promise<number | null> {
    const { code, stdout } = await this.#remote.ssh(['cat', '/run/shoal-agent.pid']);
    return code === 0 ? Number(stdout) : null;
  }

  /** Memory in use (resident set) in kB. */
  async memoryKilobytes(): Promise<number> {
    const shown = await this.#remote.on(['sh', '-c', 'cat "/proc/$(cat /run/shoal-agent.pid)/status"']);
    return Number(/VmRSS:\s+(\d+)/.exec(shown)?.[1]);
  }

  /** What it wrote on standard output and standard error since the disk was made. */
  async log(): Promise<string> {
    return (await this.#remote.ssh(['cat', '/var/log/shoal-agent.log'])).stdout;
  }

  /** The last lines of it, but for those of level debug. */
  async recentLog(): Promise<string> {
    const script = 'grep -av level=debug /var/log/shoal-agent.log | tail -n 40';
    return (await this.#remote.sh(script)).stdout;
  }

  /** Runs `shoalctl ARGS` on the router, as root. */
  shoalctl(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return this.#remote.ssh(['shoalctl', ...args], options);
  }
}
