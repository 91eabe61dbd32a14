/** Commands that need no agent, no root and no kernel: check, fmt, plan, diff. */

import { stat } from 'node:fs/promises';
import { planReport } from '#lib/ipvs/report.ts';
import { hasErrors } from '#lib/lvs/diagnostics.ts';
import { diffConfigs } from '#lib/lvs/diff.ts';
import { formatConfig } from '#lib/lvs/format.ts';
import { toPiranhaJson } from '#lib/lvs/json.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { checkText } from '#lib/lvs/report.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { writeAtomically } from '../runtime/files.ts';
import type { Given } from './command.ts';
import { countText, diagnosticLines } from './diagnostics-text.ts';
import { faultyText, type GivenText, noticesOf, readInput } from './input.ts';
import { faulty, fine, type Outcome, refused, toJson, usage } from './outcome.ts';
import { printable } from './terminal-text.ts';

const onceOnly = usage('shoalctl: standard input can be read once only; give one of the files by its name');

/**
 * `ok` in the JSON says that the file loads, as Piranha would load it. The exit code says whether an agent would take
 * it: a file that loads may still lack its NAT router.
 */
export async function check({ args: [file = ''], json, paint }: Given): Promise<Outcome> {
  const input = await readInput(file, json);
  if (!input.ok) return input.outcome;
  const { config, loads, diagnostics } = checkText(input.text);
  const end = hasErrors(diagnostics) ? faulty : fine;
  if (json) return end(toJson({ ok: loads, diagnostics, config: toPiranhaJson(config) }));
  const lines = diagnosticLines(input.name, diagnostics, { source: input.text, paint });
  return end([...lines, `${printable(input.name)}: ${countText(diagnostics)}`].join('\n'));
}

export async function fmt(given: Given): Promise<Outcome> {
  const { args, json } = given;
  const [file = ''] = args;
  const [isWrite, isCheck] = [given.flag('write'), given.flag('check')];
  if (isWrite && isCheck) return usage('shoalctl: fmt takes --write or --check, not both');
  if (isWrite && file === '-')
    return usage('shoalctl: standard input cannot be written in place; leave --write out');
  const input = await readInput(file, json);
  if (!input.ok) return input.outcome;
  const { config, diagnostics } = parseConfig(input.text);
  if (hasErrors(diagnostics)) return faultyText(input, diagnostics, given);
  const text = formatConfig(config);
  const isCanonical = text === input.text && input.isUtf8;
  if (isCheck) {
    const said = json ? toJson({ ok: isCanonical, diagnostics }) : '';
    if (isCanonical) return fine(said);
    return faulty(said, json ? undefined : `${printable(input.name)} is not in canonical form`);
  }
  const notices = noticesOf(input, diagnostics, given);
  if (!isWrite)
    return fine(json ? toJson({ ok: true, diagnostics, text }) : text.replace(/\n$/, ''), notices);
  const problem = isCanonical ? null : await rewrite(file, input, text);
  if (problem !== null) return refused(problem, json, 'not-written');
  return fine(json ? toJson({ ok: true, diagnostics, written: !isCanonical }) : '', notices);
}

/** Writes the whole file or nothing; says why it did not. Mode and owner stay, or nothing is written. */
async function rewrite(file: string, { isUtf8 }: GivenText, text: string): Promise<string | null> {
  if (!isUtf8)
    return `${file} is not UTF-8: written in place, some of its characters would be lost; convert it first (iconv)`;
  try {
    const { uid, gid } = await stat(file);
    const [user, groups] = [process.geteuid?.() ?? 0, process.getgroups?.() ?? []];
    if (user !== 0 && (uid !== user || !groups.includes(gid)))
      return `${file} belongs to somebody else and would become yours; run it as its owner`;
    await writeAtomically(file, text, 0o644);
    return null;
  } catch (error) {
    return `${file} cannot be written: ${reasonOf(error)}`;
  }
}

const printableLines = (lines: readonly string[]): string => lines.map(printable).join('\n');

export async function plan(given: Given): Promise<Outcome> {
  const { args, json } = given;
  const [file = ''] = args;
  const fromFile = given.value('from');
  if (file === '-' && fromFile === '-') return onceOnly;
  const input = await readInput(file, json);
  if (!input.ok) return input.outcome;
  const start = fromFile === null ? null : await readInput(fromFile, json);
  if (start !== null && !start.ok) return start.outcome;
  const report = planReport(input.text, start?.text ?? null);
  if (!report.ok)
    return faultyText(report.text === 'from' && start !== null ? start : input, report.diagnostics, given);
  const { plan: planned, words, kept, passedOver } = report;
  if (json) return fine(toJson({ ...planned, words, kept, passedOver }));
  const { diagnostics } = checkText(input.text);
  const notes = [
    ...(hasErrors(diagnostics)
      ? [`no router takes this file as it is: ${countText(diagnostics)} (see: shoalctl check ${file})`]
      : []),
    ...passedOver.map(
      ({ line, text }) => `${start?.name}:${line}: passed over, no rule of ipvsadm -Sn: ${text}`,
    ),
  ];
  const left = kept.map((service) => `service ${service} stays: the file does not name it`);
  const complaint = [...notes, ...(given.flag('words') ? [] : left)].map((note) => `shoalctl: ${note}`);
  const sentences = [...words, ...left];
  return fine(
    given.flag('words')
      ? printableLines(sentences.length === 0 ? ['nothing would change'] : sentences)
      : printableLines(planned.commands),
    complaint.length === 0 ? undefined : printableLines(complaint),
  );
}

/** Exit code 0 also when the files differ, unless it is asked for: 1 would mean faults in a file. */
export async function diff(given: Given): Promise<Outcome> {
  const { args, json } = given;
  const [fileA = '', fileB = ''] = args;
  if (fileA === '-' && fileB === '-') return onceOnly;
  const configs: ClusterConfig[] = [];
  for (const file of [fileA, fileB]) {
    const input = await readInput(file, json);
    if (!input.ok) return input.outcome;
    const { config, diagnostics } = parseConfig(input.text);
    if (hasErrors(diagnostics)) return faultyText(input, diagnostics, given);
    configs.push(config);
  }
  const [before, after] = configs;
  if (before === undefined || after === undefined) return faulty('');
  const changes = diffConfigs(before, after);
  const isEqual = changes.length === 0;
  const text = json
    ? toJson({ equal: isEqual, changes })
    : printableLines(isEqual ? ['no difference'] : changes.map(({ message }) => message));
  return given.flag('exit-code') && !isEqual ? faulty(text) : fine(text);
}
