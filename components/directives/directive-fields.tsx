'use client';
import type { ComponentType, ReactNode } from 'react';
import { Fold } from '../ui/fold.tsx';
import { Input } from '../ui/input.tsx';
import { DirectiveField, fieldId } from './directive-field.tsx';
import { FieldRow } from './field-row.tsx';
import { NAME, remarksByKey } from './form-state.ts';
import { hasOwnValue, isShown, type RowGroup } from './layout.ts';
import type { Form } from './use-form.ts';

interface DirectiveFieldsProps {
  readonly group: RowGroup;
  readonly form: Form;
  readonly name?: { readonly label: string; readonly help: string };
  /** What stands around the fields; it has the group's title. */
  readonly Frame: ComponentType<{ readonly title: string; readonly children: ReactNode }>;
  /** Margins of a folded group, which has a frame of its own. */
  readonly foldClassName?: string;
}

/** The fields of one group; nothing at all when none of them shows. */
export function DirectiveFields({ group, form, name, Frame, foldClassName }: DirectiveFieldsProps) {
  const { state, set, leave } = form;
  const shown = group.rows.filter((row) => isShown(row.key, state.values));
  const remarks = remarksByKey(state.warnings, new Set(shown.map(({ key }) => key)));
  if (shown.length === 0 && !name) return null;
  const fields = (
    <div className="divide-y divide-line/60 py-1">
      {name && (
        <FieldRow id={fieldId(NAME)} label={name.label} help={name.help} error={state.errors[NAME] ?? null}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name={NAME}
              value={state.values[NAME] ?? ''}
              className="w-full"
              aria-invalid={state.errors[NAME] !== undefined || undefined}
              aria-describedby={describedBy}
              onChange={(event) => set(NAME, event.target.value)}
              onBlur={() => leave(NAME)}
            />
          )}
        </FieldRow>
      )}
      {shown.map((directive) => (
        <DirectiveField
          key={directive.key}
          directive={directive}
          value={state.values[directive.key] ?? ''}
          onChange={(value) => set(directive.key, value)}
          onBlur={() => leave(directive.key)}
          error={state.errors[directive.key] ?? null}
          remarks={remarks[directive.key] ?? []}
          typedBefore={state.typedBefore[directive.key]}
        />
      ))}
    </div>
  );
  if (!group.folded) return <Frame title={group.title}>{fields}</Frame>;
  return (
    <Fold
      title={group.title}
      contents={shown.map(({ label }) => label).join(' · ')}
      startsOpen={hasOwnValue(group, state.stored)}
      opens={shown.some(({ key }) => state.errors[key] !== undefined || remarks[key] !== undefined)}
      className={foldClassName}
    >
      {fields}
    </Fold>
  );
}
