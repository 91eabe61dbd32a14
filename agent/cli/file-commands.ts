/** Commands that need no agent, no root and no kernel: check, fmt, plan, diff. */
import { readFileSync } from 'node:fs';
import { planReport } from '#lib/ipvs/report.ts';
import { hasErrors } from '#lib/lvs/diagnostics.ts';
import { diffConfigs } from '#lib/lvs/diff.ts';
import { formatConfig } from '#lib/lvs/format.ts';
import { toPiranhaJson } from '#lib/lvs/json.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { checkText } from '#lib/lvs/report.ts';
import { countText, diagnosticLines } from './diagnostics-text.ts';
import { faulty, fine, type Outcome, toJson } from './outcome.ts';

export type Input =
  | { readonly ok: true; readonly text: string; readonly name: string }
  | { readonly ok: false; readonly outcome: Outcome };

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

/**
 * `ok` in the JSON says that the file loads, as Piranha would load it. The exit code says whether an agent would take
 * it: a file that loads may still lack its NAT router.
 */
export function check(file: string, json: boolean): Outcome {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const { config, loads, diagnostics } = checkText(input.text);
  const lines = [...diagnosticLines(input.name, diagnostics), `${input.name}: ${countText(diagnostics)}`];
  const text = json ? toJson({ ok: loads, diagnostics, config: toPiranhaJson(config) }) : lines.join('\n');
  return hasErrors(diagnostics) ? faulty(text) : fine(text);
}

export function fmt(file: string, json: boolean): Outcome {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const { config, diagnostics } = parseConfig(input.text);
  if (hasErrors(diagnostics))
    return json
      ? faulty(toJson({ ok: false, diagnostics }))
      : faulty('', diagnosticLines(input.name, diagnostics).join('\n'));
  const text = formatConfig(config);
  return fine(json ? toJson({ ok: true, diagnostics, text }) : text.replace(/\n$/, ''));
}

export function plan(file: string, json: boolean): Outcome {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const report = planReport(input.text);
  if (report.ok) return fine(json ? toJson(report.plan) : report.plan.commands.join('\n'));
  return json
    ? faulty(toJson({ ok: false, diagnostics: report.diagnostics }))
    : faulty('', diagnosticLines(input.name, report.diagnostics).join('\n'));
}

export function diff(fileA: string, fileB: string, json: boolean): Outcome {
  const inputs = [readInput(fileA), readInput(fileB)] as const;
  const configs = [];
  for (const input of inputs) {
    if (!input.ok) return input.outcome;
    const { config, diagnostics } = parseConfig(input.text);
    if (hasErrors(diagnostics))
      return json
        ? faulty(toJson({ ok: false, file: input.name, diagnostics }))
        : faulty('', diagnosticLines(input.name, diagnostics).join('\n'));
    configs.push(config);
  }
  const [before, after] = configs;
  if (before === undefined || after === undefined) return faulty('');
  const changes = diffConfigs(before, after);
  if (json) return fine(toJson({ changes }));
  return fine(changes.length === 0 ? 'no difference' : changes.map(({ message }) => message).join('\n'));
}
