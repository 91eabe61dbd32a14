/** Where in a text the values of a configuration stand. Filled by the parser, asked by reports. */
import type { ModelPath } from './diagnostics.ts';

export interface Span {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
  /** Characters. */
  readonly length: number;
}

/** By path, joined with dots: `virtualServers.0.servers.2.address`. A block has its own path and `….name`. */
export type Positions = ReadonlyMap<string, Span>;

export const positionKey = (path: ModelPath): string => path.join('.');

/** The place of a value; of the block that should hold it when it is absent; of the first line at last. */
export function placeOf(positions: Positions, path: ModelPath): Span {
  for (let length = path.length; length > 0; length -= 1) {
    const span = positions.get(positionKey(path.slice(0, length)));
    if (span) return span;
  }
  return { line: 1, column: 1, length: 0 };
}
