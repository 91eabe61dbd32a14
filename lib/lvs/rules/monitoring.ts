/** Rules about the health check of a virtual server. */
import { checkIntervalMs, checkLimitMs, kindOf } from '../checks.ts';
import { directivesOf } from '../directives.ts';
import { compileEre } from '../ere.ts';
import { unescapeText } from '../escapes.ts';
import { diagnose } from '../messages.ts';
import { isSame } from '../same.ts';
import { meaningOf } from '../value-kinds.ts';
import { activeVirtuals, type Rule } from './rule.ts';

export const udpExpects: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    kindOf(virtual) === 'udp' &&
    virtual.send !== null &&
    virtual.expect === null &&
    virtual.sendProgram === null
      ? [diagnose('udp-without-expect', { where }, { path: [...path, 'expect'] })]
      : [],
  );

export const expressionsCompile: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    if (!virtual.expectIsRegex) return [];
    if (virtual.expect === null)
      return [diagnose('regex-without-expect', { where }, { path: [...path, 'expectIsRegex'] })];
    const pattern = meaningOf(virtual.expect);
    const result = compileEre(unescapeText(pattern));
    if (result.ok) return [];
    const facts = { where, reason: result.message, hasBackslash: pattern.includes('\\') };
    return [diagnose('regex-invalid', facts, { path: [...path, 'expect'] })];
  });

const checkTexts = [
  { word: 'send', key: 'send' },
  { word: 'expect', key: 'expect' },
] as const;

/** The first escape that is none, or null. A backslash at the end is one, too. */
function unknownEscape(text: string): string | null {
  for (const [whole, character] of text.matchAll(/\\([\s\S]?)/g)) {
    if (character === undefined || character === '' || !`\\rnt'"`.includes(character)) return whole;
  }
  return null;
}

export const escapesKnown: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    checkTexts.flatMap(({ word, key }) => {
      const found = unknownEscape(meaningOf(virtual[key] ?? ''));
      return found === null
        ? []
        : [diagnose('unknown-escape', { word, where, found }, { path: [...path, key] })];
    }),
  );

export const quotesAreDouble: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    checkTexts.flatMap(({ word, key }) =>
      /^'.*'$/s.test(virtual[key] ?? '')
        ? [diagnose('single-quotes-sent', { word, where }, { path: [...path, key] })]
        : [],
    ),
  );

export const programsAbsolute: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    if (virtual.sendProgram === null) return [];
    const [program = ''] = meaningOf(virtual.sendProgram).trim().split(/[ \t]/, 1);
    return program.startsWith('/')
      ? []
      : [diagnose('program-not-absolute', { where, program }, { path: [...path, 'sendProgram'] })];
  });

export const oneWayToCheck: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    virtual.send !== null && virtual.sendProgram !== null
      ? [diagnose('send-and-program', { where }, { path: [...path, 'sendProgram'] })]
      : [],
  );

/** Rows of a virtual server that belong to one kind of check. */
const optionRows = directivesOf.virtual.filter(({ only }) => only?.key === 'checkKind');

/** An option of a kind that is not asked for is kept and does nothing. */
export const checkOptionsAct: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const values: Readonly<Record<string, unknown>> = { ...virtual };
    const kind = kindOf(virtual);
    return optionRows.flatMap((row) => {
      const isSet = !isSame(values[row.key], row.default);
      if (!isSet || row.only?.among.includes(kind)) return [];
      const facts = { word: row.name, where, kind, kinds: row.only?.among.map(String) ?? [] };
      return [diagnose('check-option-idle', facts, { path: [...path, row.key] })];
    });
  });

export const checksComplete: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    if (virtual.checkKind === 'script' && virtual.sendProgram === null)
      return [diagnose('check-without-program', { where }, { path: [...path, 'sendProgram'] })];
    if (virtual.httpBody === null || !['http', 'https'].includes(kindOf(virtual))) return [];
    if (virtual.httpMethod !== 'GET')
      return [
        diagnose('body-of-no-get', { where, method: virtual.httpMethod }, { path: [...path, 'httpBody'] }),
      ];
    const compiled = virtual.httpBodyIsRegex ? compileEre(virtual.httpBody) : null;
    if (compiled === null || compiled.ok) return [];
    return [
      diagnose('body-regex-invalid', { where, reason: compiled.message }, { path: [...path, 'httpBody'] }),
    ];
  });

/** A check that may outlast its interval delays the next one. */
export const checkLimitsFit: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const facts = { where, limitMs: checkLimitMs(virtual), intervalMs: checkIntervalMs(virtual) };
    if (facts.limitMs <= facts.intervalMs) return [];
    return [diagnose('check-limit-long', facts, { path: [...path, 'checkLimitMilliseconds'] })];
  });
