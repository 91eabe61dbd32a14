/** What is given to the commands that work on files. */

import { readFile } from 'node:fs/promises';
import { type Diagnostic, hasErrors } from '#lib/lvs/diagnostics.ts';
import { reasonOf } from '../runtime/attempt.ts';
import type { Given } from './command.ts';
import { diagnosticLines } from './diagnostics-text.ts';
import { type Outcome, refused, toJson } from './outcome.ts';

export interface GivenText {
  readonly ok: true;
  readonly text: string;
  /** The file's name, or "standard input". */
  readonly name: string;
  /** The bytes were UTF-8: what is written back loses nothing. */
  readonly isUtf8: boolean;
}
export type Input = GivenText | { readonly ok: false; readonly outcome: Outcome };

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A file, or standard input for `-`. */
export async function readInput(file: string, json: boolean): Promise<Input> {
  try {
    const bytes = file === '-' ? await readStandardInput() : await readFile(file);
    const text = bytes.toString('utf8');
    const name = file === '-' ? 'standard input' : file;
    return { ok: true, text, name, isUtf8: Buffer.from(text).equals(bytes) };
  } catch (error) {
    const reason = reasonOf(error);
    return { ok: false, outcome: refused(`${file} cannot be read: ${reason}`, json, 'unreadable') };
  }
}

/** A text could not be used: its errors with their lines, or as data. */
export function faultyText(
  { text, name }: GivenText,
  diagnostics: readonly Diagnostic[],
  { json, errorPaint }: Given,
): Outcome {
  if (json) return { exitCode: 1, text: toJson({ ok: false, file: name, diagnostics }) };
  const lines = diagnosticLines(name, diagnostics, { source: text, paint: errorPaint });
  return { exitCode: 1, text: '', complaint: lines.join('\n') };
}

/** Warnings of a text that is used all the same; for standard error. */
export function noticesOf(
  { text, name }: GivenText,
  diagnostics: readonly Diagnostic[],
  { json, errorPaint }: Given,
): string | undefined {
  if (json || hasErrors(diagnostics)) return undefined;
  const notable = diagnostics.filter(({ severity }) => severity === 'warning');
  if (notable.length === 0) return undefined;
  return diagnosticLines(name, notable, { source: text, paint: errorPaint }).join('\n');
}
