import type { Saved } from '#lib/console/contract.ts';
import { sentence } from '../ui/sentence.ts';

export type Taken = NonNullable<Saved['taken']>;

/** What others saved in other fields beside a save, as sentences; empty when nobody did. Pure. */
export const takenInWords = (taken: Taken | undefined): string =>
  taken === undefined || taken.changes.length === 0
    ? ''
    : `${taken.by} changed other fields meanwhile, and that stays: ${taken.changes.map(sentence).join(' ')}`;
