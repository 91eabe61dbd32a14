/**
 * Failover services (`service = fos`): programs that run on the active router only. Each active `failover` block is
 * started by its `start_cmd` and stopped by its `stop_cmd`, one after the other, in the order of the file.
 */
import type { ClusterConfig, FailoverService } from '#lib/lvs/model.ts';
import { meaningOf } from '#lib/lvs/value-kinds.ts';
import type { Finding } from './router.ts';

export interface FailoverServices {
  /** They run already: the agent was restarted on an active router. */
  adopt(services: readonly FailoverService[]): void;
  /** Stops what runs and is not wanted so any more, then starts what is wanted and does not run. */
  converge(services: readonly FailoverService[]): Promise<void>;
  /** Runs every `stop_cmd`, as Piranha does at its start: nobody knows what an earlier run has left. */
  clear(services: readonly FailoverService[]): Promise<void>;
}

export interface FailoverServicesDeps {
  /** Runs a command line; returns what went wrong. */
  run(line: string): Promise<string | null>;
  onFindings(found: readonly Finding[]): void;
}

/** The blocks that count; none while the cluster serves virtual servers. */
export const failoverServicesOf = (config: ClusterConfig): readonly FailoverService[] =>
  config.global.serviceKind === 'fos' ? config.failoverServices.filter(({ enabled }) => enabled) : [];

const isSame = (one: FailoverService, other: FailoverService): boolean =>
  one.name === other.name && one.startCommand === other.startCommand && one.stopCommand === other.stopCommand;

export function createFailoverServices(deps: FailoverServicesDeps): FailoverServices {
  let wanted: readonly FailoverService[] = [];
  let running: readonly FailoverService[] = [];
  const failures = new Map<string, string>();
  let work: Promise<void> = Promise.resolve();

  const isWanted = (service: FailoverService): boolean => wanted.some((other) => isSame(other, service));
  const isRunning = (service: FailoverService): boolean => running.some((other) => isSame(other, service));
  const tell = (): void =>
    deps.onFindings([...failures.values()].map((problem) => ({ problem, serving: false })));

  const stop = async (service: FailoverService): Promise<void> => {
    running = running.filter((other) => other !== service);
    failures.delete(service.name);
    if (service.stopCommand !== null) await deps.run(meaningOf(service.stopCommand));
  };
  const start = async (service: FailoverService): Promise<void> => {
    running = [...running, service];
    const { name, startCommand } = service;
    const problem = startCommand === null ? null : await deps.run(meaningOf(startCommand));
    if (problem !== null) failures.set(name, `Failover service ${name} did not start: ${problem}`);
  };
  /** What is wanted may change while a command runs: asked anew before each one. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const superfluous = running.findLast((service) => !isWanted(service));
      const missing = wanted.find((service) => !isRunning(service));
      if (superfluous !== undefined) await stop(superfluous);
      else if (missing !== undefined) await start(missing);
      else break;
    }
    tell();
  };
  const then = (act: () => Promise<void>): Promise<void> => {
    work = work.then(act);
    return work;
  };

  return {
    adopt(services) {
      wanted = services;
      running = services;
    },
    converge(services) {
      wanted = services;
      return then(settle);
    },
    clear: (services) =>
      then(async () => {
        for (const service of [...services].reverse()) if (!isWanted(service)) await stop(service);
      }),
  };
}
