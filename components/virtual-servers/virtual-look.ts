import { CircleMinus, Hourglass } from 'lucide-react';
import type { BlockRow } from '#lib/console/contract.ts';
import type { Tallies } from '#lib/protocol/tally.ts';
import { type Look, unknownLook, upLook } from '../status/looks.ts';
import { isEnabled } from './known.ts';

/** State of a virtual server in words; `tallies` is what the routers say, null while none can be asked. */
export function virtualLook(row: Pick<BlockRow, 'name' | 'values'>, tallies: Tallies | null): Look {
  if (tallies === null) return unknownLook;
  const [up, active] = (Object.hasOwn(tallies, row.name) && tallies[row.name]) || [0, 0];
  if (active > 0) return upLook(up, active);
  return isEnabled(row)
    ? { word: 'not on the routers', tone: 'warn', Icon: Hourglass }
    : { word: 'inactive', tone: 'neutral', Icon: CircleMinus };
}
