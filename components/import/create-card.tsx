'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import type { CreateResult } from '#lib/console/contract.ts';
import type { Examination } from '#lib/import/examine.ts';
import { SimpleField } from '../account/simple-field.tsx';
import { clusterPath } from '../panels/panels.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';

interface CreateCardProps {
  readonly examination: Examination;
  /** A proposal for the name. */
  readonly name: string;
  /** Why it cannot be imported yet; null: it can. */
  readonly obstacle: string | null;
  readonly create: (name: string) => Promise<CreateResult>;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function contentOf({ counts }: Examination): string {
  const parts = [
    counted(counts.virtualServers, 'virtual server'),
    counted(counts.realServers, 'real server'),
  ];
  if (counts.failoverServices > 0) parts.push(counted(counts.failoverServices, 'failover service'));
  return parts.join(', ');
}

/** The last step: a name, and the cluster with its draft. */
export function CreateCard({ examination, name, obstacle, create }: CreateCardProps) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Extract<CreateResult, { ok: false }> | null>(null);
  const form = useFaultFocus(failure);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('name') ?? '');
    setBusy(true);
    setFailure(null);
    const result = await create(typed).catch(() => ({ ...unreachableConsole, fields: {} }));
    if (result.ok) return router.push(`${clusterPath(result.id, 'routers')}?imported`);
    setBusy(false);
    setFailure(result);
  };
  return (
    <Card
      title="Create the cluster"
      aside={<span className="text-sm text-muted">{contentOf(examination)}</span>}
    >
      <form ref={form} noValidate className="flex flex-col gap-4 px-4 py-3" onSubmit={submit}>
        {failure !== null && failure.fields.name === undefined && (
          <Notice tone="bad">{sentence(failure.message)}</Notice>
        )}
        <div className="max-w-xl">
          <SimpleField
            key={name}
            id="name"
            label="Name of the cluster"
            defaultValue={name}
            help="For people: the site or what it serves, such as Shop Vienna."
            error={failure?.fields.name}
          />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            type="submit"
            tone="primary"
            busy={busy}
            disabled={obstacle !== null}
            aria-describedby="import-note"
          >
            Import
          </Button>
          <span id="import-note" className="text-sm text-muted">
            {obstacle ??
              'It becomes a draft in this console. No router changes before you have enrolled one and pushed.'}
          </span>
        </div>
      </form>
    </Card>
  );
}
