/** Reads the statements of one block by a table: some are taken, some are left behind with a reason. */
import type { PlainReason } from '../messages.ts';
import type { Statement } from './tree.ts';
import { type Context, phrase } from './values.ts';

/** What to do with a keyword. */
export type Handler = (statement: Statement) => void;
/** Keywords that are known and not carried over, with the reason. */
export type LeftBehind = Readonly<Record<string, PlainReason>>;

export function readBlock(
  statements: readonly Statement[],
  handlers: Readonly<Record<string, Handler>>,
  left: LeftBehind,
  context: Context,
): void {
  for (const statement of statements) {
    const { keyword } = statement;
    if (Object.hasOwn(handlers, keyword)) handlers[keyword]?.(statement);
    else if (Object.hasOwn(left, keyword)) leave(statement, left[keyword] as PlainReason, context);
    else {
      const nearest = context.findings.suggest(keyword, [...Object.keys(handlers), ...Object.keys(left)]);
      context.findings.fault('keyword-unknown', { text: keyword, where: context.where, nearest }, statement);
    }
  }
}

/** Notes a statement as left behind. */
export const leave = (statement: Statement, reason: PlainReason, { findings, where }: Context): void =>
  findings.leave(statement.line, phrase(statement, where), reason, undefined);

/** Statements of a block; a fault and none when the braces are missing. */
export function blockOf(statement: Statement, { findings }: Context): readonly Statement[] {
  if (statement.block === null) findings.fault('block-missing', { text: statement.keyword }, statement);
  return statement.block ?? [];
}
