/**
 * Program: language-bench. Reads, validates, compiles and plans the change of one weight in a configuration of 2 277
 * virtual and 37 205 real servers (the shape of a published keepalived case) and of ten times that, each size in a
 * process of its own, and writes docs/measurements-language.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '#e2e/lab/places.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { checkText } from '#lib/lvs/report.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import { REAL_SERVERS, textOf, VIRTUAL_SERVERS } from './large-config.ts';

const ROUNDS = 9;

interface Times {
  readonly parse: number;
  readonly validate: number;
  readonly compile: number;
  readonly plan: number;
}

function once(text: string, old: ReturnType<typeof compileTable>): Times {
  const marks = [performance.now()];
  const { config, diagnostics } = parseConfig(text);
  marks.push(performance.now());
  const found = validateConfig(config);
  marks.push(performance.now());
  const table = compileTable(config);
  marks.push(performance.now());
  const steps = planSteps(old, table);
  marks.push(performance.now());
  if (diagnostics.length + found.length > 0 || steps.length !== 1)
    throw new Error('not the change of one weight');
  const [parse = 0, validate = 0, compile = 0, plan = 0] = marks
    .slice(1)
    .map((at, i) => at - (marks[i] ?? 0));
  return { parse, validate, compile, plan };
}

const totalOf = (times: Times): number => Object.values(times).reduce((sum, ms) => sum + ms, 0);

/** Milliseconds until one fault of the text has its line: faults cost a second reading. */
function untilFault(text: string): number {
  const before = performance.now();
  const { diagnostics } = checkText(text);
  if (diagnostics.length !== 1) throw new Error('not one fault');
  return performance.now() - before;
}

/** In a child: the median run of one size, as JSON on standard output. */
function measure(factor: number): void {
  const text = textOf(factor);
  const changed = text.replace('weight = 1\n', 'weight = 3\n');
  const old = compileTable(parseConfig(text).config);
  const runs = Array.from({ length: factor === 1 ? ROUNDS : 3 }, () => once(changed, old));
  const median = [...runs].sort((a, b) => totalOf(a) - totalOf(b))[Math.floor(runs.length / 2)];
  const faulty = text.replace('weight = 1\n', 'weight = 0\n');
  const [, checked] = [1, 2, 3].map(() => untilFault(faulty)).sort((a, b) => a - b);
  const peak = process.resourceUsage().maxRSS / 1000;
  console.log(
    JSON.stringify({ ...median, first: totalOf(runs[0] as Times), checked, peak, size: text.length }),
  );
}

function main(): void {
  const sizes = [1, 10].map((factor) => {
    const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(factor)], {
      encoding: 'utf8',
    });
    return {
      factor,
      ...(JSON.parse(output) as Times & { first: number; checked: number; peak: number; size: number }),
    };
  });
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const rows = sizes.map(
    ({ factor, parse, validate, compile, plan, first, checked, peak, size }) =>
      `| ${VIRTUAL_SERVERS * factor} / ${REAL_SERVERS * factor} | ${(size / 1e6).toFixed(1)} MB | ${[parse, validate, compile, plan].map(ms).join(' | ')} | ${ms(parse + validate + compile + plan)} | ${ms(first)} | ${ms(checked)} | ${Math.round(peak)} MB |`,
  );
  const [small, large] = sizes.map(({ parse, validate, compile, plan }) => parse + validate + compile + plan);
  const page = [
    '# The language at size',
    '',
    'Written by `node lib/bootstrap/run.mjs bench:language`: an lvs.cf in which one weight has changed, from text to plan.',
    `Median of ${ROUNDS} runs in one process (3 at ten times the size); *first* is the first run of a new process;`,
    '*with a fault* is parse and validate of a text with one fault, whose line takes a second reading.',
    '',
    `Machine: ${cpus().length} cores, Node.js ${process.version}.`,
    '',
    '| virtual / real servers | file | parse | validate | compile | plan | in all | first | with a fault | most memory |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Ten times the size takes ${((large ?? 0) / (small ?? 1)).toFixed(1)} times as long.`,
    '',
  ].join('\n');
  writeFileSync(join(projectRoot, 'docs/measurements-language.md'), page);
  console.log(page);
}

const factor = process.argv[2];
if (factor === undefined) main();
else measure(Number(factor));
