/**
 * Linux removes all addresses of a network with its first one, also those that others put there, unless
 * `promote_secondaries` is on. It is switched on for the moment of a removal, so that taking a VIP off costs no other
 * address; the setting is as before afterwards. Whoever runs `ip -batch` with a removal gets this without knowing.
 */
import type { Exec } from '../runtime/types.ts';
import type { Sysctl } from './neighbour-news.ts';

export function keepingSecondaries(exec: Exec, sysctl: Sysctl): Exec {
  return async (argv, options) => {
    const removals = (options?.stdin ?? '').matchAll(/^addr del [\d.]+\/\d+ dev (\S+)$/gm);
    const devices = argv[0] === 'ip' ? new Set([...removals].map(([, device = '']) => device)) : [];
    const changed = [...devices]
      .map((device) => `/proc/sys/net/ipv4/conf/${device}/promote_secondaries`)
      .filter((path) => sysctl.read(path)?.trim() === '0' && sysctl.write(path, '1'));
    const result = await exec(argv, options);
    for (const path of changed) sysctl.write(path, '0');
    return result;
  };
}
