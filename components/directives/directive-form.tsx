'use client';
import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useMemo } from 'react';
import type { FieldValues, SaveResult } from '#lib/console/contract.ts';
import type { Panel } from '#lib/lvs/directive.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import { Moment } from '../live/age.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import { DirectiveFields } from './directive-fields.tsx';
import { type FormState, NAME } from './form-state.ts';
import { groupedRows } from './layout.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { takenInWords } from './taken-words.ts';
import { type Form, type StoredForm, useForm } from './use-form.ts';

interface DirectiveFormProps {
  readonly scope: Scope;
  readonly panel: Panel;
  /** A panel whose groups stand before those of `panel`. */
  readonly before?: Panel;
  readonly stored: StoredForm;
  readonly save: (version: number, values: FieldValues) => Promise<SaveResult>;
  /** Where the draft is reviewed and pushed. */
  readonly reviewHref: string;
  /** Label and help of the block's name, where the block has one; its text stands under `name` in the values. */
  readonly name?: { readonly label: string; readonly help: string };
  readonly footer?: ReactNode;
}

/** One panel of the table of directives as a form. */
export function DirectiveForm({
  scope,
  panel,
  before,
  stored,
  save,
  reviewHref,
  name,
  footer,
}: DirectiveFormProps) {
  const groups = useMemo(
    () => [...(before ? groupedRows(scope, before) : []), ...groupedRows(scope, panel)],
    [scope, panel, before],
  );
  const rows = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const form = useForm(rows, stored, (version, values) =>
    save(version, only(values, rows, name !== undefined)),
  );
  return (
    <form
      noValidate
      aria-label={groups.map(({ title }) => title).join(', ')}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void form.save();
      }}
    >
      <LeaveGuard when={form.dirty} saving={form.saving} />
      <Outcome form={form} reviewHref={reviewHref} />
      {groups.map((group, index) => (
        <DirectiveFields
          key={group.title}
          group={group}
          form={form}
          {...(index === 0 && name ? { name } : {})}
          Frame={Card}
        />
      ))}
      {footer}
      <SaveBar form={form} />
    </form>
  );
}

/** What the action takes: the rows of this panel, nothing else. */
export function only(
  values: FieldValues,
  rows: readonly { readonly key: string }[],
  withName: boolean,
): FieldValues {
  const keys = [...(withName ? [NAME] : []), ...rows.map(({ key }) => key)];
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? '']));
}

function SaveBar({ form }: { readonly form: Form }) {
  const faults = Object.keys(form.state.errors).length;
  return (
    <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center gap-3 border-t border-line bg-page/95 px-4 py-3 backdrop-blur">
      <Button type="submit" tone="primary" busy={form.busy}>
        Save
      </Button>
      <Button onClick={form.discard} disabled={!form.dirty || form.busy}>
        Discard changes
      </Button>
      <span className="text-sm text-muted" role="status">
        {faults > 0
          ? `${faults === 1 ? 'One field needs' : `${faults} fields need`} mending before this can be saved.`
          : form.dirty
            ? 'Unsaved changes.'
            : ''}
      </span>
    </div>
  );
}

function Outcome({ form, reviewHref }: { readonly form: Form; readonly reviewHref: string }) {
  const { outcome } = form.state;
  if (outcome.kind === 'none') return <Elsewhere state={form.state} />;
  if (outcome.kind === 'conflict') return <ConflictNotice form={form} outcome={outcome} />;
  if (outcome.kind === 'refused') return <Notice tone="bad">{sentence(outcome.message)}</Notice>;
  return (
    <Notice
      tone="good"
      actions={
        <Link
          href={reviewHref}
          className="inline-flex items-center gap-1 font-semibold text-accent hover:underline"
        >
          Review and push
          <ArrowRight aria-hidden="true" className="size-4" />
        </Link>
      }
    >
      Saved in the draft. The routers keep running what they run until you push.
      {outcome.taken !== undefined && <p>{takenInWords(outcome.taken)}</p>}
    </Notice>
  );
}

function ConflictNotice({
  form,
  outcome,
}: {
  readonly form: Form;
  readonly outcome: Extract<FormState['outcome'], { kind: 'conflict' }>;
}) {
  const { by, at, changes } = outcome.conflict;
  return (
    <Notice
      tone="warn"
      title={
        <>
          {by} saved this first, at <Moment at={at} />
        </>
      }
      actions={<Button onClick={form.reload}>Load what {by} saved</Button>}
    >
      <p>{sentence(outcome.message)}</p>
      {changes.length > 0 && (
        <ul className="list-disc pl-5">
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
      <p>Nothing of yours was stored. After loading, what you typed stays in sight at each field.</p>
    </Notice>
  );
}

/** Faults of the configuration that no field of this form shows. */
function Elsewhere({ state }: { readonly state: FormState }) {
  const here = new Set(Object.keys(state.values));
  const others = state.warnings.filter(
    ({ path, severity }) => severity === 'error' && !here.has(String(path?.at(-1))),
  );
  if (others.length === 0) return null;
  return (
    <Notice tone="warn" announce={false} title="The configuration cannot be pushed yet">
      <ul className="list-disc pl-5">
        {others.map((diagnostic) => (
          <li key={diagnostic.message}>
            {sentence(diagnostic.message)} {sentenceOf(diagnostic.hint)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
