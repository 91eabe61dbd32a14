/** What stands in the workbench: a text, where it comes from, and the live table to compare it with. Pure. */
import type { Dialect } from '#lib/import/dialects.ts';

export interface Source {
  /** Another number is another text: the editor begins anew. */
  readonly id: number;
  readonly text: string;
  readonly dialect: Dialect | null;
  /** Output of `ipvsadm -Sn`; null when there is none. */
  readonly liveTable: string | null;
  /** For the trail: "192.0.2.11", "lvs.cf", "a pasted text". */
  readonly origin: string;
  /** A proposal for the name of the cluster. */
  readonly name: string;
}

export const pastedText = 'a pasted text';

/** "lvs-vienna" for `lvs-vienna.cf`; nothing for Piranha's own file name, which says nothing. */
export function nameFromFile(file: string): string {
  const stem = file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  return ['lvs', 'keepalived', 'ldirectord', 'ipvsadm'].includes(stem) ? '' : stem;
}
