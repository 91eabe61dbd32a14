/** The agent's nanny in a process of its own, with so many endpoints, on this machine: no kernel behind it. */
import { createNanny } from '#agent/nanny/driver.ts';
import { systemClock } from '#agent/runtime/clock.ts';
import { exec } from '#agent/runtime/exec.ts';
import { systemHost } from '#agent/runtime/host.ts';
import { createEventLog } from '#agent/runtime/log.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { crowdOfShoal } from './crowd.ts';

/** Runs until the parent lets go. */
export function runNanny(count: number, port: number, seconds: number): void {
  const crowd = { count, network: '127.2', port, seconds };
  const log = createEventLog(systemClock, () => {});
  const nanny = createNanny(
    { clock: systemClock, log, exec, host: systemHost },
    { onChange: () => {}, overrides: [] },
  );
  nanny.configure(parseConfig(crowdOfShoal(crowd)).config, { services: [] });
  process.once('disconnect', () => process.exit(0));
}
