/** The part `table`: a very large routing table, applied by the agent and by `ipvsadm -R`, and one weight in it. */
import { performance } from 'node:perf_hooks';
import type { Lab } from '#e2e/lab/lab.ts';
import { pause, until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { stepLine, tableLines } from '#lib/ipvs/command.ts';
import { compileTable, createCompiler } from '#lib/ipvs/compile.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { median, megabytes, ms, percent, times, worst } from './numbers.ts';
import type { Section } from './page.ts';
import { shareOfCpu, usageOf } from './peer.ts';
import { shoalPeer } from './shoal.ts';
import { largeConfig, largeSize } from './size.ts';

const RUNS = 5;
const DRAINS = 10;
const LIMIT_MS = 300_000;
const REST_SECONDS = 20;
/** Routers have several. The other parts, and the tests, leave each emulated router one of the two that a machine may have. */
const PROCESSORS = 2;
/** A router that has just booted has work of its own, whoever it runs. */
const SETTLE_MS = 4000;
/** The first announcements of two dozen addresses are over then. */
const CALM_MS = 30_000;

/** What one command took on the router, without the way there. */
async function tookOn(router: Router, argv: readonly string[], input: string): Promise<number> {
  const script =
    "const { spawnSync } = require('node:child_process'); const { openSync } = require('node:fs');" +
    'const [input, program, ...args] = process.argv.slice(1); const before = performance.now();' +
    "const { status } = spawnSync(program, args, { stdio: [openSync(input), 'ignore', 'inherit'] });" +
    'console.log(status, performance.now() - before);';
  const shown = await router.on(['node', '-e', script, '--', input, ...argv], { timeoutMs: LIMIT_MS });
  const [status, took] = shown.trim().split(' ').map(Number);
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
  return took ?? Number.NaN;
}

/** The kernel keeps deleted destinations for two minutes and looks through all of them at each new one. */
const withNewKernel = (router: Router): Promise<void> => router.reboot();

async function plainRestore(router: Router, table: readonly string[]): Promise<number> {
  await withNewKernel(router);
  const file = '/run/lab-table';
  await router.writeFile(file, `${table.join('\n')}\n`);
  await pause(SETTLE_MS);
  return await tookOn(router, ['ipvsadm', '-R'], file);
}

interface Applied {
  readonly wholeMs: number;
  readonly agentCpuMs: number;
}

const peer = shoalPeer(`primary = 192.0.2.11\nservice = lvs\n`);

/** From an agent that runs nothing to the whole table. */
async function applyOnce(router: Router, config: string): Promise<Applied> {
  await withNewKernel(router);
  await peer.start(router);
  const file = '/run/lab-large.cf';
  await router.writeFile(file, config);
  await pause(SETTLE_MS);
  const [pid] = await peer.pids(router);
  const own = async (): Promise<number> => {
    const stat = await router.on(['cat', `/proc/${pid}/stat`]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const before = await own();
  const { code, stdout, stderr } = await router.agent.shoalctl(['apply', '--json', file], {
    timeoutMs: LIMIT_MS,
  });
  if (code !== 0) throw new Error(`shoalctl apply ended with ${code}: ${stderr}${stdout.slice(0, 500)}`);
  const { durationMs } = JSON.parse(stdout) as { durationMs: number };
  return { wholeMs: durationMs, agentCpuMs: (await own()) - before };
}

/** One real server drained and back, again and again: the answer's time, and processor time of the agent for each. */
async function weightChanges(router: Router): Promise<{ answerMs: readonly number[]; cpuMs: number }> {
  const names = { virtualServer: 'vs0', realServer: 'rs3' };
  const answerMs: number[] = [];
  const [start, from] = [await usageOf(peer, router), performance.now()];
  for (let run = 0; run < DRAINS; run += 1) {
    const before = performance.now();
    await router.agent.rpc.request(run % 2 === 0 ? 'server.drain' : 'server.undrain', names);
    answerMs.push(performance.now() - before);
    await pause(1000);
  }
  const [end, busyMs] = [await usageOf(peer, router), performance.now() - from];
  const rest = await shareOfCpu(peer, router, REST_SECONDS);
  return { answerMs, cpuMs: Math.max(0, (end.cpuMs - start.cpuMs - rest * busyMs) / DRAINS) };
}

/** The agent's own work for one weight, on this machine and not in the emulator: compile, plan, words. */
function nativeChange(config: string): number {
  const { config: cluster } = parseConfig(config);
  const compile = createCompiler();
  let left = compile(cluster, () => 1);
  const took: number[] = [];
  for (let run = 0; run < 21; run += 1) {
    const before = performance.now();
    const wanted = compile(cluster, (virtual, server) => (virtual === 7 && server === 3 ? run % 2 : 1));
    const lines = planSteps(left, wanted).map(stepLine);
    took.push(performance.now() - before);
    if (lines.length > 1) throw new Error(`${lines.length} lines for one weight`);
    left = wanted;
  }
  return median(took);
}

export async function table(lab: Lab): Promise<Section> {
  const router = lab.r1;
  router.processors = PROCESSORS;
  const config = largeConfig(router.publicAddress);
  const native = nativeChange(config);
  const lines = tableLines(compileTable(parseConfig(config).config));
  const [plain, applied]: [number[], Applied[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    if (run > 0) await peer.stop(router);
    plain.push(await plainRestore(router, lines));
    applied.push(await applyOnce(router, config));
    console.log(`ipvsadm -R: ${ms(plain.at(-1) ?? 0)}; apply: ${ms(applied.at(-1)?.wholeMs ?? 0)}`);
  }
  const [plainMs, wholeMs, agentCpuMs] = [
    plain,
    applied.map((run) => run.wholeMs),
    applied.map((run) => run.agentCpuMs),
  ].map(median) as [number, number, number];
  await until(
    'the table to be complete',
    async () =>
      (await router.on(['grep', '-c', '^  -> [0-9A-F]*:', '/proc/net/ip_vs'])).trim() ===
      String(largeSize.realServers),
    { timeoutMs: LIMIT_MS, everyMs: 1000 },
  );
  await pause(CALM_MS);
  const rest = await shareOfCpu(peer, router, REST_SECONDS);
  const { memoryKilobytes } = await usageOf(peer, router);
  const changes = await weightChanges(router);
  await peer.stop(router);
  router.processors = 1;
  await router.reboot();
  const { virtualServers, realServers } = largeSize;
  return {
    title: 'A very large table',
    header: ['what', 'measured'],
    rows: [
      ['`ipvsadm -R` of the table', ms(plainMs)],
      ['apply by the agent, from its text to the answer', `${ms(wholeMs)} (${times(wholeMs / plainMs)})`],
      ["… of which the agent's own processor time", ms(agentCpuMs)],
      [
        'one weight by drain: answer',
        `p50 ${ms(median(changes.answerMs))}, worst ${ms(worst(changes.answerMs))}`,
      ],
      ['one weight: processor time, `ipvsadm` included', ms(changes.cpuMs)],
      ["one weight: the agent's compile and plan, not in the emulator", ms(native)],
      ['agent at rest: CPU; memory', `${percent(rest)}; ${megabytes(memoryKilobytes)}`],
    ],
    notes: [
      `${virtualServers} virtual and ${realServers} real servers without checks (the shape of a published keepalived case), each`,
      `time on a kernel that has just booted, in turn, the median of ${RUNS}. The router has ${PROCESSORS} processors: the agent gives`,
      'a long batch to an `ipvsadm -R` for each, one share of the services each; plain `ipvsadm -R` is one process. No change',
      'of a weight reads the table: one line goes to `ipvsadm -R`, planned from what the agent left there. CPU is the share of',
      'one emulated processor.',
    ],
  };
}
