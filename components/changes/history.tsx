'use client';
import { GitCompareArrows } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { ActionResult, RevisionView } from '#lib/console/contract.ts';
import { shortHash } from '../control/router-card.tsx';
import { Moment } from '../live/age.tsx';
import { clusterPath, comparePath, revisionPath } from '../panels/panels.ts';
import { outcomeLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Cell, Column, RowHead, Table, wideOnly } from '../ui/table.tsx';
import { useAction } from '../ui/use-action.ts';

interface HistoryProps {
  readonly clusterId: string;
  /** One page of them. */
  readonly revisions: readonly RevisionView[];
  /** There are older ones. */
  readonly more: boolean;
  /** This is not the newest page. */
  readonly isOlder: boolean;
  readonly restore: (serial: number) => Promise<ActionResult>;
}

/** Every revision, the newest first. A revision is never changed; it can be taken into the draft again. */
export function History({ clusterId, revisions, more, isOlder, restore }: HistoryProps) {
  const action = useAction();
  const [asking, setAsking] = useState<RevisionView | null>(null);
  return (
    <div className="flex flex-col gap-3">
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      <Card
        title="Revisions"
        actions={
          revisions.length > 0 && (
            <Link
              href={comparePath(clusterId, revisions[0]?.serial ?? 'draft', 'draft')}
              prefetch={false}
              className={buttonLook({ size: 'small' })}
            >
              <GitCompareArrows aria-hidden="true" />
              Compare two
            </Link>
          )
        }
      >
        {revisions.length === 0 ? (
          <p className="px-4 py-3 text-sm text-muted">
            None yet. Each push makes one: an lvs.cf with its number, author and message, kept for good.
          </p>
        ) : (
          <Table label="Revisions">
            <thead>
              <tr>
                <Column align="right">Serial</Column>
                <Column>When</Column>
                <Column>Author</Column>
                <Column>Message</Column>
                <Column>Routers</Column>
                <Column className={wideOnly}>Hash</Column>
                <Column>
                  <span className="sr-only">Actions</span>
                </Column>
              </tr>
            </thead>
            <tbody>
              {revisions.map((revision, index) => (
                <tr key={revision.serial}>
                  <RowHead className="text-right">{revision.serial}</RowHead>
                  <Cell>
                    <Moment at={revision.at} />
                  </Cell>
                  <Cell>{revision.author}</Cell>
                  <Cell className="max-w-96 break-words">
                    {revision.message || <span className="text-muted">no message</span>}
                  </Cell>
                  <Cell>
                    <span className="flex flex-wrap gap-x-3 gap-y-1">
                      {revision.results.length === 0 && <span className="text-muted">sent to no router</span>}
                      {revision.results.map((result) => (
                        <span
                          key={result.routerId}
                          className="inline-flex items-center gap-1"
                          title={result.message}
                        >
                          {result.name} <StateBadge look={outcomeLook[result.outcome]} />
                        </span>
                      ))}
                    </span>
                  </Cell>
                  <Cell className={`font-mono text-xs text-muted ${wideOnly}`} title={revision.hash}>
                    {shortHash(revision.hash)}
                  </Cell>
                  <Cell align="right" className="py-0.5 lg:whitespace-nowrap">
                    <Link
                      href={revisionPath(clusterId, revision.serial)}
                      prefetch={false}
                      className={buttonLook({ tone: 'link', size: 'small' })}
                      aria-label={`View revision ${revision.serial}`}
                    >
                      View
                    </Link>
                    <Link
                      href={comparePath(
                        clusterId,
                        revisions[index + 1]?.serial ?? revision.serial,
                        revision.serial,
                      )}
                      prefetch={false}
                      className={buttonLook({ tone: 'link', size: 'small' })}
                      aria-label={`Compare revision ${revision.serial} with the one before`}
                    >
                      Compare
                    </Link>
                    <Button
                      size="small"
                      tone="link"
                      aria-label={`Restore revision ${revision.serial}`}
                      onClick={() => setAsking(revision)}
                    >
                      Restore
                    </Button>
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
        {(more || isOlder) && (
          <nav aria-label="Pages of revisions" className="flex gap-4 border-t border-line px-4 py-2 text-sm">
            {isOlder && (
              <Link href={clusterPath(clusterId, 'changes')} className="text-accent hover:underline">
                Newest
              </Link>
            )}
            {more && (
              <Link
                href={`${clusterPath(clusterId, 'changes')}?below=${revisions.at(-1)?.serial ?? 0}`}
                className="text-accent hover:underline"
              >
                Older
              </Link>
            )}
          </nav>
        )}
      </Card>
      {asking && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsking(null)}
          title={`Restore revision ${asking.serial} into the draft?`}
          description="The draft becomes what that revision holds; changes that wait in the draft are replaced. The routers change nothing until you push."
          verb={`Restore revision ${asking.serial}`}
          onConfirm={() => restore(asking.serial)}
          onDone={(message) => action.show({ ok: true, message })}
        />
      )}
    </div>
  );
}
