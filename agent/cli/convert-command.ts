/** `shoalctl convert`: the configuration of another program as lvs.cf, and back. */
import { type Dialect, dialects, recogniseDialect } from '#lib/import/dialects.ts';
import type { NotCarried } from '#lib/import/result.ts';
import { type Writer, type Written, writers } from '#lib/import/writers.ts';
import { hasErrors } from '#lib/lvs/diagnostics.ts';
import { toPiranhaJson } from '#lib/lvs/json.ts';
import type { Given } from './command.ts';
import { diagnosticLines } from './diagnostics-text.ts';
import { readInput } from './input.ts';
import { type Outcome, toJson, usage } from './outcome.ts';
import type { Paint } from './paint.ts';
import { printable } from './terminal-text.ts';

const nothing: Written = { text: '', notCarried: [] };

const isWriter = (name: string): name is Writer => Object.hasOwn(writers, name);
const isDialect = (name: string): name is Dialect => Object.hasOwn(dialects, name);

const lossLine = (name: string, { line, what, reason }: NotCarried, paint: Paint): string =>
  `${printable(name)}:${line}: ${paint('not carried over:', 'bold', 'yellow')} ${printable(`${what}: ${reason}`)}`;

/**
 * Exit code 1 when the text cannot be read. What cannot be carried over is said and is no fault; what the result still
 * lacks is said too, because the router that it is for would refuse it.
 */
export async function convert(given: Given): Promise<Outcome> {
  const { args, json, errorPaint } = given;
  const input = await readInput(args[0] ?? '', json);
  if (!input.ok) return input.outcome;
  const dialect = given.value('from') ?? recogniseDialect(input.text);
  if (dialect === null || !isDialect(dialect)) {
    const known = Object.entries(dialects).map(([name, { label }]) => `  --from ${name.padEnd(12)} ${label}`);
    return usage(
      [`shoalctl: what ${input.name} is cannot be told by its content; name it:`, ...known].join('\n'),
    );
  }
  const device = given.value('device');
  const configId = given.value('config-id');
  const result = dialects[dialect].read(input.text, {
    ...(device === null ? {} : { device }),
    ...(configId === null ? {} : { configId }),
  });
  const { loads, diagnostics } = result;
  const to = given.value('to') ?? 'lvs';
  const role = given.value('role') === 'backup' ? 'backup' : 'primary';
  const output = loads && isWriter(to) ? writers[to].write(result.config, { role }) : nothing;
  const exitCode = loads ? 0 : 1;
  const notCarried = [...result.notCarried, ...output.notCarried];
  if (json) {
    const config = toPiranhaJson(result.config);
    return {
      exitCode,
      text: toJson({ ok: loads, dialect, diagnostics, notCarried, config, text: output.text }),
    };
  }
  const shown = loads ? diagnostics.filter(({ severity }) => severity !== 'hint') : diagnostics;
  const complaint = [
    ...diagnosticLines(input.name, shown, { source: input.text, paint: errorPaint }),
    ...result.notCarried.map((loss) => lossLine(input.name, loss, errorPaint)),
    ...output.notCarried.map((loss) => lossLine(`output in ${to}`, loss, errorPaint)),
    ...(loads && hasErrors(diagnostics)
      ? ['shoalctl: the output is whole; mend the errors above in it before a router gets it']
      : []),
  ].join('\n');
  return { exitCode, text: output.text.replace(/\n$/, ''), complaint };
}
