/** The agent's nanny in a process of its own, with so many endpoints, on this machine: no kernel behind it. */
import { createNanny } from '#agent/nanny/driver.ts';
import { systemClock } from '#agent/runtime/clock.ts';
import { exec } from '#agent/runtime/exec.ts';
import { systemHost } from '#agent/runtime/host.ts';
import { createEventLog } from '#agent/runtime/log.ts';
import { parseConfig } from '#lib/lvs/parse.ts';

export interface NannyUsage {
  readonly cpuMs: number;
  readonly memoryKilobytes: number;
  readonly up: number;
}

const EACH = 100;

/** One address of loopback for each endpoint; the check is a TCP connection. */
function configOf(count: number, port: number, seconds: number): string {
  const lines = ['primary = 192.0.2.11', 'network = direct'];
  for (let index = 0; index < count; index += 1) {
    if (index % EACH === 0)
      lines.push(
        ...(index === 0 ? [] : ['}']),
        ...[`virtual vs${index / EACH} {`, 'active = 1', 'address = 192.0.2.100 eth0:1'],
        ...[`port = ${1000 + index / EACH}`, 'protocol = tcp', `timeout = ${seconds}`],
        ...[`reentry = ${seconds}`, '#@ check = tcp', `#@ check_port = ${port}`],
      );
    const address = `127.2.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    lines.push(`server rs${index} {`, `address = ${address}`, 'active = 1', 'weight = 1', '}');
  }
  return `${lines.join('\n')}\n}\n`;
}

/** Runs until the parent lets go; answers each message with what it has used. */
export function runNanny(count: number, port: number, seconds: number): void {
  const log = createEventLog(systemClock, () => {});
  const nanny = createNanny(
    { clock: systemClock, log, exec, host: systemHost },
    { onChange: () => {}, overrides: [] },
  );
  nanny.configure(parseConfig(configOf(count, port, seconds)).config, { services: [] });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const usage: NannyUsage = {
      cpuMs: (user + system) / 1000,
      memoryKilobytes: process.memoryUsage.rss() / 1024,
      up: nanny.status().filter(({ state }) => state === 'up').length,
    };
    process.send?.(usage);
  });
  process.once('disconnect', () => process.exit(0));
}
