/** One router of the lab: a virtual machine with the stock kernel of Debian and a disk that outlives it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentHost } from './agent-host.ts';
import { macOf, projectRoot, type RouterName, routerPlaces, type Side } from './places.ts';
import { prepare } from './prepare.ts';
import { isAlive, must, until } from './process.ts';
import { machineArgv, qmp } from './qemu.ts';
import { Remote } from './remote.ts';

/**
 * Where Linux shares the processor between sessions (autogroup), the nice value of a daemon counts for nothing outside
 * its own one: the session has a nice value besides.
 */
function raise(pid: number | null): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '-10');
  } catch {
    // No such sharing here, or not for us: the nice value has to do.
  }
}

/** A router is up 3 to 5 s after its start; a loaded machine without KVM takes its time. */
const BOOT_LIMIT_MS = 120_000;

export class Router extends Remote {
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly agent: AgentHost;
  /** Of the machine from its next boot on. */
  processors = 1;
  readonly #folder: string;

  constructor(name: RouterName, folder: string) {
    super(name, folder);
    this.publicAddress = routerPlaces[name].public;
    this.privateAddress = routerPlaces[name].private;
    this.agent = new AgentHost(this);
    this.#folder = folder;
  }

  #file(suffix: string): string {
    return join(this.#folder, `${this.name}.${suffix}`);
  }

  mac(side: Side): string {
    return macOf(this.name, side);
  }

  /** The process of its machine, which may have ended; null when it was never started. */
  get pid(): number | null {
    const file = this.#file('pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null;
  }

  /** Whether its machine runs (a paused one does). */
  isRunning(): boolean {
    const pid = this.pid;
    return pid !== null && isAlive(pid);
  }

  /** Starts the machine and waits until its sshd lets the lab in. The disk keeps what earlier boots wrote. */
  async boot(cmdline: readonly string[] = []): Promise<void> {
    await this.start(cmdline);
    await this.waitForSsh();
  }

