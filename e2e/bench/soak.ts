/**
 * Program: soak [MINUTES]. The agent in this process (nanny, control, pulse, socket), with 2 000 endpoints that come
 * and go, on a kernel in memory: nothing may grow. Ends with 1 when the heap or the number of open files does.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Agent, startAgent } from '#agent/control/agent.ts';
import { apply } from '#agent/control/apply.ts';
import { statusOf } from '#agent/control/status.ts';
import { createFakeKernel, type FakeKernel } from '#agent/dataplane/fake-kernel.ts';
import { createNanny } from '#agent/nanny/driver.ts';
import { createPulse } from '#agent/pulse/driver.ts';
import { systemClock } from '#agent/runtime/clock.ts';
import { createEventLog } from '#agent/runtime/log.ts';
import { writeSection } from './peers/page.ts';
import { respond } from './soak/responder.ts';
import { judge, type Sample, type Verdict } from './soak/trend.ts';

const VIRTUAL_SERVERS = 40;
const SERVERS_EACH = 50;
/** Interval and limit of a check. */
const CHECK_SECONDS = 4;
const SAMPLE_MS = 10_000;
const APPLY_MS = 15_000;
/** Rise over the whole time that is taken for noise. */
const ALLOWED = { heapMegabytes: 3, files: 60 } as const;

/** A tenth of the real servers is away in each round, another one each time. */
function configOf(port: number, round: number): string {
  const lines = [`serial_no = ${round + 1}`, 'primary = 192.0.2.11', 'service = lvs', 'network = direct'];
  for (let index = 0; index < VIRTUAL_SERVERS; index += 1) {
    lines.push(
      `virtual vs${index} {`,
      ...[
        'active = 1',
        `address = 192.0.2.${100 + index} eth0:1`,
        `port = ${port}`,
        'protocol = tcp',
        'scheduler = wlc',
      ],
      ...[`send = "GET / HTTP/1.0\\r\\n\\r\\n"`, 'expect = "HTTP"'],
      ...[`timeout = ${CHECK_SECONDS}`, `reentry = ${2 * CHECK_SECONDS}`],
    );
    for (let server = 0; server < SERVERS_EACH; server += 1) {
      if ((index * SERVERS_EACH + server + round) % 10 === 0) continue;
      const address = `127.1.${index}.${server + 1}`;
      lines.push(`server rs${server} {`, `address = ${address}`, 'active = 1', 'weight = 32', '}');
    }
    lines.push('}');
  }
  return `${lines.join('\n')}\n`;
}

const collectGarbage = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

interface Counts {
  readonly events: Map<string, number>;
  applies: number;
}

interface Samples {
  readonly heap: Sample[];
  readonly resident: Sample[];
  readonly files: Sample[];
}

/** The responder, in a process of its own, so that its memory is not ours. */
function startResponder(): Promise<{ port: number; end: () => void }> {
  const child = fork(fileURLToPath(import.meta.url), ['respond']);
  return new Promise((resolve) =>
    child.once('message', (port) => resolve({ port: Number(port), end: () => child.kill() })),
  );
}

async function startRouter(kernel: FakeKernel, folder: string, counts: Counts): Promise<Agent> {
  const log = createEventLog(systemClock, ({ kind }) => {
    counts.events.set(kind, (counts.events.get(kind) ?? 0) + 1);
  });
  const edges = {
    clock: systemClock,
    log,
    exec: kernel.exec,
    prepare: kernel.prepare,
    host: { ...kernel.host, memoryBytes: () => process.memoryUsage.rss() },
  };
  const options = {
    configPath: join(folder, 'lvs.cf'),
    stateFolder: join(folder, 'state'),
    runFolder: join(folder, 'run'),
    version: 'soak',
  };
  return startAgent(edges, { createNanny, createPulse }, options);
}

