/** Collects what a reader finds besides the configuration: faults, things left behind, places of values. */
import { type Entry, fromEntry } from '../lvs/catalogue.ts';
import type { Diagnostic, ModelPath } from '../lvs/diagnostics.ts';
import type { ClusterConfig } from '../lvs/model.ts';
import { nearestWord } from '../lvs/nearest-word.ts';
import { newPlaces, type Span, setPlace } from '../lvs/positions.ts';
import { checkConfig } from '../lvs/report.ts';
import {
  type FactsOfFault,
  type FactsOfReason,
  type FaultCode,
  faults,
  type ReasonCode,
  reasons,
} from './messages.ts';
import type { ImportResult, NotCarried } from './result.ts';

export interface Findings {
  /** Something is wrong with the text. */
  fault<Code extends FaultCode>(code: Code, facts: FactsOfFault<Code>, span: Span): void;
  /** Something of the text is not, or not wholly, in the configuration. */
  leave<Code extends ReasonCode>(line: number, what: string, code: Code, facts: FactsOfReason<Code>): void;
  /** A value of the configuration, or a block, stands here in the text. */
  place(path: ModelPath, span: Span): void;
  /** The known word that was probably meant; null where none is near, or after many. */
  suggest(word: string, known: readonly string[]): string | null;
  /** Validates and sorts; the end of every reader. */
  result(config: ClusterConfig): ImportResult;
}

/** Looking for a near word is slow: a text of nonsense must not be. */
const SUGGESTIONS_MOST = 100;

/** A long text of the file, cut for a list. */
const cut = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

export function newFindings(): Findings {
  const diagnostics: Diagnostic[] = [];
  // One virtual_server may stand for many services: what it leaves behind is said once.
  const left = new Map<string, NotCarried>();
  let suggestions = 0;
  const positions = newPlaces();
  return {
    fault: (code, facts, span) => {
      const row = faults[code] as unknown as Entry<typeof facts>;
      diagnostics.push(fromEntry(code, row, facts, span));
    },
    leave: (line, what, code, facts) => {
      const say = reasons[code] as unknown as (given: typeof facts) => string;
      const item = { line, code, what: cut(what), reason: say(facts) };
      left.set(JSON.stringify(item), item);
    },
    place: (path, { line, column, length }) => {
      // Readers pass on their nodes, which hold all that is below them.
      setPlace(positions, path, { line, column, length });
    },
    suggest: (word, known) => {
      suggestions += 1;
      return suggestions > SUGGESTIONS_MOST ? null : nearestWord(word, known);
    },
    result: (config) => ({
      ...checkConfig(config, diagnostics, () => positions),
      notCarried: [...left.values()].sort((a, b) => a.line - b.line),
    }),
  };
}
