/** The text that is written, with its indentation, and what it does not hold. */
import { type FactsOfReason, type ReasonCode, reasons } from '../messages.ts';
import type { NotCarried } from '../result.ts';

export interface Page {
  line(text: string): void;
  /** Writes `text {`, what `inside` writes, and `}`. */
  block(text: string, inside: () => void): void;
  /** Something has no place here; its line is that of the text where it would stand. */
  leave<Code extends ReasonCode>(what: string, code: Code, facts: FactsOfReason<Code>): void;
  readonly text: () => string;
  readonly left: readonly NotCarried[];
}

export function newPage(): Page {
  const lines: string[] = [];
  const left: NotCarried[] = [];
  let depth = 0;
  const line = (text: string): void => {
    lines.push(text === '' ? '' : `${'    '.repeat(depth)}${text}`);
  };
  return {
    line,
    block: (text, inside) => {
      line(`${text} {`);
      depth += 1;
      inside();
      depth -= 1;
      line('}');
    },
    leave: (what, code, facts) => {
      const say = reasons[code] as unknown as (given: typeof facts) => string;
      left.push({ line: Math.max(lines.length, 1), code, what, reason: say(facts) });
    },
    text: () => `${lines.join('\n')}\n`,
    left,
  };
}

/** Whether keepalived reads a text back as one word: it has no way to hold a double quote or a backslash safely. */
export const isWritable = (text: string): boolean => !/["\\$\r\n\0]/.test(text) && text !== '';

/** A word as keepalived takes it: between quotes unless it is plain. */
export const wordOf = (text: string): string => (/^[A-Za-z0-9_.:/@%+,-]+$/.test(text) ? text : `"${text}"`);

/** Milliseconds as seconds with a fraction. */
export const secondsOf = (ms: number): string => String(ms / 1000);
