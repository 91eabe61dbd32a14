/** How a row of the table of directives is written. */
import type { Directive } from '../directive.ts';
import { list, text } from '../value-kinds.ts';

/** 31 days, the longest time that ipvsadm 1.31 takes for a persistence or a connection. */
export const LONGEST_TIMEOUT_SECONDS = 2_678_400;

/** Keeps a row's literal `key` and its kind's value type while it checks the rest. */
export const row = <const Key extends string, Value>(
  directive: Omit<Directive<Value>, 'key' | 'default'> & {
    readonly key: Key;
    readonly default: NoInfer<Value>;
  },
): Directive<Value> & { readonly key: Key } => directive;

export const piranha = { dialect: 'piranha', status: 'used' } as const;
export const shoal = { dialect: 'shoal', status: 'used' } as const;
export const kept = { dialect: 'piranha', status: 'kept', panel: 'none' } as const;
export const ignored = { dialect: 'piranha', status: 'ignored', panel: 'none' } as const;

/** What people write about a block for themselves; both scopes that have it share the words. */
export const noteRows = (panel: Directive['panel']) =>
  [
    row({
      ...shoal,
      name: 'note',
      key: 'note',
      kind: text(),
      default: null,
      panel,
      label: 'Note',
      help: 'For people: who owns it, whom to call. Without effect.',
    }),
    row({
      ...shoal,
      name: 'labels',
      key: 'labels',
      kind: list,
      default: null,
      panel,
      label: 'Labels',
      help: 'Words to find it by, separated by blanks. Without effect.',
    }),
  ] as const;
