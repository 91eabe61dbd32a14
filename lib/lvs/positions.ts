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

/** The places of one block: its own, those of its values by key, and those of the blocks within. */
export interface BlockPlaces {
  span: Span | null;
  readonly values: Record<string, Span>;
  /** Of a block: those within by list, or by `global`. Made when there is one: most blocks have none. */
  lists: Map<string, BlockPlaces> | null;
  /** Of a list: its blocks in order. */
  blocks: BlockPlaces[] | null;
}

/** The places of a whole text: a tree along the paths of the model. */
export type Positions = BlockPlaces;

export const newPlaces = (): BlockPlaces => ({ span: null, values: {}, lists: null, blocks: null });

const knownWithin = ({ lists, blocks }: BlockPlaces, step: string | number): BlockPlaces | undefined =>
  typeof step === 'number' ? blocks?.[step] : lists?.get(step);

/** The places of a block within, made when they are not there. */
export function placesWithin(outer: BlockPlaces, step: string | number): BlockPlaces {
  const known = knownWithin(outer, step);
  if (known !== undefined) return known;
  const made = newPlaces();
  if (typeof step === 'number') {
    outer.blocks ??= [];
    outer.blocks[step] = made;
  } else {
    outer.lists ??= new Map();
    outer.lists.set(step, made);
  }
  return made;
}

/** Notes where the value of a path stands, or a block when the path ends in its index. */
export function setPlace(positions: Positions, path: ModelPath, span: Span): void {
  const last = path.at(-1);
  if (typeof last === 'string') path.slice(0, -1).reduce(placesWithin, positions).values[last] = span;
  else path.reduce(placesWithin, positions).span = span;
}

/** The place of a value; of the block that should hold it when it is absent; of the first line at last. */
export function placeOf(positions: Positions, path: ModelPath): Span {
  let found: Span = { line: 1, column: 1, length: 0 };
  let block: BlockPlaces | undefined = positions;
  for (const step of path) {
    const value: Span | undefined = Object.hasOwn(block.values, step) ? block.values[step] : undefined;
    if (value !== undefined) return value;
    block = knownWithin(block, step);
    if (block === undefined) break;
    found = block.span ?? found;
  }
  return found;
}
