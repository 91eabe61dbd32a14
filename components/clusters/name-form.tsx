'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { CreateResult } from '#lib/console/contract.ts';
import { SimpleField } from '../account/simple-field.tsx';
import { clusterPath } from '../panels/panels.ts';
import { Button } from '../ui/button.tsx';
import { unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';

interface NameFormProps {
  readonly verb: string;
  readonly initial: string;
  readonly save: (name: string) => Promise<CreateResult>;
  /** Goes to the routers of the new cluster. */
  readonly openAfter?: boolean;
  readonly onSaved?: () => void;
}

/** The name of a cluster, for a new one or another name. */
export function NameForm({ verb, initial, save, openAfter, onSaved }: NameFormProps) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Extract<CreateResult, { ok: false }> | null>(null);
  const form = useFaultFocus(failure);
  const submit = async (name: string) => {
    setBusy(true);
    setFailure(null);
    const result = await save(name).catch(() => ({ ...unreachableConsole, fields: {} }));
    setBusy(false);
    if (!result.ok) return setFailure(result);
    onSaved?.();
    if (openAfter) router.push(clusterPath(result.id, 'routers'));
  };
  return (
    <form
      ref={form}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(String(new FormData(event.currentTarget).get('name') ?? ''));
      }}
    >
      {failure !== null && failure.fields.name === undefined && (
        <Notice tone="bad">{sentence(failure.message)}</Notice>
      )}
      <SimpleField
        id="name"
        label="Name of the cluster"
        defaultValue={initial}
        help="For people: the site or what it serves, such as Shop Vienna."
        error={failure?.fields.name}
      />
      <Button type="submit" tone="primary" busy={busy} className="self-start">
        {verb}
      </Button>
    </form>
  );
}
