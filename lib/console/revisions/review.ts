/** The draft against the last revision. Pure. */
import { countChanges, diffConfigs } from '#lib/lvs/diff.ts';
import { formatBlocks, formatConfig, formatTop } from '#lib/lvs/format.ts';
import { type ClusterConfig, emptyConfig, type VirtualServer } from '#lib/lvs/model.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { isSame } from '#lib/lvs/same.ts';
import { singleton } from '#lib/platform/singleton.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import type { ReviewView } from '../contract.ts';
import { configOf, type Draft, serialOf } from '../draft/draft.ts';
import { faultsOf } from '../draft/faults.ts';
import type { Revision } from './data.ts';
import { diffTexts } from './text-diff.ts';

const withSerial = (config: ClusterConfig, serialNumber: number): ClusterConfig => ({
  ...config,
  global: { ...config.global, serialNumber },
});

/**
 * Number of the next revision: above the last one and above everything that is known to be on a router, so that
 * a number never stands for two configurations.
 */
export const nextSerial = (draft: Draft, last: number, running: readonly number[]): number =>
  Math.max(last, serialOf(draft), ...running) + 1;

const hashOf = (draft: Draft, blocks: string): string => textHash(formatTop(configOf(draft, 0)), blocks);

/** The draft whatever number it gets. */
export const draftHash = (draft: Draft): string => hashOf(draft, formatBlocks(configOf(draft)));

/** Whether a push would send what the last revision holds already. */
export const isUnchanged = (draft: Draft, last: Revision): boolean =>
  formatConfig(configOf(draft, last.serial)) === last.text;

/** The revision that was read last: it is compared with after every edit, and a large one takes long to read. */
const lastRead = singleton('last-revision', (): { hash: string; config: ClusterConfig } => ({
  hash: '',
  config: emptyConfig(),
}));

/** What a revision says; null when its text must be read for that. */
export const knownRevision = (hash: string): ClusterConfig | null =>
  lastRead.hash === hash ? lastRead.config : null;

/** What a revision says. What it has in common with the draft stands in memory once. */
export function configOfRevision(
  { hash, text }: Pick<Revision, 'hash' | 'text'>,
  draft: Draft,
): ClusterConfig {
  if (lastRead.hash !== hash)
    Object.assign(lastRead, { hash, config: sharing(parseConfig(text).config, configOf(draft)) });
  return lastRead.config;
}

/** The configuration with each block that another holds, too, replaced by that one's: a large cluster stands once. */
function sharing(config: ClusterConfig, other: ClusterConfig): ClusterConfig {
  const shared = (blocks: readonly VirtualServer[], others: readonly VirtualServer[]) => {
    const byName = new Map(others.map((block) => [block.name, block]));
    return blocks.map((block) => {
      const twin = byName.get(block.name);
      return twin !== undefined && isSame(block, twin) ? twin : block;
    });
  };
  return {
    ...config,
    virtualServers: shared(config.virtualServers, other.virtualServers),
    failoverServices: shared(config.failoverServices, other.failoverServices),
  };
}

/** How many differences the draft has from the last revision. A first one is compared with an empty file. */
export const countDraftChanges = (draft: Draft, before: ClusterConfig | null): number =>
  countChanges(withSerial(before ?? emptyConfig(), 0), configOf(draft, 0));

/** The same in words. */
const draftChanges = (draft: Draft, before: ClusterConfig | null): readonly string[] =>
  diffConfigs(withSerial(before ?? emptyConfig(), 0), configOf(draft, 0)).map(({ message }) => message);

/** A first push of a large file has a sentence for every real server. */
const MOST_CHANGES = 500;

export function reviewOf(draft: Draft, last: Revision | null, next: number): ReviewView {
  const changes = draftChanges(draft, last && configOfRevision(last, draft));
  const serial = last !== null && changes.length === 0 ? last.serial : next;
  const blocks = formatBlocks(configOf(draft));
  return {
    changes: changes.slice(0, MOST_CHANGES),
    changeCount: changes.length,
    text: diffTexts(last?.text ?? '', formatTop(configOf(draft, serial)) + blocks),
    diagnostics: faultsOf(draft),
    nextSerial: next,
    draftHash: hashOf(draft, blocks),
    lastRevision: last && {
      serial: last.serial,
      author: last.author,
      at: last.at.toISOString(),
      message: last.message,
    },
  };
}
