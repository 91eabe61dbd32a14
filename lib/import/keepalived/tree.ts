/** Lines of words → statements, which may have a block. Braces may stand anywhere, as in keepalived 2.2. */
import type { Span } from '../../lvs/positions.ts';
import type { Findings } from '../findings.ts';
import type { Word } from './lexer.ts';
import type { Line } from './preprocess.ts';

/** A keyword, what follows it on its line, and its block. */
export interface Statement extends Span {
  readonly keyword: string;
  /** Words behind the keyword. */
  readonly args: readonly Word[];
  /** null: no braces. */
  readonly block: readonly Statement[] | null;
}

interface Open {
  readonly statement: Statement | null;
  readonly block: Statement[];
}

/** One pass with a stack: depth costs nothing. Faults: braces too many or too few, a block without a keyword. */
export function buildTree(lines: readonly Line[], findings: Findings): Statement[] {
  const top: Open = { statement: null, block: [] };
  const open: Open[] = [top];
  const current = (): Open => open.at(-1) ?? top;
  let words: Word[] = [];

  const finish = (block: Statement[] | null): void => {
    const [keyword, ...args] = words;
    words = [];
    if (keyword === undefined) return;
    const { line, column, length } = keyword;
    const statement = { keyword: keyword.text, args, block, line, column, length };
    current().block.push(statement);
    if (block !== null) open.push({ statement, block });
  };

  /** `{` on a line of its own belongs to the statement above it. */
  const attach = (brace: Word): void => {
    const last = current().block.at(-1);
    const block: Statement[] = [];
    if (last === undefined || last.block !== null) {
      findings.fault('brace-unexpected', undefined, brace);
      open.push({ statement: null, block });
      return;
    }
    const statement = { ...last, block };
    current().block.splice(-1, 1, statement);
    open.push({ statement, block });
  };

  for (const line of lines) {
    for (const word of line.words) {
      const isBrace = !word.isQuoted && (word.text === '{' || word.text === '}');
      if (!isBrace) words.push(word);
      else if (word.text === '{' && words.length > 0) finish([]);
      else if (word.text === '{') attach(word);
      else {
        finish(null);
        if (open.length === 1) findings.fault('brace-stray', undefined, word);
        else open.pop();
      }
    }
    finish(null);
  }
  for (const { statement } of open.slice(1))
    if (statement !== null) findings.fault('block-unclosed', { text: statement.keyword }, statement);
  return top.block;
}
