/** Which real servers an administrator has drained, by the names that the administrator used. */

export interface ServerNames {
  readonly virtualServer: string;
  readonly realServer: string;
}

export interface Drains {
  has(names: ServerNames): boolean;
  /** False when it was so already. */
  add(names: ServerNames): boolean;
  remove(names: ServerNames): boolean;
  /** The drains of servers that got other names go with them: pairs of old and new names, all at one time. */
  rename(pairs: readonly (readonly [before: ServerNames, after: ServerNames])[]): void;
  list(): readonly ServerNames[];
}

/**
 * A drain of names that no configuration holds is kept: a rolled back push must not bring a server that is under
 * repair back into service.
 */
export function createDrains(initial: readonly ServerNames[]): Drains {
  const keyOf = (names: ServerNames) => JSON.stringify([names.virtualServer, names.realServer]);
  const known = new Map<string, ServerNames>();
  const add = ({ virtualServer, realServer }: ServerNames): boolean => {
    const names = { virtualServer, realServer };
    if (known.has(keyOf(names))) return false;
    known.set(keyOf(names), names);
    return true;
  };
  for (const names of initial) add(names);
  return {
    add,
    has: (names) => known.has(keyOf(names)),
    remove: (names) => known.delete(keyOf(names)),
    rename(pairs) {
      const drained = pairs.filter(([before]) => known.has(keyOf(before)));
      for (const [before] of drained) known.delete(keyOf(before));
      for (const [, after] of drained) add(after);
    },
    list: () => [...known.values()],
  };
}
