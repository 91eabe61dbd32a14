/** shoal-agent: the router daemon. */
import { startAgent } from './control/agent.ts';
import { createNanny } from './nanny/driver.ts';
import { parseAgentOptions } from './options.ts';
import { createPulse } from './pulse/driver.ts';
import { systemClock } from './runtime/clock.ts';
import { exec, prepare } from './runtime/exec.ts';
import { systemHost } from './runtime/host.ts';
import { createEventLog } from './runtime/log.ts';
import { VERSION } from './version.ts';

async function run(): Promise<void> {
  const parsed = parseAgentOptions(process.argv.slice(2), VERSION);
  if (parsed.kind === 'say') {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    process.exitCode = parsed.exitCode;
    return;
  }
  const log = createEventLog(systemClock, (line) => process.stderr.write(`${line}\n`));
  const edges = { clock: systemClock, log, exec, prepare, host: systemHost };
  const agent = await startAgent(
    edges,
    { createNanny, createPulse },
    { ...parsed.options, version: VERSION },
  );
  let isEnding = false;
  const endBy = (end: () => Promise<void>) => (): void => {
    if (isEnding) return;
    isEnding = true;
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGHUP', () => void agent.reload());
  process.on('SIGTERM', endBy(agent.shutDown));
  process.on('SIGINT', endBy(agent.shutDown));
  process.on('SIGUSR2', endBy(agent.leave));
  // A fault of our own must not take the service down with it: it is told, and the routers' promises hold.
  process.on('unhandledRejection', (error) => log.event('error', 'internal-fault', String(error)));
}

run().catch((error: unknown) => {
  process.stderr.write(`shoal-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
