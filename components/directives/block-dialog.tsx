'use client';
import { type ReactNode, useId, useMemo } from 'react';
import type { FieldValues, SaveResult } from '#lib/console/contract.ts';
import type { Panel } from '#lib/lvs/directive.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { DirectiveFields } from './directive-fields.tsx';
import { only } from './directive-form.tsx';
import { NAME } from './form-state.ts';
import { groupedRows } from './layout.ts';
import { type StoredForm, useForm } from './use-form.ts';

interface BlockDialogProps {
  readonly scope: Scope;
  readonly panel: Panel;
  readonly title: string;
  readonly description?: ReactNode;
  readonly verb: string;
  readonly name: { readonly label: string; readonly help: string };
  /** `name` stands among the values. */
  readonly stored: StoredForm;
  readonly save: (version: number, name: string, values: FieldValues) => Promise<SaveResult>;
  readonly onClose: () => void;
  readonly onSaved: (id: string | undefined) => void;
}

/** Adds or edits a block (a virtual server, a real server): its name and the first group of a panel. */
export function BlockDialog(props: BlockDialogProps) {
  const { scope, panel, stored, save, onClose, onSaved } = props;
  const formId = useId();
  const group = useMemo(() => groupedRows(scope, panel)[0] ?? { title: '', rows: [] }, [scope, panel]);
  const form = useForm(group.rows, stored, (version, values) =>
    save(version, values[NAME] ?? '', only(values, group.rows, false)),
  );
  const submit = async () => {
    const result = await form.save();
    if (result?.ok) onSaved(result.id);
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
        <DirectiveFields group={group} form={form} name={props.name} Frame={Plain} />
      </form>
    </Dialog>
  );
}

const Plain = ({ children }: { readonly children: ReactNode }) => children;
