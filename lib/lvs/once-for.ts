/**
 * A function that works something out of an object once and keeps it for as long as the object lives: configurations,
 * tables and drafts are replaced, never changed. `known` is given where several copies of a module must share it.
 */
export function onceFor<Of extends object, Made extends object>(
  make: (of: Of) => Made,
  known: WeakMap<Of, Made> = new WeakMap(),
): (of: Of) => Made {
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const made = make(of);
    known.set(of, made);
    return made;
  };
}