async function change(agent: Agent, port: number, counts: Counts): Promise<void> {
  const outcome = await apply(agent.router, {
    text: configOf(port, counts.applies),
    dryRun: false,
    confirmWithinSeconds: null,
    expectedHash: undefined,
    origin: 'push',
  });
  if (!outcome.applied)
    throw new Error(outcome.failure ?? outcome.diagnostics.map(({ message }) => message).join('; '));
  counts.applies += 1;
}

async function sample(agent: Agent, kernel: FakeKernel, samples: Samples, since: number): Promise<string> {
  // What a console would ask for, and what the kernel in memory keeps for tests.
  const { health } = await statusOf(agent.router);
  kernel.changes.length = 0;
  kernel.programs.length = 0;
  collectGarbage();
  const minutes = (performance.now() - since) / 60_000;
  const { heapUsed, rss } = process.memoryUsage();
  samples.heap.push({ minutes, value: heapUsed / 2 ** 20 });
  samples.resident.push({ minutes, value: rss / 2 ** 20 });
  samples.files.push({ minutes, value: readdirSync('/proc/self/fd').length });
  const up = health.filter(({ state }) => state === 'up').length;
  return `${minutes.toFixed(1)} min: heap ${samples.heap.at(-1)?.value.toFixed(1)} MB, ${samples.files.at(-1)?.value} files, ${up} of ${health.length} up`;
}

const row = (what: string, unit: string, { first, last, perMinute }: Verdict): string[] => [
  what,
  `${first.toFixed(1)}${unit}`,
  `${last.toFixed(1)}${unit}`,
  `${perMinute >= 0 ? '+' : ''}${perMinute.toFixed(3)}${unit} a minute`,
];

async function soak(minutes: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-soak-'));
  const kernel = createFakeKernel([{ address: '192.0.2.11', prefix: 24, device: 'eth0' }]);
  const counts: Counts = { events: new Map(), applies: 0 };
  const samples: Samples = { heap: [], resident: [], files: [] };
  const responder = await startResponder();
  const agent = await startRouter(kernel, folder, counts);
  const begin = performance.now();
  let nextApply = 0;
  while (performance.now() - begin < minutes * 60_000) {
    if (performance.now() >= nextApply) {
      await change(agent, responder.port, counts);
      nextApply = performance.now() + APPLY_MS;
    }
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    console.log(await sample(agent, kernel, samples, begin));
  }
  const heap = judge(samples.heap, ALLOWED.heapMegabytes);
  const files = judge(samples.files, ALLOWED.files);
  const resident = judge(samples.resident, Number.POSITIVE_INFINITY);
  await agent.shutDown();
  responder.end();
  rmSync(folder, { recursive: true, force: true });
  const count = (kind: string): number => counts.events.get(kind) ?? 0;
  const section = writeSection({
    title: 'Soak',
    header: ['what', 'after warming up', 'at the end', 'slope of the regression line'],
    rows: [
      row('heap after a collection', ' MB', heap),
      row('resident memory', ' MB', resident),
      row('open files', '', files),
    ],
    notes: [
      `\`node lib/bootstrap/run.mjs soak ${minutes}\`: ${VIRTUAL_SERVERS * SERVERS_EACH} endpoints, checked every ${CHECK_SECONDS} s with send and expect; a tenth of them leaves and comes with`,
      `each of ${counts.applies} configurations, three in ten are reset, silent or wrong at any time: ${count('server-up')} times up, ${count('server-down')} times down,`,
      `the table changed ${count('table-changed')} times. Real: nanny, control, pulse, files, sockets to a process on loopback. The kernel's table was in memory.`,
      heap.grows || files.grows ? '**It grows.**' : 'Nothing grows.',
    ],
  });
  console.log(section);
  return heap.grows || files.grows ? 1 : 0;
}

async function main([first = '30']: readonly string[]): Promise<void> {
  if (first !== 'respond') process.exit(await soak(Number(first)));
  process.send?.(await respond());
  process.once('disconnect', () => process.exit(0));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
