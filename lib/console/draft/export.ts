/** The draft as a file. */
import 'server-only';
import { formatConfig } from '#lib/lvs/format.ts';
import type { Transaction } from '#lib/platform/database.ts';
import { readDraft } from './data.ts';
import { configOf, serialOf } from './draft.ts';

export interface DraftFile {
  /** Of the cluster. */
  readonly name: string;
  readonly text: string;
}

/**
 * The draft as lvs.cf, as it stands, faults included; null when there is no such cluster. Its serial number is that
 * of the last revision, or of the file that it came from.
 */
export async function draftFile(db: Transaction, clusterId: string): Promise<DraftFile | null> {
  const draft = await readDraft(db, clusterId);
  if (!draft) return null;
  const last = await db.revision.aggregate({ where: { clusterId }, _max: { serial: true } });
  const serial = Math.max(last._max.serial ?? 0, serialOf(draft));
  return { name: draft.cluster.name, text: formatConfig(configOf(draft, serial)) };
}

/** A name for the file on a disk: letters and digits of the cluster's. */
export const fileNameOf = ({ name }: DraftFile): string =>
  `${
    name
      .normalize('NFKD')
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .toLowerCase() || 'cluster'
  }-lvs.cf`;
