'use client';
import { useState } from 'react';
import type { CreateResult } from '#lib/console/contract.ts';
import { NameForm } from '../clusters/name-form.tsx';
import { Arrival } from '../ui/arrival.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { type GoodReading, RouterLoginSteps, type RouterReadActions } from './router-login.tsx';
import { pastedText, type Source } from './source.ts';
import type { DialectLabels } from './text-card.tsx';
import { type ImportCluster, Workbench } from './workbench.tsx';

export interface NewClusterActions extends RouterReadActions {
  readonly create: (name: string) => Promise<CreateResult>;
  readonly importCluster: ImportCluster;
}

interface NewClusterProps {
  readonly labels: DialectLabels;
  readonly actions: NewClusterActions;
}

const ways = [
  {
    value: 'router',
    title: 'From a Piranha router',
    text: 'Over SSH: its lvs.cf, and what would change on it.',
  },
  {
    value: 'file',
    title: 'From a file',
    text: 'lvs.cf, keepalived.conf, ldirectord.cf; uploaded or pasted.',
  },
  {
    value: 'kernel',
    title: 'From a running kernel',
    text: 'The routing table of any LVS router, whoever made it.',
  },
  { value: 'empty', title: 'Empty', text: 'A name; everything else on the panels.' },
] as const;

type Way = (typeof ways)[number]['value'];

/** Four ways to a new cluster. Whichever is taken, nothing changes on a router here. */
export function NewCluster({ labels, actions }: NewClusterProps) {
  const [way, setWay] = useState<Way>('router');
  return (
    <div className="flex flex-col gap-4">
      <fieldset>
        <legend className="sr-only">Where the cluster comes from</legend>
        <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-4">
          {ways.map(({ value, title, text }) => (
            <label
              key={value}
              className="flex cursor-pointer items-start gap-2.5 rounded-lg border border-line bg-surface px-3 py-2.5 hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name="way"
                value={value}
                checked={way === value}
                onChange={() => setWay(value)}
                className="mt-1 size-4 shrink-0 accent-(--accent) outline-none"
              />
              <span>
                <span className="block font-semibold">{title}</span>
                <span className="block text-sm text-muted">{text}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {way === 'router' && <RouterWay key="router" wantsFile labels={labels} actions={actions} />}
      {way === 'file' && (
        <Workbench source={emptySource} labels={labels} takesFiles importCluster={actions.importCluster} />
      )}
      {way === 'kernel' && <KernelWay labels={labels} actions={actions} />}
      {way === 'empty' && (
        <Card title="An empty cluster">
          <div className="max-w-xl px-4 py-3">
            <NameForm verb="Create cluster" initial="" save={actions.create} openAfter />
          </div>
        </Card>
      )}
    </div>
  );
}

const emptySource: Source = { id: 0, text: '', dialect: null, liveTable: null, origin: pastedText, name: '' };

function sourceOf({ address, text, table }: GoodReading): Source {
  return {
    id: 0,
    text: text ?? table ?? '',
    dialect: text === null ? 'ipvsadm' : null,
    liveTable: table,
    origin: address,
    name: '',
  };
}

interface WayProps extends NewClusterProps {
  /** lvs.cf and table, or the table alone. */
  readonly wantsFile: boolean;
}

function RouterWay({ wantsFile, labels, actions }: WayProps) {
  const [reading, setReading] = useState<GoodReading | null>(null);
  if (reading === null)
    return <RouterLoginSteps wantsFile={wantsFile} actions={actions} onRead={setReading} />;
  return (
    <Arrival className="flex flex-col gap-4">
      <Notice
        tone={reading.note === null ? 'good' : 'info'}
        title={`${reading.address} was read; nothing was changed on it.`}
        actions={<Button onClick={() => setReading(null)}>Another router</Button>}
      >
        {reading.note !== null && sentence(reading.note)}
      </Notice>
      <Workbench
        source={sourceOf(reading)}
        labels={labels}
        takesFiles={false}
        importCluster={actions.importCluster}
      />
    </Arrival>
  );
}

function KernelWay({ labels, actions }: NewClusterProps) {
  const [isPasted, setPasted] = useState(false);
  return (
    <>
      <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
        <legend className="sr-only">How the table gets here</legend>
        {[false, true].map((pasted) => (
          <label key={String(pasted)} className="flex items-center gap-2">
            <input
              type="radio"
              name="table-from"
              checked={isPasted === pasted}
              onChange={() => setPasted(pasted)}
              className="size-4 accent-(--accent)"
            />
            {pasted ? 'Paste the output of ipvsadm -Sn' : 'Read it over SSH'}
          </label>
        ))}
      </fieldset>
      {isPasted ? (
        <Workbench
          source={{ ...emptySource, dialect: 'ipvsadm' }}
          labels={labels}
          takesFiles
          importCluster={actions.importCluster}
        />
      ) : (
        <RouterWay wantsFile={false} labels={labels} actions={actions} />
      )}
    </>
  );
}
