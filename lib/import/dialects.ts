/** THE TABLE of the configurations that can be read: one row each. */
import { readIpvsadm } from './ipvsadm.ts';
import { readKeepalived } from './keepalived.ts';
import { readLdirectord } from './ldirectord.ts';
import { readLvs } from './lvs.ts';
import type { ImportOptions, ImportResult } from './result.ts';

interface DialectRow {
  /** For people: what it is and whose. */
  readonly label: string;
  /** A word or line that only this dialect has; the first row that fits is the guess. */
  readonly signs: RegExp;
  /** Never throws, whatever the text. */
  read(text: string, options?: ImportOptions): ImportResult;
}

const row = (definition: DialectRow): DialectRow => definition;

export const dialects = {
  ipvsadm: row({
    label: 'Kernel table (ipvsadm -Sn)',
    signs: /^[ \t]*-[Aa][ \t]+(-[tuf]|--sctp-service)[ \t]|^IP Virtual Server version/m,
    read: readIpvsadm,
  }),
  keepalived: row({
    label: 'keepalived (keepalived.conf)',
    signs: /^[ \t]*(global_defs|vrrp_instance|vrrp_sync_group|virtual_server(_group)?)\b/m,
    read: readKeepalived,
  }),
  ldirectord: row({
    label: 'ldirectord (ldirectord.cf)',
    signs: /^virtual6?[ \t]*=|^[ \t]+real6?[ \t]*=/m,
    read: readLdirectord,
  }),
  lvs: row({
    label: 'Piranha or Shoal (lvs.cf)',
    signs:
      /^[ \t]*(serial_no|backup_active|heartbeat|vip_nmask|quiesce_server|service[ \t]*=[ \t]*(lvs|fos))\b|^[ \t]*(virtual|failover)[ \t]+[^={\n]+\{/m,
    read: readLvs,
  }),
} as const;

export type Dialect = keyof typeof dialects;

/** How much of a text is looked at: a guess must not cost more than reading. */
const LOOKED_AT = 100_000;

/** Guesses by content; null when nothing fits. */
export function recogniseDialect(text: string): Dialect | null {
  const head = text.slice(0, LOOKED_AT);
  for (const [name, { signs }] of Object.entries(dialects) as [Dialect, DialectRow][])
    if (signs.test(head)) return name;
  return null;
}
