/**
 * One instance per process. Next instantiates modules twice (instrumentation and routes), and once more after
 * each edit in development: what must exist once lives on globalThis.
 */
import 'server-only';

/** The value of that name, made on first use. */
export function singleton<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`shoal.${name}`);
  const holder = globalThis as unknown as Record<symbol, Value | undefined>;
  const existing = holder[key];
  if (existing !== undefined) return existing;
  const made = make();
  holder[key] = made;
  return made;
}
