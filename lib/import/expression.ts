/** Expressions of Perl and PCRE → POSIX extended expressions, where both mean the same. */
import type { VirtualSettings } from '../lvs/directives.ts';
import { compileEre } from '../lvs/ere.ts';
import { whyNotHoldable } from '../lvs/quoting.ts';

/** What POSIX reads otherwise: classes by letter, groups with options, lazy and possessive repetition. */
const perlOnly = /\\[A-Za-z0-9]|\(\?|[*+?}][?+]/;
const metacharacters = /(?<!\\)(?:\\\\)*[.*+?()[\]{}|^$]/;

/** Whether POSIX reads the expression as Perl does, and lvs.cf can hold it. */
export const isPosix = (pattern: string): boolean =>
  whyNotHoldable(pattern) === null && !perlOnly.test(pattern) && compileEre(pattern).ok;

/** The text that an expression without metacharacters stands for; null when it has some. */
export const literalOf = (pattern: string): string | null =>
  metacharacters.test(pattern) ? null : pattern.replace(/\\([\s\S])/g, '$1');

/** The expression as settings of a web check; null when it cannot be carried over. */
export function bodySettings(pattern: string): Pick<VirtualSettings, 'httpBody' | 'httpBodyIsRegex'> | null {
  if (!isPosix(pattern)) return null;
  const literal = literalOf(pattern);
  return literal === null
    ? { httpBody: pattern, httpBodyIsRegex: true }
    : { httpBody: literal, httpBodyIsRegex: false };
}
