/** For tests: what people paste into text fields. */
export const strings = {
  markup: '<img src=x onerror=alert(1)><script>alert(2)</script>',
  'double quotes': 'say "hello"',
  'single quotes': "it's",
  'both kinds of quotes': `"it's" <b>`,
  'four-byte characters': '🐟🐠 𝕊hoal 𠜎',
  'right-to-left text': 'مرحبا \u202Eשלום\u202C',
  '10 000 characters': 'x'.repeat(10_000),
  'a line break': 'one\ntwo',
  'a NUL': 'one\0two',
  braces: 'a { b } = [ c ] # d',
  backslashes: '\\x41\\" \\',
} as const;

/** Whether a refusal says something. */
export const isSentence = (text: string | undefined): boolean => /\S{2,} \S{2,}/.test(text ?? '');
