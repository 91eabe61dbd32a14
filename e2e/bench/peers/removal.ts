/** The part `removal`: from the death of a real server to the moment when it gets no connection any more. */
import type { ChildProcess } from 'node:child_process';
import { CHECK_SECONDS, exampleConfig } from '#e2e/cluster/example.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { keepalivedPeer, webServer } from './keepalived.ts';
import { ldirectordPeer, webDirector } from './ldirectord.ts';
import { median, ms, worst } from './numbers.ts';
import type { Section } from './page.ts';
import { type Peer, untilServed } from './peer.ts';
import { shoalPeer } from './shoal.ts';

const RUNS = Number(process.env.SHOAL_BENCH_RUNS ?? 10);
const LIMIT_MS = 60_000;

const peers: Readonly<Record<string, Peer>> = {
  shoal: shoalPeer(exampleConfig()),
  keepalived: keepalivedPeer(() => webServer(CHECK_SECONDS)),
  ldirectord: ldirectordPeer(webDirector(CHECK_SECONDS)),
};

/** Runs on the router: says when the table has fewer than three real servers that get connections. */
const watcher = `const { readFileSync } = require('node:fs');
const timer = setInterval(() => {
  const text = readFileSync('/proc/net/ip_vs', 'utf8');
  if ((text.match(/^  -> \\S+ +\\S+ +[1-9]/gm) ?? []).length >= 3) return;
  clearInterval(timer);
  console.log('gone');
}, 20);
console.log('looks');`;

/** Resolves with the moment at which a line came. */
const said = (child: ChildProcess, word: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no "${word}" within ${LIMIT_MS} ms`)), LIMIT_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes(word)) return;
      clearTimeout(limit);
      resolve(performance.now());
    });
  });

async function removal(lab: Lab): Promise<number> {
  await untilServed(lab.r1, 3);
  const watching = lab.r1.converse(['node', '-e', watcher]);
  await said(watching, 'looks');
  // Not in step with anybody's checks.
  await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * CHECK_SECONDS * 1000));
  const gone = said(watching, 'gone');
  const died = performance.now();
  await lab.rs3.stopHttp();
  const took = (await gone) - died;
  watching.kill();
  await lab.rs3.startHttp();
  return took;
}

/** Only the peers whose names are given, or all. */
export async function removals(lab: Lab, only: readonly string[]): Promise<Section> {
  const rows: string[][] = [];
  for (const [name, peer] of Object.entries(peers)) {
    if (only.length > 0 && !only.includes(name)) continue;
    await peer.start(lab.r1);
    const took: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      took.push(await removal(lab));
      console.log(`${peer.name}: ${ms(took.at(-1) ?? 0)}`);
    }
    await peer.stop(lab.r1);
    rows.push([peer.name, ms(median(took)), ms(Math.min(...took)), ms(worst(took)), String(took.length)]);
  }
  return {
    title: 'Removal of a dead real server',
    header: ['router', 'p50', 'best', 'worst', 'runs'],
    rows,
    notes: [
      `The HTTP server of one of three real servers is killed at a random moment; each router reads a page every ${CHECK_SECONDS} s and`,
      'takes a real server out after its first failure. A program on the router looks at the kernel table every 20 ms.',
    ],
  };
}
