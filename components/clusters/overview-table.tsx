'use client';
import { CircleCheck, CircleDashed, OctagonX, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import type { ClusterBrief, Condition } from '#lib/protocol/overview.ts';
import { conditions } from '#lib/protocol/overview.ts';
import { clusterPath } from '../panels/panels.ts';
import { type Look, linkLook, roleLook, syncLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { toneInk } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { sentenceOf } from '../ui/sentence.ts';
import { Cell, Column, midOnly, RowHead, Table, wideOnly } from '../ui/table.tsx';
import { countInWords, matching } from './overview-words.ts';

const conditionLook: Readonly<Record<Condition, Look>> = {
  broken: { word: 'broken', tone: 'bad', Icon: OctagonX },
  ailing: { word: 'needs care', tone: 'warn', Icon: TriangleAlert },
  idle: { word: 'idle', tone: 'neutral', Icon: CircleDashed },
  well: { word: 'well', tone: 'good', Icon: CircleCheck },
};

/** From so many on it is quicker to type a name than to look for it. */
const MANY = 8;
/** Findings that a row shows; the cluster's own page has them all. */
const MOST_FINDINGS = 2;

interface OverviewTableProps {
  /** The worst first. */
  readonly clusters: readonly ClusterBrief[];
  readonly onRename: (cluster: ClusterBrief) => void;
  readonly onDelete: (cluster: ClusterBrief) => void;
}

/** One line for each cluster. */
export function OverviewTable({ clusters, onRename, onDelete }: OverviewTableProps) {
  const [wanted, setWanted] = useState('');
  const id = useId();
  const shown = matching(clusters, wanted);
  return (
    <section aria-label="Clusters" className="overflow-hidden rounded-lg border border-line bg-surface">
      <header className="flex min-h-11 flex-wrap items-center gap-x-5 gap-y-2 border-b border-line px-4 py-1.5">
        <p role="status" className="flex flex-wrap gap-x-4 text-sm">
          {conditions.map((condition) => {
            const count = clusters.filter((cluster) => cluster.condition === condition).length;
            const { Icon, tone } = conditionLook[condition];
            return (
              count > 0 && (
                <span key={condition} className="inline-flex items-center gap-1 whitespace-nowrap">
                  <Icon aria-hidden="true" className={`size-4 ${toneInk[tone]}`} />
                  {countInWords(condition, count)}
                </span>
              )
            );
          })}
        </p>
        {clusters.length >= MANY && (
          <div className="ml-auto flex items-center gap-2">
            <label htmlFor={id} className="text-sm text-muted">
              Name or address
            </label>
            <Input
              id={id}
              type="search"
              value={wanted}
              className="w-52"
              onChange={(event) => setWanted(event.target.value)}
            />
          </div>
        )}
      </header>
      {shown.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">No cluster and no router is called like that.</p>
      ) : (
        <Table label="Clusters">
          <thead>
            <tr>
              <Column className={midOnly}>State</Column>
              <Column>Cluster</Column>
              <Column>Routers</Column>
              <Column align="right" className={wideOnly}>
                Real servers up
              </Column>
              <Column className={wideOnly}>Configuration</Column>
              <Column className={midOnly}>
                <span className="sr-only">Actions</span>
              </Column>
            </tr>
          </thead>
          <tbody>
            {shown.map((cluster) => (
              <Row key={cluster.id} cluster={cluster} onRename={onRename} onDelete={onDelete} />
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

interface RowProps {
  readonly cluster: ClusterBrief;
  readonly onRename: (cluster: ClusterBrief) => void;
  readonly onDelete: (cluster: ClusterBrief) => void;
}

function Row({ cluster, onRename, onDelete }: RowProps) {
  const { findings, servers, draftChanges } = cluster;
  const more = findings.length - MOST_FINDINGS;
  return (
    <tr className="align-top hover:bg-sunken/50">
      <Cell className={midOnly}>
        <StateBadge look={conditionLook[cluster.condition]} />
      </Cell>
      <RowHead className="break-words @2xl:min-w-48">
        <Link
          href={clusterPath(cluster.id, 'control')}
          prefetch={false}
          className="rounded font-semibold text-accent hover:underline"
        >
          {cluster.name}
        </Link>
        {/* On a phone there is no column for it. */}
        <div className="py-0.5 @2xl:hidden">
          <StateBadge look={conditionLook[cluster.condition]} />
        </div>
        {findings.length > 0 && (
          <ul className="font-normal">
            {findings.slice(0, MOST_FINDINGS).map((finding) => (
              <li key={finding}>{sentenceOf(finding)}</li>
            ))}
            {more > 0 && <li className="text-muted">and {more} more</li>}
          </ul>
        )}
      </RowHead>
      <Cell>
        {cluster.routers.length === 0 ? (
          <span className="text-muted">none</span>
        ) : (
          <ul className="flex flex-col gap-0.5">
            {cluster.routers.map(({ name, address, link, state }) => (
              <li key={name} className="flex items-center gap-1.5 whitespace-nowrap" title={address}>
                <span className="max-w-32 truncate">{name}</span>
                <StateBadge look={state === null ? linkLook[link] : roleLook[state]} />
              </li>
            ))}
          </ul>
        )}
      </Cell>
      <Cell align="right" className={wideOnly}>
        {servers === null ? <span className="text-muted">unknown</span> : `${servers.up} of ${servers.all}`}
      </Cell>
      <Cell className={wideOnly}>
        <span className="flex flex-col items-start gap-0.5">
          <StateBadge look={syncLook[cluster.sync]} />
          {draftChanges > 0 && (
            <span className="whitespace-nowrap text-muted">
              {draftChanges === 1 ? '1 change waits' : `${draftChanges} changes wait`}
            </span>
          )}
        </span>
      </Cell>
      <Cell align="right" className={`py-0.5 whitespace-nowrap ${midOnly}`}>
        <Button
          size="small"
          tone="link"
          aria-label={`Rename ${cluster.name}`}
          onClick={() => onRename(cluster)}
        >
          Rename
        </Button>
        <Button
          size="small"
          tone="quiet-danger"
          aria-label={`Delete ${cluster.name}`}
          onClick={() => onDelete(cluster)}
        >
          Delete
        </Button>
      </Cell>
    </tr>
  );
}
