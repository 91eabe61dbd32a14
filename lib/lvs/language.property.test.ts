/** Laws of the language over generated configurations. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyConfig, anyServer } from './arbitrary.ts';
import { countChanges, diffConfigs } from './diff.ts';
import { formatConfig } from './format.ts';
import { readTokens } from './lexer.ts';
import type { ClusterConfig, RealServer } from './model.ts';
import { parseConfig } from './parse.ts';
import { piranhaLoads, piranhaTokens } from './piranha-model.ts';
import { isSame } from './same.ts';

const runs = { numRuns: 300 };

describe('every configuration', () => {
  test('is read back as it was written, without a fault of severity error', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const { config: read, diagnostics } = parseConfig(formatConfig(config));
        expect(diagnostics.filter(({ code }) => code !== 'unknown-shoal-directive')).toEqual([]);
        expect(read).toEqual(config);
      }),
      runs,
    );
  });

  test('is written in one canonical form', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const text = formatConfig(config);
        expect(formatConfig(parseConfig(text).config)).toBe(text);
      }),
      runs,
    );
  });

  test('is written so that Piranha 0.8.6 loads it and reads the same tokens', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const text = formatConfig(config);
        const loaded = piranhaLoads(text);
        expect(loaded).toMatchObject({ ok: true });
        const lines = text.split('\n').filter((line) => /^[ \t]*[^ \t#]/.test(line));
        const ours = lines.map((line) => readTokens(line, 0, 'piranha').tokens.map((token) => token.text));
        expect(loaded.ok && loaded.lines).toEqual(ours);
      }),
      runs,
    );
  });

  test('differs from itself in nothing, and from another in a sentence at least', () => {
    fc.assert(
      fc.property(anyConfig, anyConfig, (a, b) => {
        expect(diffConfigs(a, structuredClone(a))).toEqual([]);
        expect(diffConfigs(a, b).length === 0).toBe(isSame(a, b));
        expect(countChanges(a, b)).toBe(diffConfigs(a, b).length);
      }),
      runs,
    );
  });

  test('has as many changes as they are counted, after edits of blocks and against another before', () => {
    const servers = fc.array(anyServer, { maxLength: 3 });
    fc.assert(
      fc.property(anyConfig, servers, servers, (config, more, others) => {
        const withServers = (all: readonly RealServer[]): ClusterConfig => ({
          ...config,
          virtualServers: config.virtualServers.map((block) => ({ ...block, servers: all })),
        });
        const [after, one, other] = [config, withServers(more), withServers(others)];
        for (const before of [one, other, one, after])
          expect(countChanges(before, after)).toBe(diffConfigs(before, after).length);
      }),
      runs,
    );
  });
});

test('both models of the tokenizer agree on any line', () => {
  const piece = fc.constantFrom('a', 'bc', ' ', '  ', '\t', '"', "'", '{', '}', '=', '#', '\\');
  fc.assert(
    fc.property(fc.string({ unit: piece, maxLength: 25 }), (line) => {
      const { tokens, unclosed } = readTokens(line, 0, 'piranha');
      const oracle = piranhaTokens(line);
      if (oracle === null) expect(unclosed).not.toBeNull();
      else expect(tokens.map((token) => token.text)).toEqual(oracle);
    }),
    { numRuns: 3000 },
  );
});
