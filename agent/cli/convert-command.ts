/** `shoalctl convert`: the configuration of another program as lvs.cf, and back. */
import { type Dialect, dialects, recogniseDialect } from '#lib/import/dialects.ts';
import { type Writer, type Written, writers } from '#lib/import/writers.ts';
import { toPiranhaJson } from '#lib/lvs/json.ts';
import { diagnosticLines } from './diagnostics-text.ts';
import { type FileOptions, readInput } from './file-commands.ts';
import { type Outcome, toJson, usage } from './outcome.ts';

export interface ConvertOptions extends FileOptions {
  readonly from: string | null;
  readonly to: string;
  readonly device: string | null;
  readonly role: 'primary' | 'backup';
}

const nothing: Written = { text: '', notCarried: [] };

const isWriter = (name: string): name is Writer => Object.hasOwn(writers, name);

const isDialect = (name: string): name is Dialect => Object.hasOwn(dialects, name);

/** Exit code 1 when the text cannot be read; what cannot be carried over is said and is no fault. */
export function convert(file: string, options: ConvertOptions): Outcome {
  const input = readInput(file);
  if (!input.ok) return input.outcome;
  const dialect = options.from ?? recogniseDialect(input.text);
  if (dialect === null || !isDialect(dialect)) {
    const known = Object.entries(dialects).map(([name, { label }]) => `  --from ${name.padEnd(12)} ${label}`);
    return usage(
      [`shoalctl: what ${input.name} is cannot be told by its content; name it:`, ...known].join('\n'),
    );
  }
  const given = options.device === null ? {} : { device: options.device };
  const result = dialects[dialect].read(input.text, given);
  const { to, role } = options;
  const output = result.loads && isWriter(to) ? writers[to].write(result.config, { role }) : nothing;
  const notCarried = [...result.notCarried, ...output.notCarried];
  const { json, paint } = options;
  if (json) {
    const text = toJson({
      ok: result.loads,
      dialect,
      diagnostics: result.diagnostics,
      notCarried,
      config: toPiranhaJson(result.config),
      text: output.text,
    });
    return { exitCode: result.loads ? 0 : 1, text };
  }
  const shown = result.loads
    ? result.diagnostics.filter(({ severity }) => severity !== 'hint')
    : result.diagnostics;
  const complaint = [
    ...diagnosticLines(input.name, shown, { source: input.text, paint }),
    ...notCarried.map(
      ({ line, what, reason }) =>
        `${input.name}:${line}: ${paint('not carried over:', 'bold', 'yellow')} ${what}: ${reason}`,
    ),
  ].join('\n');
  return {
    exitCode: result.loads ? 0 : 1,
    text: output.text.replace(/\n$/, ''),
    ...(complaint === '' ? {} : { complaint }),
  };
}
