/**
 * What administrators decided about real servers, by the names that they used: the one list behind drain, disable and
 * fixed weight. The functions on lists are pure; `createOverrides` answers quickly for one server.
 */
import type { Override } from '#lib/protocol/messages.ts';

export interface ServerNames {
  readonly virtualServer: string;
  readonly realServer: string;
}

export type ServerOverride = ServerNames & Readonly<Override>;

/** All that counts for one server. */
export interface InForce {
  readonly isDrained: boolean;
  readonly isDisabled: boolean;
  /** Null: the weight follows configuration, growth and load. */
  readonly fixedWeight: number | null;
  readonly all: readonly Override[];
}

const nothing: InForce = { isDrained: false, isDisabled: false, fixedWeight: null, all: [] };

const keyOf = ({ virtualServer, realServer }: ServerNames): string =>
  JSON.stringify([virtualServer, realServer]);

/** What excludes each other has one place: a drain takes that of a disable. */
const placeOf = (override: ServerOverride): string =>
  `${keyOf(override)} ${override.kind === 'weight' ? 'weight' : 'service'}`;

/** The list with this one in its place. */
export const withOverride = (
  list: readonly ServerOverride[],
  override: ServerOverride,
): readonly ServerOverride[] => [...list.filter((each) => placeOf(each) !== placeOf(override)), override];

export const withoutOverride = (
  list: readonly ServerOverride[],
  names: ServerNames,
  kind: Override['kind'],
): readonly ServerOverride[] => list.filter((each) => each.kind !== kind || keyOf(each) !== keyOf(names));

export const findOverride = (
  list: readonly ServerOverride[],
  names: ServerNames,
  kind: Override['kind'],
): ServerOverride | undefined => list.find((each) => each.kind === kind && keyOf(each) === keyOf(names));

/** Both lists in one; of two in one place the later list's counts. */
export const mergedOverrides = (
  first: readonly ServerOverride[],
  second: readonly ServerOverride[],
): readonly ServerOverride[] => second.reduce(withOverride, first);

export interface Overrides {
  of(names: ServerNames): InForce;
  /** Takes another list and says for which servers something else counts now. */
  replace(list: readonly ServerOverride[]): readonly ServerNames[];
  /** Overrides of servers that got other names go with them: pairs of old and new names, all at one time. */
  rename(pairs: readonly (readonly [before: ServerNames, after: ServerNames])[]): void;
  list(): readonly ServerOverride[];
}

function inForce(all: readonly ServerOverride[]): InForce {
  const fixedWeight = all.find(({ kind }) => kind === 'weight')?.weight ?? null;
  return {
    // Weight 0 by whatever name takes no new connections.
    isDrained: fixedWeight === 0 || all.some(({ kind }) => kind === 'drain'),
    isDisabled: all.some(({ kind }) => kind === 'disable'),
    fixedWeight,
    all: all.map(({ kind, weight, by, at }) => ({ kind, weight, by, at })),
  };
}

function byServer(list: readonly ServerOverride[]): ReadonlyMap<string, readonly ServerOverride[]> {
  const found = new Map<string, ServerOverride[]>();
  for (const each of list) found.set(keyOf(each), [...(found.get(keyOf(each)) ?? []), each]);
  return found;
}

/**
 * An override of names that no configuration holds is kept: a push on trial that is rolled back must not bring a
 * server that is under repair back into service. Whoever knows that a push is there to stay takes it away.
 */
export function createOverrides(initial: readonly ServerOverride[]): Overrides {
  let list: readonly ServerOverride[] = [];
  let known: ReadonlyMap<string, InForce> = new Map();
  const take = (next: readonly ServerOverride[]): void => {
    list = next;
    known = new Map([...byServer(next)].map(([key, all]) => [key, inForce(all)]));
  };
  take(mergedOverrides([], initial));
  return {
    // Asked at every check, and mostly there are none.
    of: (names) => (known.size === 0 ? nothing : (known.get(keyOf(names)) ?? nothing)),
    replace(next) {
      const before = byServer(list);
      take(next);
      const after = byServer(next);
      const names = new Map([...list, ...[...before.values()].flat()].map((each) => [keyOf(each), each]));
      return [...names]
        .filter(([key]) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)))
        .map(([, { virtualServer, realServer }]) => ({ virtualServer, realServer }));
    },
    rename(pairs) {
      if (list.length === 0) return;
      const names = new Map(pairs.map(([before, after]) => [keyOf(before), after]));
      if (!list.some((each) => names.has(keyOf(each)))) return;
      take(
        list.map((each) => {
          const { virtualServer, realServer } = names.get(keyOf(each)) ?? each;
          return { ...each, virtualServer, realServer };
        }),
      );
    },
    list: () => list,
  };
}
