/**
 * Program: language-fuzz [RUNS [SEED]]. Feeds the language with mutated files; an input that reaches a block of code
 * that none before has reached is kept and mutated further. Stops at the first text that breaks a law or takes long.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '#agent/sim/random.ts';
import { projectRoot } from '#e2e/lab/places.ts';
import { assertTextLaws } from '#lib/lvs/fuzz-laws.ts';
import { checkText } from '#lib/lvs/report.ts';
import { watchCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';

/** Inputs between two looks at the coverage, which costs some milliseconds. */
const BATCH = 100;
/** An input of 8 KiB takes about a millisecond; this is no measurement but the sign of a hang. */
const HANG_MS = 5000;

const runs = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const corpusFolder = join(projectRoot, 'lib/lvs/corpus');

function tryText(text: string): void {
  const start = performance.now();
  assertTextLaws(text);
  checkText(text);
  const took = performance.now() - start;
  if (took > HANG_MS) throw new Error(`took ${Math.round(took)} ms`);
}

/** Runs an input; ends the program with the input in a file when it breaks a law. */
function runInput(text: string, number: number): void {
  try {
    tryText(text);
  } catch (error) {
    const file = join(projectRoot, 'dist', 'fuzz-failure.cf');
    writeFileSync(file, text);
    console.error(
      `Input ${number} of seed ${seed} breaks a law: ${(error as Error).message}\nIt is in ${file}.`,
    );
    process.exit(1);
  }
}

async function main(): Promise<void> {
  const random = createRandom(seed);
  const texts = readdirSync(corpusFolder)
    .filter((name) => name.endsWith('.cf'))
    .map((name) => readFileSync(join(corpusFolder, name), 'utf8')) as [string, ...string[]];
  const files = texts.length;
  const coverage = await watchCoverage('language-fuzz.mjs');
  for (const text of texts) tryText(text);
  const seen = new Set(await coverage.take());
  console.log(`${files} files of the corpus reach ${seen.size} blocks. ${runs} inputs, seed ${seed}.`);
  const startedAt = performance.now();
  for (let done = 0; done < runs; ) {
    const batch = Array.from({ length: Math.min(BATCH, runs - done) }, () =>
      mutate(random.pick(texts), random, random.pick(texts)),
    );
    for (const text of batch) runInput(text, done++);
    const found = [...(await coverage.take())].filter((block) => !seen.has(block));
    for (const text of found.length > 0 ? batch : []) {
      tryText(text);
      const reached = await coverage.take();
      if (found.some((block) => !seen.has(block) && reached.has(block))) texts.push(text);
      for (const block of reached) seen.add(block);
    }
    if (done % 100_000 === 0) {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      console.log(`${done} inputs, ${seen.size} blocks, ${texts.length - files} texts kept, ${seconds} s`);
    }
  }
  await coverage.stop();
  console.log(`${runs} inputs, ${seen.size} blocks reached: no exception, no hang, no law broken.`);
}

await main();
