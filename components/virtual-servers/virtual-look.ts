import { CircleMinus, Hourglass } from 'lucide-react';
import type { VirtualServerView } from '#lib/console/contract.ts';
import type { HealthGroup } from '../control/health.ts';
import { type Look, unknownLook, upLook } from '../status/looks.ts';
import { isEnabled } from './known.ts';

/** State of a virtual server in words; `group` is what the routers say, `asked` whether one can be asked. */
export function virtualLook(view: VirtualServerView, group: HealthGroup | undefined, asked: boolean): Look {
  if (!asked) return unknownLook;
  const reported =
    group?.rows.filter(({ leading }) => leading !== null && leading.state !== 'disabled') ?? [];
  if (reported.length === 0) {
    return isEnabled(view)
      ? { word: 'not on the routers', tone: 'warn', Icon: Hourglass }
      : { word: 'inactive', tone: 'neutral', Icon: CircleMinus };
  }
  return upLook(group?.up ?? 0, reported.length);
}
