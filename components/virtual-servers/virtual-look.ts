import { CircleCheck, CircleHelp, CircleMinus, CircleX, Hourglass, TriangleAlert } from 'lucide-react';
import type { VirtualServerView } from '#lib/console/contract.ts';
import type { HealthGroup } from '../control/health.ts';
import type { Look } from '../status/looks.ts';
import { isEnabled } from './known.ts';

/** State of a virtual server in words; `group` is what the routers say, `asked` whether one can be asked. */
export function virtualLook(view: VirtualServerView, group: HealthGroup | undefined, asked: boolean): Look {
  if (!asked) return { word: 'unknown', tone: 'neutral', Icon: CircleHelp };
  const reported =
    group?.rows.filter(({ leading }) => leading !== null && leading.state !== 'disabled') ?? [];
  if (reported.length === 0) {
    return isEnabled(view)
      ? { word: 'not on the routers', tone: 'warn', Icon: Hourglass }
      : { word: 'inactive', tone: 'neutral', Icon: CircleMinus };
  }
  const up = group?.up ?? 0;
  const word = `${up} of ${reported.length} up`;
  if (up === 0) return { word, tone: 'bad', Icon: CircleX };
  return up < reported.length
    ? { word, tone: 'warn', Icon: TriangleAlert }
    : { word, tone: 'good', Icon: CircleCheck };
}
