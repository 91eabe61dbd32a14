/** What holds for every text whatsoever; for tests and for the fuzzer. */
import { formatConfig } from './format.ts';
import { parseConfig } from './parse.ts';
import { piranhaLoads } from './piranha-model.ts';

function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** Places lie in the text, and what was understood can be written, read again, and loaded by Piranha. */
export function assertTextLaws(text: string): void {
  const { config, diagnostics } = parseConfig(text);
  const lines = text.split(/\r\n|\r|\n/);
  for (const { code, line = 0, column = 0, length = 0 } of diagnostics) {
    assert(line >= 1 && line <= lines.length, `${code}: line ${line} of ${lines.length}`);
    const end = (lines[line - 1]?.length ?? 0) + 2;
    assert(
      column >= 1 && column + length <= end,
      `${code}: column ${column} + ${length} in a line of ${end - 2}`,
    );
  }
  const written = formatConfig(config);
  assert(formatConfig(parseConfig(written).config) === written, `written differently again: ${written}`);
  const load = piranhaLoads(written);
  assert(load.ok, `Piranha refuses what was written: ${JSON.stringify(load)}\n${written}`);
}
