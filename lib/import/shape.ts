/** Small helps of the readers: names that do not repeat, the commonest of some values. */

/** The value of a word in a small table; undefined for words that only JavaScript knows, such as `constructor`. */
export const lookUp = <Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** The port of a sorry server where it has one of its own; another method than NAT cannot change the port. */
export function sorryPortOf(
  given: number | null,
  servicePort: number | null,
  forwarding: string,
): number | null {
  return given === null || given === 0 || given === servicePort || forwarding !== 'nat' ? null : given;
}

/** Gives each name once: the second `web` becomes `web-2`. */
export function namer(): (name: string) => string {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return (name) => {
    let unique = name;
    while (taken.has(unique)) {
      const count = (counts.get(name) ?? 1) + 1;
      counts.set(name, count);
      unique = `${name}-${count}`;
    }
    taken.add(unique);
    return unique;
  };
}

/** The value that stands most often, the first of those that stand equally often; undefined when there is none. */
export function commonest<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string = String,
): Value | undefined {
  const counts = new Map<string, { readonly value: Value; count: number }>();
  for (const value of values) {
    const key = keyOf(value);
    const seen = counts.get(key);
    if (seen) seen.count += 1;
    else counts.set(key, { value, count: 1 });
  }
  let best: { readonly value: Value; readonly count: number } | undefined;
  for (const candidate of counts.values())
    if (best === undefined || candidate.count > best.count) best = candidate;
  return best?.value;
}
