/** Which entries of an index a query means, the best first. Pure. */
import { ipv4Number, isDottedIpv4 } from '#lib/lvs/address.ts';
import type { Entry } from './index-of.ts';
import { type Word, wordsOf } from './query.ts';

export interface Hits {
  readonly entries: readonly Entry[];
  /** How many there are; `entries` may be fewer. */
  readonly total: number;
}

type Network = Word & { readonly kind: 'network' };

function isWithin(address: string | null, { from, to }: Network): boolean {
  if (address === null || !isDottedIpv4(address)) return false;
  const number = ipv4Number(address);
  return number >= from && number <= to;
}

/** How well a word fits: 0 not at all, 3 the thing itself. Of tens of thousands of entries, no more is read than needed. */
function fitOf(entry: Entry, word: Word): number {
  switch (word.kind) {
    case 'address':
      return (entry.address === word.address || entry.otherAddress === word.address) &&
        (word.port === null || entry.port === word.port)
        ? 3
        : 0;
    case 'network':
      return isWithin(entry.address, word) || isWithin(entry.otherAddress, word) ? 2 : 0;
    case 'ipv6-start':
      return entry.address?.startsWith(word.text) ||
        entry.otherAddress?.startsWith(word.text) ||
        entry.text.includes(word.text)
        ? 2
        : 0;
    case 'number':
      if (entry.port === word.number || entry.mark === word.number) return 2;
      return !word.isPort && entry.text.includes(word.text) ? 1 : 0;
    case 'text': {
      if (!entry.text.includes(word.text)) return 0;
      const { lowName } = entry;
      if (lowName === word.text) return 3;
      return lowName.startsWith(word.text) ? 2 : 1;
    }
  }
}

function score(entry: Entry, words: readonly Word[]): number {
  let sum = 0;
  for (const word of words) {
    const points = fitOf(entry, word);
    if (points === 0) return 0;
    sum += points;
  }
  return sum;
}

/** At most `most` entries, better ones first and equal ones in the order of the index. */
export function find(index: readonly Entry[], query: string, most: number): Hits {
  const words = wordsOf(query);
  if (words.length === 0) return { entries: [], total: 0 };
  const best: Entry[][] = [];
  let total = 0;
  for (const entry of index) {
    const points = score(entry, words);
    if (points === 0) continue;
    total += 1;
    const rank = best[points] ?? [];
    best[points] = rank;
    if (rank.length < most) rank.push(entry);
  }
  return { entries: best.reverse().flat().slice(0, most), total };
}

/** Ids of the blocks that the query means, by themselves or by one of their real servers; that one says why. */
export function blocksFound(index: readonly Entry[], query: string): ReadonlyMap<string, Entry> {
  const words = wordsOf(query);
  const found = new Map<string, Entry>();
  for (const entry of index) {
    const id = entry.parent?.id ?? entry.id;
    if (entry.kind !== 'router' && !found.has(id) && score(entry, words) > 0) found.set(id, entry);
  }
  return found;
}

/** The real servers that the query means by themselves, in the order of the index. */
export function serversFound(index: readonly Entry[], query: string): readonly Entry[] {
  const words = wordsOf(query);
  return index.filter((entry) => entry.kind === 'server' && score(entry, words) > 0);
}