  /** Starts the machine without waiting for it. */
  async start(cmdline: readonly string[] = []): Promise<void> {
    if (this.isRunning()) throw new Error(`Router ${this.name} runs already.`);
    const boot = await prepare();
    const disk = this.#file('disk');
    if (!existsSync(disk)) {
      await must(['truncate', '-s', '1G', disk]);
      await must(['mkfs.ext4', '-q', '-F', '-m', '0', '-N', '8192', '-J', 'size=8', disk]);
    }
    for (const suffix of ['pid', 'log', 'qmp']) rmSync(this.#file(suffix), { force: true });
    const argv = machineArgv({
      name: this.name,
      boot,
      processors: this.processors,
      diskFile: disk,
      serialLog: this.#file('log'),
      qmpSocket: this.#file('qmp'),
      pidFile: this.#file('pid'),
      cards: (['pub', 'prv'] as const).map((side) => ({
        id: side,
        tap: `${this.name}-${side}`,
        mac: this.mac(side),
      })),
      cmdline: [
        `boot=${join(projectRoot, 'e2e/lab/router/boot.sh')}`,
        `lab=${this.#folder}`,
        `n=${routerPlaces[this.name].number}`,
        `kernel=${boot.kernelFolder}`,
        `node=${process.execPath}`,
        ...cmdline,
      ],
    });
    await must(argv);
    raise(this.pid);
  }

  async waitForSsh(): Promise<void> {
    const answers = async (): Promise<boolean> =>
      !this.isRunning() || (await this.ssh(['true'], { timeoutMs: 20_000 })).code === 0;
    const limits = { timeoutMs: BOOT_LIMIT_MS, everyMs: 200 };
    await until(`router ${this.name} to let the lab in over SSH`, answers, limits).catch((error) => {
      throw new Error(`${error.message}\nConsole of ${this.name}: ${this.serialLog()}`);
    });
    if (!this.isRunning()) throw new Error(`The machine of ${this.name} ended: ${this.serialLog()}`);
  }

  /** What the machine wrote on its serial console. */
  serialLog(): string {
    const file = this.#file('log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : '(nothing)';
  }

  /** Ends the machine at once, as a cut of the power does. Returns the moment (`performance.now()`). */
  async kill(): Promise<number> {
    const pid = this.pid;
    if (pid === null || !isAlive(pid)) throw new Error(`Router ${this.name} does not run.`);
    process.kill(pid, 'SIGKILL');
    const at = performance.now();
    await this.#waitUntilGone(pid);
    return at;
  }

  /** Shuts down in order, the agent first, and boots again. */
  async reboot(): Promise<void> {
    const pid = this.pid;
    if (pid === null) throw new Error(`Router ${this.name} does not run.`);
    await this.agent.stop();
    await this.sh('sync; (sleep 0.2; busybox reboot -f) >/dev/null 2>&1 &');
    await this.#waitUntilGone(pid);
    await this.boot();
  }

  /** Remembers its disk as it is, for `restoreDisk`. The machine stands still for that moment. */
  async keepDisk(): Promise<void> {
    await this.on(['sync']);
    await this.pause();
    try {
      await must(['cp', '--sparse=always', this.#file('disk'), this.#file('disk-kept')]);
    } finally {
      await this.resume();
    }
  }

  /** Boots from the disk that was kept: whatever happened to the router since is undone. */
  async restoreDisk(): Promise<void> {
    if (this.isRunning()) await this.kill();
    renameSync(this.#file('disk-kept'), this.#file('disk'));
    await this.boot();
  }

  async #waitUntilGone(pid: number): Promise<void> {
    await until(`the machine of ${this.name} to be gone`, () => !isAlive(pid), { timeoutMs: 30_000 });
    await this.hangUp();
  }

  /** Freezes the whole machine, as a pause of the hypervisor does. */
  async pause(): Promise<void> {
    await qmp(this.#file('qmp'), 'stop');
  }

  async resume(): Promise<void> {
    await qmp(this.#file('qmp'), 'cont');
  }

  /** Pulls the cable: the router sees that its link is down. */
  async linkDown(side: Side): Promise<void> {
    await qmp(this.#file('qmp'), 'set_link', { name: `nic-${side}`, up: false });
  }

  async linkUp(side: Side): Promise<void> {
    await qmp(this.#file('qmp'), 'set_link', { name: `nic-${side}`, up: true });
  }

  /** Cuts the wire behind the switch: packets are lost, the router's own link stays up. */
  async cutOff(side: Side): Promise<void> {
    await must(['ip', 'link', 'set', `${this.name}-${side}`, 'nomaster']);
  }

  async joinAgain(side: Side): Promise<void> {
    await must(['ip', 'link', 'set', `${this.name}-${side}`, 'master', `br-${side}`]);
  }

  /** At the switch of a network, this router and others that stand apart no longer reach each other; all others do. */
  async standApart(side: Side, isApart: boolean): Promise<void> {
    const port = ['dev', `${this.name}-${side}`, 'type', 'bridge_slave'];
    await must(['ip', 'link', 'set', ...port, 'isolated', isApart ? 'on' : 'off']);
  }

  /** The kernel's routing table, one `ipvsadm -Sn` line each. */
  async routingTable(): Promise<string[]> {
    return (await this.on(['ipvsadm', '-Sn'])).split('\n').filter((line) => line.trim() !== '');
  }

  /** IPv4 addresses on an interface, without their length: `192.0.2.11`. */
  async addresses(device: 'eth0' | 'eth1'): Promise<string[]> {
    const shown = await this.on(['ip', '-4', '-o', 'addr', 'show', 'dev', device]);
    return [...shown.matchAll(/ inet ([\d.]+)/g)].map((match) => match[1] ?? '');
  }

  /** `SHA256:…` of its host key, as `ssh-keygen -lf` prints it. */
  async fingerprint(): Promise<string> {
    const key = (await this.readFile('/etc/shoal-lab/host_key.pub')).split(' ')[1] ?? '';
    const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
    return `SHA256:${digest.replace(/=+$/, '')}`;
  }

  /** Gives the router another host key, as a machine that stands in its place would have one. */
  async replaceHostKey(): Promise<void> {
    const script =
      'cd /etc/shoal-lab && mv host_key host_key.was && mv host_key.pub host_key.pub.was && ' +
      "ssh-keygen -q -t ed25519 -N '' -f host_key";
    await this.on(['sh', '-c', script]);
    await this.restartSshd();
  }

  /** Puts the host key back that `replaceHostKey` took away. */
  async restoreHostKey(): Promise<void> {
    const script = 'cd /etc/shoal-lab && mv -f host_key.was host_key && mv -f host_key.pub.was host_key.pub';
    await this.on(['sh', '-c', script]);
    await this.restartSshd();
  }

  /** Restarts sshd and ends every open session, the console's among them. */
  async restartSshd(): Promise<void> {
    await this.sh('sh "$1"', join(projectRoot, 'e2e/lab/router/restart-sshd.sh'));
    await this.hangUp();
    await this.waitForSsh();
  }
}
