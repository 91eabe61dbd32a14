/** shoal-agent: the router daemon. */

import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Agent, startAgent } from './control/agent.ts';
import { clearKernel } from './control/clear.ts';
import { createNanny } from './nanny/driver.ts';
import { parseAgentOptions, type StartOptions } from './options.ts';
import { createPulse } from './pulse/driver.ts';
import { reasonOf } from './runtime/attempt.ts';
import { systemClock } from './runtime/clock.ts';
import { exec, prepare } from './runtime/exec.ts';
import { tellingExec } from './runtime/exec-log.ts';
import { readText } from './runtime/files.ts';
import { systemHost } from './runtime/host.ts';
import { isJournal, lineOf } from './runtime/journal.ts';
import { changeLevel, createEventLog } from './runtime/log.ts';
import {
  createServiceManager,
  sendBySystemdNotify,
  takeNotifyEnvironment,
} from './runtime/service-manager.ts';
import { openStateFile } from './store/state.ts';
import { VERSION } from './version.ts';

/** What a rehearsal has compiled is there when it counts, however long nothing happens. */
const KEEP_CODE = '--no-flush-bytecode';

async function run(): Promise<void> {
  setFlagsFromString(KEEP_CODE);
  const parsed = parseAgentOptions(process.argv.slice(2), VERSION);
  if (parsed.kind === 'say') {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    process.exitCode = parsed.exitCode;
    return;
  }
  if (parsed.kind === 'clear') await clear(parsed.options);
  else await serve(parsed.options);
}

async function serve(options: StartOptions): Promise<void> {
  const notify = takeNotifyEnvironment(process.env);
  const toJournal = isJournal(process.stderr.fd, process.env.JOURNAL_STREAM);
  const log = createEventLog(
    systemClock,
    (entry) => process.stderr.write(`${lineOf(entry, toJournal)}\n`),
    options.logLevel,
  );
  const edges = {
    clock: systemClock,
    log,
    ...tellingExec({ exec, prepare }, log, systemClock),
    host: systemHost,
  };
  const starting = startAgent(edges, { createNanny, createPulse }, { ...options, version: VERSION });
  const socket = notify.NOTIFY_SOCKET;
  const manager = createServiceManager(
    systemClock,
    socket === undefined ? null : sendBySystemdNotify(socket),
    notify,
  );
  let isEnding = false;
  // Asked to end while it starts, it ends when it has: what stands in the kernel by then is handed over, not forgotten.
  const endBy = (end: (agent: Agent) => Promise<void>) => (): void => {
    if (isEnding) return;
    isEnding = true;
    manager.stopping();
    starting.then(end).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGHUP', () => void starting.then((agent) => agent.reload()));
  const handOver = endBy((agent) => agent.shutDown());
  process.on('SIGTERM', handOver);
  process.on('SIGINT', handOver);
  const usual = options.logLevel === 'debug' ? 'info' : options.logLevel;
  // With no listener, Node.js would open its debugger.
  process.on('SIGUSR1', () => changeLevel(log, log.level() === 'debug' ? usual : 'debug'));
  const leave = endBy((agent) => agent.leave());
  process.on('SIGUSR2', leave);
  // A fault of our own must not take the service down with it: it is told, and the routers' promises hold.
  process.on('unhandledRejection', (error) => log.event('error', 'internal-fault', String(error)));
  const { router } = await starting;
  if (isEnding) return;
  manager.ready(() => {
    const role = router.idle?.role ?? router.pulse.status().role;
    return router.running === null
      ? 'no configuration in effect'
      : `${role}, serial ${router.running.serial}`;
  });
}

/** The agent is about to be uninstalled. */
async function clear({ stateFolder, configPath }: StartOptions): Promise<void> {
  const { current: state } = await openStateFile(join(stateFolder, 'state.json'), () => {});
  const config = await readText(configPath);
  const problems = await clearKernel({ exec, host: systemHost }, { state, config });
  for (const problem of problems) process.stderr.write(`shoal-agent: ${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

run().catch((error: unknown) => {
  process.stderr.write(`shoal-agent: ${reasonOf(error)}\n`);
  process.exitCode = 1;
});
