/**
 * Keeps the parts of `before` that `after` repeats, so that React leaves alone what did not change: a snapshot
 * of a cluster comes every second and usually differs in two numbers.
 */
export function shareStructure<Value>(before: unknown, after: Value): Value {
  if (Object.is(before, after)) return after;
  if (Array.isArray(after)) {
    const old = Array.isArray(before) ? before : [];
    const shared = after.map((item, index) => shareStructure(old[index], item));
    return sameItems(old, shared) ? reuse(old) : reuse(shared);
  }
  if (isRecord(after)) {
    const old = isRecord(before) ? before : {};
    const shared = Object.fromEntries(
      Object.entries(after).map(([key, item]) => [key, shareStructure(old[key], item)]),
    );
    const keys = Object.keys(shared);
    const same =
      isRecord(before) &&
      keys.length === Object.keys(old).length &&
      keys.every((key) => Object.hasOwn(old, key) && Object.is(old[key], shared[key]));
    return same ? reuse(old) : reuse(shared);
  }
  return after;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => Object.is(item, b[index]));

/** The shape is that of `after` by construction: every key and item was taken from it or equals it. */
const reuse = <Value>(value: unknown): Value => value as Value;
