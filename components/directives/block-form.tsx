'use client';
import { type ReactNode, useId, useMemo } from 'react';
import type { FieldValues } from '#lib/console/contract.ts';
import { directivesOf, type Scope } from '#lib/lvs/directives.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import type { BlockDialogProps } from './block-dialog.tsx';
import { DirectiveFields } from './directive-fields.tsx';
import { only } from './directive-form.tsx';
import { NAME } from './form-state.ts';
import { groupedRows } from './layout.ts';
import { useForm } from './use-form.ts';

/** Field texts of a block in which every directive is absent. */
const defaultFields = (scope: Scope): FieldValues =>
  Object.fromEntries(directivesOf[scope].map((row) => [row.key, row.kind.toField(row.default)]));

/** The form of a block's dialog. Loaded when one opens (see block-dialog.tsx). */
export function BlockForm(props: BlockDialogProps) {
  const { scope, panel, stored, save, onClose, onSaved } = props;
  const formId = useId();
  const groups = useMemo(
    () => groupedRows(scope, panel).slice(0, props.whole ? undefined : 1),
    [scope, panel, props.whole],
  );
  const rows = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const filled = useMemo(
    () => ({ ...stored, values: { ...defaultFields(scope), ...stored.values } }),
    [scope, stored],
  );
  const form = useForm(rows, filled, (version, values) =>
    save(version, values[NAME] ?? '', only(values, rows, false)),
  );
  const submit = async () => {
    const result = await form.save();
    if (result?.ok) onSaved(result);
  };
  const { outcome } = form.state;
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            {props.verb}
          </Button>
        </>
      }
      title={props.title}
      {...(props.description === undefined ? {} : { description: props.description })}
    >
      <form
        id={formId}
        noValidate
        className="-mx-4 flex flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {(outcome.kind === 'refused' || outcome.kind === 'conflict') && (
          <Notice tone="bad" className="mx-4 mb-2">
            {sentence(outcome.message)}
            {outcome.kind === 'conflict' && ` ${outcome.conflict.by}: ${outcome.conflict.changes.join(', ')}`}
          </Notice>
        )}
        {groups.map((group, index) => (
          <DirectiveFields
            key={group.title}
            group={group}
            form={form}
            {...(index === 0 ? { name: props.name } : {})}
            Frame={Plain}
            foldClassName="mx-4 mt-2"
          />
        ))}
      </form>
    </Dialog>
  );
}

const Plain = ({ children }: { readonly children: ReactNode }) => children;
