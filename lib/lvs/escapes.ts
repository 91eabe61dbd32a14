/** Escapes inside `send` and `expect` (Piranha reference 3.4). */

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  r: '\r',
  n: '\n',
  t: '\t',
  "'": "'",
  '"': '"',
};

/**
 * Replaces `\\ \r \n \t \' \"` by the character that each stands for. Any other escape and a trailing backslash
 * stay as they are, so that `\.` reaches a regular expression whole; Piranha's nanny hung on them.
 */
export const unescapeText = (text: string): string =>
  text.replace(/\\([\s\S])/g, (whole, character: string) => escapes[character] ?? whole);
