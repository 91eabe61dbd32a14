'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { FieldValues, SaveResult } from '#lib/console/contract.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { Directive } from '#lib/lvs/directive.ts';
import { unreachableConsole } from '../ui/dialog.tsx';
import { fieldId } from './directive-field.tsx';
import {
  answered,
  changedKeys,
  checked,
  discarded,
  type FormState,
  left,
  reloaded,
  startForm,
  typed,
} from './form-state.ts';

export interface StoredForm {
  readonly values: FieldValues;
  readonly version: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Form {
  readonly state: FormState;
  readonly dirty: boolean;
  readonly busy: boolean;
  /** The save under way: whether everything that was typed until then is stored. */
  readonly saving: Promise<boolean> | null;
  readonly set: (key: string, value: string) => void;
  readonly leave: (key: string) => void;
  readonly save: () => Promise<SaveResult | null>;
  readonly discard: () => void;
  readonly reload: () => void;
}

/** A form over rows of the table of directives that saves with the version it was based on. */
export function useForm(
  rows: readonly Directive[],
  stored: StoredForm,
  send: (version: number, values: FieldValues) => Promise<SaveResult>,
): Form {
  const router = useRouter();
  const [saving, setSaving] = useState<Promise<boolean> | null>(null);
  const [state, setState] = useState(() => startForm(stored.values, stored.version, stored.diagnostics));
  useEffect(() => {
    setState((before) => reloaded(before, stored.values, stored.version, stored.diagnostics));
  }, [stored]);
  const save = async (): Promise<SaveResult | null> => {
    const ready = checked(state, rows);
    setState(ready);
    if (Object.keys(ready.errors).length > 0) {
      focusFirst(rows, ready.errors);
      return null;
    }
    const sending = send(ready.version, ready.values).catch(() => ({ ...unreachableConsole, fields: {} }));
    setSaving(sending.then(({ ok }) => ok));
    const result = await sending;
    setSaving(null);
    setState((before) => answered(before, ready.values, result));
    if (!result.ok) focusFirst(rows, result.fields);
    return result;
  };
  return {
    state,
    dirty: changedKeys(state).length > 0,
    busy: saving !== null,
    saving,
    set: (key, value) => setState((before) => typed(before, rows, key, value)),
    leave: (key) => setState((before) => left(before, rows, key)),
    save,
    discard: () => setState(discarded),
    reload: () => router.refresh(),
  };
}

/** The keyboard goes to the first field that is wrong, in the order of the form. */
function focusFirst(rows: readonly Directive[], errors: Readonly<Record<string, unknown>>): void {
  const key = ['name', ...rows.map((row) => row.key)].find((each) => Object.hasOwn(errors, each));
  if (key === undefined) return;
  requestAnimationFrame(() => {
    const field = document.getElementById(fieldId(key));
    const fold = field?.closest('details');
    if (fold) fold.open = true;
    field?.focus();
  });
}
