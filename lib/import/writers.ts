/** THE TABLE of the forms that a configuration can be written in: one row each. */
import { formatConfig } from '../lvs/format.ts';
import type { ClusterConfig } from '../lvs/model.ts';
import type { NotCarried } from './result.ts';
import { writeKeepalived } from './write-keepalived.ts';

export interface WriteOptions {
  /** For forms that differ between the two routers. */
  readonly role: 'primary' | 'backup';
}

/** A text, and what of the configuration it does not hold (`line` counts in the text that is written). */
export interface Written {
  readonly text: string;
  readonly notCarried: readonly NotCarried[];
}

interface WriterRow {
  readonly label: string;
  write(config: ClusterConfig, options: WriteOptions): Written;
}

const row = (definition: WriterRow): WriterRow => definition;

export const writers = {
  lvs: row({
    label: 'Piranha or Shoal (lvs.cf)',
    write: (config) => ({ text: formatConfig(config), notCarried: [] }),
  }),
  keepalived: row({ label: 'keepalived (keepalived.conf)', write: writeKeepalived }),
} as const;

export type Writer = keyof typeof writers;
