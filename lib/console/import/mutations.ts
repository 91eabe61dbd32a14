/** A new cluster from a configuration that somebody else's program was run with. */
import 'server-only';
import { dialects } from '#lib/import/dialects.ts';
import { type Counts, countsOf, forbidding, readForeign } from '#lib/import/examine.ts';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import type { Database } from '#lib/platform/database.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import { makeCluster } from '../clusters/mutations.ts';
import type { CreateResult, ImportRequest } from '../contract.ts';
import { fillBlocks } from '../draft/fill.ts';
import { settingsOf } from '../draft/replace.ts';

const refused = (message: string, field: 'text' | 'acknowledged'): CreateResult => ({
  ok: false,
  message,
  fields: { [field]: { message } },
});

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const contentOf = ({ virtualServers, realServers }: Counts): string =>
  `${counted(virtualServers, 'virtual server')}, ${counted(realServers, 'real server')}`;

function faultsOf(errors: readonly PlacedDiagnostic[]): string {
  const shown = errors.slice(0, 3).map(({ line, message }) => `line ${line}: ${message}`);
  const more = errors.length > 3 ? ` and ${errors.length - 3} more` : '';
  return `Nothing was imported: the text has ${counted(errors.length, 'error')}. ${shown.join('; ')}${more}`;
}

/** A configuration of 40 000 real servers is written in seconds; a busy disk takes longer. */
const LIMIT_MS = 120_000;

/** Makes the cluster with its draft, all of it or nothing. Nothing while an error stands or a loss is not accepted. */
export async function importCluster(db: Database, actor: Actor, given: ImportRequest): Promise<CreateResult> {
  const read = readForeign(given.text, given);
  if (read === null) {
    const known = Object.values(dialects).map(({ label }) => label);
    return refused(
      `Nothing was imported: the text is in none of the known forms (${known.join(', ')})`,
      'text',
    );
  }
  const { config, notCarried } = read.result;
  const errors = forbidding(read);
  if (errors.length > 0) return refused(faultsOf(errors), 'text');
  if (notCarried.length !== given.acknowledged) {
    return refused(
      `Nothing was imported: ${counted(notCarried.length, 'thing')} of the text cannot be carried over. Read the list and accept it`,
      'acknowledged',
    );
  }
  return db.$transaction(
    async (tx) => {
      const made = await makeCluster(tx, actor, {
        name: given.name,
        settings: settingsOf('global', config.global),
        remarks: { comments: config.comments, unknown: config.unknown },
        // What stands on the router then is known here: the first push may replace it.
        ...(read.dialect === 'lvs' ? { takenInHash: textHash(given.text) } : {}),
      });
      if (!made.ok) return made;
      await fillBlocks(tx, made.id, config);
      await audit(tx, actor, {
        action: 'import.importCluster',
        clusterId: made.id,
        message: `Made the cluster ${given.name.trim()} from ${given.source}, read as ${dialects[read.dialect].label}: ${contentOf(countsOf(config))}; ${counted(notCarried.length, 'thing')} not carried over`,
      });
      return made;
    },
    { timeout: LIMIT_MS },
  );
}
