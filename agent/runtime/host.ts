/** The machine that the agent runs on, as far as it can be asked without starting a program. */
import { cpus, hostname, networkInterfaces, uptime } from 'node:os';
import type { PlacedAddress } from '../dataplane/addresses.ts';
import type { SendFirstWord } from '../dataplane/first-word.ts';
import { hasFile, hasProgram, readText, readTextNow, writeTextNow } from './files.ts';
import { sendFirstWord } from './udp.ts';

export interface Host {
  readonly hostname: string;
  readonly isRoot: boolean;
  /** At least 1. */
  readonly processors: number;
  /** A file of /proc or /sys; null when there is none. */
  readText(path: string): Promise<string | null>;
  /** Whether there is such a file that can be read. The kernel makes the content of some only when they are. */
  hasFile(path: string): Promise<boolean>;
  /** A small file, at once; null when there is none or it cannot be read. */
  readTextNow(path: string): string | null;
  /** Writes a setting of the kernel (/proc/sys), at once; false when it cannot be written. */
  writeTextNow(path: string, text: string): boolean;
  hasProgram(name: string): Promise<boolean>;
  /** Addresses of the interfaces that are up and running. */
  localAddresses(): PlacedAddress[];
  memoryBytes(): number;
  /** Time since the machine started, which no set clock moves and a restart of the agent does not end. */
  uptime(): { readonly bootId: string | null; readonly ms: number };
  readonly sendFirstWord: SendFirstWord;
}

export const systemHost: Host = {
  hostname: hostname(),
  isRoot: process.getuid?.() === 0,
  // The first versions of Node.js 18 have no availableParallelism; without /proc there are none to be seen.
  processors: Math.max(1, cpus().length),
  readText,
  hasFile,
  readTextNow,
  writeTextNow,
  hasProgram,
  localAddresses: () =>
    Object.entries(networkInterfaces()).flatMap(([name, infos]) =>
      (infos ?? []).map(({ address, cidr }) => ({
        address,
        prefix: Number(cidr?.split('/')[1] ?? 32),
        // An alias shows under its label.
        device: name.split(':')[0] ?? name,
      })),
    ),
  memoryBytes: () => process.memoryUsage.rss(),
  uptime: () => ({
    bootId: readTextNow('/proc/sys/kernel/random/boot_id')?.trim() ?? null,
    ms: uptime() * 1000,
  }),
  sendFirstWord,
};
