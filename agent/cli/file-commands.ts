/** Commands that need no agent, no root and no kernel: check, fmt, plan, diff. */
import { chownSync, readFileSync, statSync } from 'node:fs';
import { planReport } from '#lib/ipvs/report.ts';
import { hasErrors } from '#lib/lvs/diagnostics.ts';
import { diffConfigs } from '#lib/lvs/diff.ts';
import { formatConfig } from '#lib/lvs/format.ts';
import { toPiranhaJson } from '#lib/lvs/json.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { checkText } from '#lib/lvs/report.ts';
import { writeAtomically } from '../runtime/files.ts';
import { countText, diagnosticLines } from './diagnostics-text.ts';
import { faulty, fine, type Outcome, toJson } from './outcome.ts';
import type { Paint } from './paint.ts';

export type Input =
  | { readonly ok: true; readonly text: string; readonly name: string }
  | { readonly ok: false; readonly outcome: Outcome };

/** How a command of files shows what it has to say. */
export interface FileOptions {
  readonly json: boolean;
  /** For the stream that the faults go to. */
  readonly paint: Paint;
}

/** A file, or standard input for `-`. */
export function readInput(file: string): Input {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    return { ok: true, text, name: file === '-' ? 'standard input' : file };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, outcome: faulty('', `shoalctl: ${file} cannot be read: ${reason}`) };
  }
}

type Diagnostics = Parameters<typeof diagnosticLines>[1];

/** A text that could not be read: its faults, as data or with their lines. */
function refused(
  { name, text }: Extract<Input, { ok: true }>,
  diagnostics: Diagnostics,
  { json, paint }: FileOptions,
): Outcome {
  if (json) return faulty(toJson({ ok: false, file: name, diagnostics }));
  return faulty('', diagnosticLines(name, diagnostics, { source: text, paint }).join('\n'));
}

/**
 * `ok` in the JSON says that the file loads, as Piranha would load it. The exit code says whether an agent would take
 * it: a file that loads may still lack its NAT router.
 */
export function check(file: string, { json, paint }: FileOptions): Outcome {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const { config, loads, diagnostics } = checkText(input.text);
  const lines = [
    ...diagnosticLines(input.name, diagnostics, { source: input.text, paint }),
    `${input.name}: ${countText(diagnostics)}`,
  ];
  const text = json ? toJson({ ok: loads, diagnostics, config: toPiranhaJson(config) }) : lines.join('\n');
  return hasErrors(diagnostics) ? faulty(text) : fine(text);
}

export interface FmtOptions extends FileOptions {
  readonly isWrite: boolean;
  readonly isCheck: boolean;
}

/** Writes the whole file or nothing, and leaves its mode and owner as they are. */
async function writeInPlace(file: string, text: string): Promise<void> {
  const { mode, uid, gid } = statSync(file);
  await writeAtomically(file, text, mode & 0o7777);
  chownSync(file, uid, gid);
}

export async function fmt(file: string, options: FmtOptions): Promise<Outcome> {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const { config, diagnostics } = parseConfig(input.text);
  if (hasErrors(diagnostics)) return refused(input, diagnostics, options);
  const text = formatConfig(config);
  const { json, isWrite, isCheck } = options;
  const isCanonical = text === input.text;
  if (isCheck) {
    const said = json ? toJson({ ok: isCanonical, diagnostics }) : '';
    return isCanonical
      ? fine(said)
      : faulty(said, json ? undefined : `${input.name} is not in canonical form`);
  }
  if (isWrite && file !== '-') {
    if (!isCanonical) await writeInPlace(file, text);
    return fine(json ? toJson({ ok: true, diagnostics, written: !isCanonical }) : '');
  }
  return fine(json ? toJson({ ok: true, diagnostics, text }) : text.replace(/\n$/, ''));
}

export interface PlanOptions extends FileOptions {
  readonly from: string | null;
  readonly isInWords: boolean;
}

export function plan(file: string, options: PlanOptions): Outcome {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const start = options.from === null ? null : readInput(options.from);
  if (start !== null && !start.ok) return start.outcome;
  const report = planReport(input.text, start?.text ?? null);
  if (!report.ok)
    return refused(report.text === 'from' && start !== null ? start : input, report.diagnostics, options);
  const { plan: planned, words, kept } = report;
  if (options.json) return fine(toJson({ ...planned, words, kept }));
  const left = kept.map((service) => `service ${service} stays: the file does not name it`);
  if (!options.isInWords) return fine(planned.commands.join('\n'));
  const sentences = [...words, ...left];
  return fine(sentences.length === 0 ? 'nothing would change' : sentences.join('\n'));
}

export interface DiffOptions extends FileOptions {
  readonly tellsByExitCode: boolean;
}

/** Exit code 0 also when the files differ, unless it is asked for: 1 would mean faults in a file. */
export function diff(fileA: string, fileB: string, options: DiffOptions): Outcome {
  const configs = [];
  for (const input of [readInput(fileA), readInput(fileB)]) {
    if (!input.ok) return input.outcome;
    const { config, diagnostics } = parseConfig(input.text);
    if (hasErrors(diagnostics)) return refused(input, diagnostics, options);
    configs.push(config);
  }
  const [before, after] = configs;
  if (before === undefined || after === undefined) return faulty('');
  const changes = diffConfigs(before, after);
  const words = changes.length === 0 ? 'no difference' : changes.map(({ message }) => message).join('\n');
  const text = options.json ? toJson({ changes }) : words;
  return options.tellsByExitCode && changes.length > 0 ? faulty(text) : fine(text);
}
