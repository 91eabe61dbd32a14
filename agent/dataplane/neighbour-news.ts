/**
 * Unsolicited neighbour advertisements. Linux sends one for a new address when `ndisc_notify` is on, but not for an
 * address that skips the search for duplicates by `nodad`; and a VIP cannot wait for that search. With `accept_dad`
 * off for the moment of the change, the address is usable at once and announced at once. Whoever runs `ip -batch -`
 * with a `nodad` in it gets this without knowing; the settings are as before afterwards.
 */
import type { Exec } from '../runtime/types.ts';

const NODAD = / nodad$/gm;

export interface Sysctl {
  read(path: string): string | null;
  /** False: it could not be written. */
  write(path: string, value: string): boolean;
}

const settings = [
  ['accept_dad', '0'],
  ['ndisc_notify', '1'],
] as const;

export function announcingNeighbours(exec: Exec, sysctl: Sysctl): Exec {
  return async (argv, options) => {
    const lines = options?.stdin ?? '';
    const devices = [...lines.matchAll(/^addr add .* dev (\S+) nodad$/gm)].map(([, device = '']) => device);
    if (argv[0] !== 'ip' || devices.length === 0) return exec(argv, options);
    const before: [path: string, value: string][] = [];
    const isSet = [...new Set(devices)].every((device) => set(sysctl, device, before));
    const stdin = isSet ? lines.replace(NODAD, '') : lines;
    const result = await exec(argv, { ...options, stdin });
    for (const [path, value] of before.reverse()) sysctl.write(path, value);
    return result;
  };
}

function set(sysctl: Sysctl, device: string, before: [path: string, value: string][]): boolean {
  return settings.every(([name, value]) => {
    const path = `/proc/sys/net/ipv6/conf/${device}/${name}`;
    const was = sysctl.read(path)?.trim();
    if (was === undefined) return false;
    if (was === value) return true;
    if (!sysctl.write(path, value)) return false;
    before.push([path, was]);
    return true;
  });
}
