/** Whether the first run is still open, for the proxy, which must not ask the database for every request. */
import 'server-only';
import { singleton } from '#lib/platform/singleton.ts';

const state = (): { open: boolean } => singleton('first-run', () => ({ open: false }));

export const isFirstRun = (): boolean => state().open;

export function setFirstRun(open: boolean): void {
  state().open = open;
}
