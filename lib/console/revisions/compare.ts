/** Two configurations side by side: revisions, the draft, what stands on a router. */
import 'server-only';
import { diffConfigs } from '#lib/lvs/diff.ts';
import { formatConfig } from '#lib/lvs/format.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import type { Database } from '#lib/platform/database.ts';
import type { Comparison, HandChange } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { configOf } from '../draft/draft.ts';
import { whyNotReachable } from '../routers/commands.ts';
import { type Ports, readMember } from '../routers/data.ts';
import { lastRevision, revisionBySerial } from './data.ts';
import { diffTexts } from './text-diff.ts';

const read = (text: string) => ({ text, ...parseConfig(text) });

type Read = ReturnType<typeof read>;

function changesInWords(from: Read, to: Read): string[] {
  const { serialNumber } = to.config.global;
  const renumbered = { ...from.config, global: { ...from.config.global, serialNumber } };
  return diffConfigs(renumbered, to.config).map(({ message }) => message);
}

const compare = (from: Read, to: Read): Comparison => ({
  changes: changesInWords(from, to),
  text: diffTexts(from.text, to.text),
});

/** Whether two texts ask for the same, the serial number left aside. */
export const meanTheSame = (one: string, other: string): boolean =>
  changesInWords(read(one), read(other)).length === 0;

/** From one text to the other, line by line, and in words, where the serial number alone is no change. */
export const compareTexts = (from: string, to: string): Comparison => compare(read(from), read(to));

/** Text of a revision or of the draft; null when there is none. */
async function textOf(db: Database, clusterId: string, which: number | 'draft'): Promise<string | null> {
  if (which !== 'draft') return (await revisionBySerial(db, clusterId, which))?.text ?? null;
  const draft = await readDraft(db, clusterId);
  return draft && formatConfig(configOf(draft));
}

/** Null when one of the two does not exist. */
export async function compareStored(
  db: Database,
  clusterId: string,
  from: number | 'draft',
  to: number | 'draft',
): Promise<Comparison | null> {
  const [before, after] = [await textOf(db, clusterId, from), await textOf(db, clusterId, to)];
  return before === null || after === null ? null : compareTexts(before, after);
}

/** What stands on a router, its file if somebody edited that, against the last revision. */
export async function compareWithRouter(
  db: Database,
  ports: Ports,
  given: { readonly clusterId: string; readonly routerId: string },
): Promise<HandChange> {
  const found = await readMember(db, ports, given.routerId);
  if (!found || found.clusterId !== given.clusterId)
    return { ok: false, message: 'This router does not exist any more' };
  const answer = await found.member.port?.request('config.get', {}, 30_000);
  if (answer === undefined) return { ok: false, message: whyNotReachable(found.member) };
  if (!answer.ok) return { ok: false, message: answer.message };
  const text = answer.result.fileText ?? answer.result.text;
  if (text === null) return { ok: false, message: `${found.member.name} has no configuration` };
  const last = await lastRevision(db, given.clusterId);
  const standing = read(text);
  const faults = standing.diagnostics.filter(({ severity }) => severity === 'error');
  return { ok: true, faults, ...compare(read(last?.text ?? ''), standing) };
}
