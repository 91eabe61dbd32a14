/** Text as a terminal shows it: how wide it is, cut and padded, and without characters that would act on it. Pure. */

/** Characters that take two columns. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]$/u;
/** Characters that take none: marks on the one before, and joiners. */
const empty = /^[\p{Mn}\p{Me}\u200B-\u200D\uFEFF]$/u;
/** Controls, line separators and marks that turn the direction of writing. */
const acting = /[\p{Cc}\u2028-\u202E\u2066-\u2069]/u;
const TAB_STOP = 8;

/** Columns that one character takes. */
const characterWidth = (character: string): number =>
  character >= ' ' && character <= '~' ? 1 : empty.test(character) ? 0 : wide.test(character) ? 2 : 1;

/** Columns that a text takes. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** A picture of a character that would act on the terminal: `␛` for escape. */
function pictureOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\uFFFD';
}

/** The text with pictures in place of what would act: whatever a file or a server says stays on its line. */
export function printable(text: string): string {
  if (!acting.test(text)) return text;
  return [...text].map((character) => (acting.test(character) ? pictureOf(character) : character)).join('');
}

/** What each UTF-16 unit of a source line becomes on the terminal; tabs are blanks up to the next stop. */
export function sourceCells(line: string): readonly { readonly text: string; readonly width: number }[] {
  const cells: { text: string; width: number }[] = [];
  let column = 0;
  for (const character of line) {
    const text = character === '\t' ? ' '.repeat(TAB_STOP - (column % TAB_STOP)) : printable(character);
    const width = textWidth(text);
    column += width;
    cells.push({ text, width });
    // Columns of a fault count UTF-16 units, as every string here does.
    if (character.length === 2) cells.push({ text: '', width: 0 });
  }
  return cells;
}

/** At most `width` columns; what does not fit is cut and `mark` stands for it. */
export function cut(text: string, width: number, mark = '…'): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(mark);
  if (room <= 0) return mark.slice(0, Math.max(0, width));
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > room) break;
    kept += character;
  }
  return `${kept}${mark}`;
}

/** The text in exactly `width` columns. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left', mark = '…'): string {
  const shown = cut(text, width, mark);
  const blanks = ' '.repeat(Math.max(0, width - textWidth(shown)));
  return side === 'left' ? shown + blanks : blanks + shown;
}

/** Breaks a text at its blanks into lines of at most `width` columns; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
