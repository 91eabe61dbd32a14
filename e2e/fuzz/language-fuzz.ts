/**
 * Program: language-fuzz [RUNS [SEED]]. Feeds the language with mutated files. In a worker V8 counts the blocks of code
 * that run: an input that reaches a new one is kept and mutated further. Counting makes the code about ten times as
 * slow, so most inputs are mutations of what is kept and run outside of the worker, uncounted. Stops at the first text
 * that breaks a law or takes long.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createRandom, type Random } from '#agent/sim/random.ts';
import { projectRoot } from '#e2e/lab/places.ts';
import { assertTextLaws } from '#lib/lvs/fuzz-laws.ts';
import { checkText } from '#lib/lvs/report.ts';
import { type Coverage, watchCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';

/** Inputs between two looks at the coverage, which costs some milliseconds. */
const BATCH = 100;
/** One input of so many runs under the eyes of the coverage. */
const GUIDED_SHARE = 20;
const ROUND = 50_000;
/** An input of 8 KiB takes about a millisecond; this is no measurement but the sign of a hang. */
const HANG_MS = 5000;

type Texts = [string, ...string[]];

/** What the worker found in one round. */
interface Guided {
  /** Every text that is worth mutating. */
  readonly texts: Texts;
  readonly blocks: number;
}

function tryText(text: string): void {
  const start = performance.now();
  try {
    assertTextLaws(text);
    checkText(text);
    const took = performance.now() - start;
    if (took > HANG_MS) throw new Error(`took ${Math.round(took)} ms`);
  } catch (error) {
    const file = join(projectRoot, 'dist', 'fuzz-failure.cf');
    writeFileSync(file, text);
    console.error(`A text breaks a law: ${(error as Error).message}\nIt is in ${file}.`);
    process.exit(1);
  }
}

const mutated = (texts: Texts, random: Random): string =>
  mutate(random.pick(texts), random, random.pick(texts));

function corpus(): Texts {
  const folder = join(projectRoot, 'lib/lvs/corpus');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cf'))
    .map((name) => readFileSync(join(folder, name), 'utf8')) as Texts;
}

/** Runs inputs under the eyes of the coverage; keeps the texts that reach something new. */
async function guide(
  count: number,
  random: Random,
  known: { coverage: Coverage; seen: Set<number>; texts: Texts },
) {
  const { coverage, seen, texts } = known;
  for (let done = 0; done < count; done += BATCH) {
    const batch = Array.from({ length: BATCH }, () => mutated(texts, random));
    batch.forEach(tryText);
    const found = [...(await coverage.take())].filter((block) => !seen.has(block));
    for (const text of found.length > 0 ? batch : []) {
      tryText(text);
      const reached = await coverage.take();
      if (found.some((block) => !seen.has(block) && reached.has(block))) texts.push(text);
      for (const block of reached) seen.add(block);
    }
  }
}

async function inWorker(): Promise<void> {
  const random = createRandom(Number(workerData));
  const texts = corpus();
  const coverage = await watchCoverage('language-fuzz.mjs');
  texts.forEach(tryText);
  const seen = new Set(await coverage.take());
  parentPort?.on('message', async (count: number) => {
    await guide(count, random, { coverage, seen, texts });
    parentPort?.postMessage({ texts, blocks: seen.size } satisfies Guided);
  });
}

async function main(): Promise<void> {
  const runs = Number(process.argv[2] ?? 1_000_000);
  const seed = Number(process.argv[3] ?? 1);
  const random = createRandom(seed + 1);
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: seed });
  const files = corpus().length;
  const startedAt = performance.now();
  console.log(`${files} files of the corpus, ${runs} inputs, seed ${seed}.`);
  for (let done = 0; done < runs; ) {
    const round = Math.min(ROUND, runs - done);
    const guided = Math.ceil(round / GUIDED_SHARE / BATCH) * BATCH;
    worker.postMessage(guided);
    const [{ texts, blocks }] = (await once(worker, 'message')) as [Guided];
    for (let number = guided; number < round; number += 1) tryText(mutated(texts, random));
    done += round;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`${done} inputs, ${blocks} blocks, ${texts.length - files} texts kept, ${seconds} s`);
  }
  await worker.terminate();
  console.log(`${runs} inputs: no exception, no hang, no law broken.`);
}

await (isMainThread ? main() : inWorker());
