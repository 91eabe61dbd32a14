/** The command line of a router's virtual machine, and talking to a running one (QMP). */
import { accessSync, constants, readFileSync } from 'node:fs';
import net from 'node:net';
import type { BootFiles } from './prepare.ts';
import type { Argv } from './process.ts';

export interface MachineOptions {
  readonly name: string;
  readonly boot: BootFiles;
  readonly processors: number;
  readonly diskFile: string;
  readonly serialLog: string;
  readonly qmpSocket: string;
  readonly pidFile: string;
  /** Words of the kernel's command line besides the console's. */
  readonly cmdline: readonly string[];
  readonly cards: readonly { readonly id: string; readonly tap: string; readonly mac: string }[];
}

function hasKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return /\b(vmx|svm)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

export function machineArgv(options: MachineOptions): Argv {
  const { boot } = options;
  const kvm = hasKvm() ? ['-accel', 'kvm'] : [];
  const cards = options.cards.flatMap(({ id, tap, mac }) => [
    ...['-netdev', `tap,id=${id},ifname=${tap},script=no,downscript=no`],
    ...['-device', `virtio-net-pci,netdev=${id},id=nic-${id},mac=${mac}`],
  ]);
  return [
    // A router that waits for the processor looks dead to its partner; browsers and builds can wait.
    ...(['nice', '-n', '-10'] as const),
    'qemu-system-x86_64',
    // A boot fills 215 MB with translated code. When there is no room left, all of it is thrown away at once, and the
    // router stands still until what it runs is translated again.
    ...['-name', options.name, '-M', 'q35', ...kvm, '-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max'],
    ...['-smp', String(options.processors), '-m', '1024'],
    ...['-no-reboot', '-nodefaults', '-display', 'none', '-daemonize'],
    ...['-serial', `file:${options.serialLog}`, '-qmp', `unix:${options.qmpSocket},server,nowait`],
    ...['-pidfile', options.pidFile],
    ...['-kernel', boot.kernelImage, '-initrd', boot.initramfs],
    '-append',
    // On a busy machine the emulated timer is late for the kernel's check of it, which then panics.
    ['console=ttyS0 quiet panic=-1 no_timer_check mitigations=off net.ifnames=0', ...options.cmdline].join(
      ' ',
    ),
    ...['-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=host', '-device', 'virtio-rng-pci'],
    // What the guest wrote is in the host's page cache and outlives a SIGKILL of QEMU: no need to wait for the disk.
    ...['-drive', `file=${options.diskFile},if=virtio,format=raw,cache=unsafe`],
    ...cards,
  ];
}

/** Sends one QMP command (`stop`, `cont`, `set_link`, …) and returns its answer. */
export function qmp(
  socketPath: string,
  command: string,
  args: Record<string, unknown> = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    let buffer = '';
    let answers = 0;
    const finish = (error: Error | null, value?: unknown): void => {
      socket.destroy();
      if (error) reject(error);
      else resolve(value);
    };
    socket.setTimeout(5000, () => finish(new Error(`QEMU did not answer ${command} within 5 s.`)));
    socket.on('error', (error) => finish(error));
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
        const message: Record<string, unknown> = JSON.parse(buffer.slice(0, end));
        buffer = buffer.slice(end + 1);
        if ('QMP' in message) socket.write('{"execute":"qmp_capabilities"}\n');
        else if ('error' in message)
          finish(new Error(`QEMU refused ${command}: ${JSON.stringify(message.error)}`));
        else if ('return' in message && answers++ === 0) {
          socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
        } else if ('return' in message) finish(null, message.return);
      }
    });
  });
}
