'use client';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type {
  ActionResult,
  BlockList,
  BlockRow,
  BulkChange,
  ChosenServers,
  FieldValues,
  OverrideWish,
  SaveResult,
} from '#lib/console/contract.ts';
import { BlockDialog } from '../directives/block-dialog.tsx';
import { PageHeader } from '../panels/page-header.tsx';
import { virtualServerPath } from '../panels/panels.ts';
import { ActionNotice } from '../ui/action-notice.tsx';
import { asAction } from '../ui/as-action.ts';
import { Button } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { useAction } from '../ui/use-action.ts';
import { blockWords, whatGoes } from './block-words.ts';
import { BulkBar } from './bulk-bar.tsx';
import { isEnabled } from './known.ts';
import { ListSearch } from './list-search.tsx';
import { OverrideButtons } from './override-buttons.tsx';
import { Pager } from './pager.tsx';
import { useSelection } from './use-selection.ts';
import { VirtualServerTable } from './virtual-server-table.tsx';

export interface BlockActions {
  readonly create: (name: string, values: FieldValues) => Promise<SaveResult>;
  readonly remove: (id: string) => Promise<SaveResult>;
  readonly setEnabled: (id: string, version: number, enabled: boolean) => Promise<SaveResult>;
  readonly clone: (id: string) => Promise<SaveResult>;
  readonly move: (id: string, by: number) => Promise<SaveResult>;
  readonly changeMany: (ids: readonly string[], change: BulkChange) => Promise<SaveResult>;
  readonly changeMatching: (
    wish: {
      readonly kind: 'virtual' | 'failover' | 'server';
      readonly find: string;
      readonly expected: number;
    },
    change: BulkChange,
  ) => Promise<SaveResult>;
  /** Of running routers, at once; no part of the draft. */
  readonly overrideMany: (chosen: ChosenServers, wish: OverrideWish) => Promise<ActionResult>;
}

interface BlockListProps {
  readonly clusterId: string;
  readonly kind: 'virtual' | 'failover';
  readonly list: BlockList;
  /** What the list was searched for. */
  readonly find: string;
  /** The dialog that adds one stands open: the page was asked for that. */
  readonly startsAdding: boolean;
  readonly actions: BlockActions;
}

export const virtualServerName = {
  label: 'Name',
  help: 'A label, not a host name. Events, tables and lvs.cf call the virtual server by it.',
};

/** VIRTUAL SERVERS, or the failover services: a page of the list. */
export function VirtualServerList({ clusterId, kind, list, find, startsAdding, actions }: BlockListProps) {
  const router = useRouter();
  const action = useAction();
  const words = blockWords[kind];
  const [adding, setAdding] = useState(startsAdding);
  const [deleting, setDeleting] = useState<BlockRow | null>(null);
  const [chosen, setChosen] = useState<{ what: 'blocks' | 'servers'; find: string } | null>(null);
  // Everything that one search found is not everything that the next one finds.
  const everything = chosen?.find === find ? chosen.what : null;
  const selection = useSelection(list.rows.map(({ id }) => id));
  const clear = () => {
    selection.clear();
    setChosen(null);
  };
  const servers = everything === 'servers';
  const count = servers ? list.matchingServers : everything === 'blocks' ? list.matching : selection.ids.size;
  const add = (
    <Button tone="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" />
      Add {words.one}
    </Button>
  );
  const run = (row: BlockRow, change: () => Promise<SaveResult>, done: string) =>
    action.run(row.id, async () => asAction(await change(), done));
  return (
    <>
      <PageHeader title={words.title} actions={list.total > 0 && add}>
        {words.lead}
      </PageHeader>
      <div className="flex flex-col gap-3">
        <ActionNotice result={action.result} onClose={() => action.show(null)} />
        {list.total === 0 ? (
          <Card title={`No ${words.many} yet`}>
            <Empty title={`What is a ${words.one}?`} action={add}>
              {words.teaches.map((text) => (
                <p key={text}>{text}</p>
              ))}
            </Empty>
          </Card>
        ) : (
          <>
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <ListSearch label={`Search the ${words.many}`} />
              <p role="status" className="text-sm text-muted">
                {find === ''
                  ? `${list.total} ${list.total === 1 ? words.one : words.many}`
                  : `${list.matching} of ${list.total} match`}
              </p>
              {list.matchingServers > 0 && count === 0 && (
                <Button size="small" tone="link" onClick={() => setChosen({ what: 'servers', find })}>
                  Choose the{' '}
                  {list.matchingServers === 1 ? 'real server' : `${list.matchingServers} real servers`} that{' '}
                  {list.matchingServers === 1 ? 'matches' : 'match'}
                </Button>
              )}
              <div className="ml-auto">
                <Pager
                  place="above"
                  page={list.page}
                  pages={list.pages}
                  hrefOf={(page) => pagePath(find, page)}
                />
              </div>
            </div>
            <BulkBar
              count={count}
              what={servers ? 'real servers' : words.many}
              weighs={servers}
              action={action}
              change={(change) =>
                everything !== null
                  ? actions.changeMatching({ kind: servers ? 'server' : kind, find, expected: count }, change)
                  : actions.changeMany([...selection.ids], change)
              }
              onClear={clear}
              whatGoes={
                servers
                  ? 'They leave every virtual server that the search found them in. After the next push they get no connections; those that are open break.'
                  : kind === 'virtual'
                    ? 'Their real servers and monitoring scripts go with them.'
                    : 'Their commands go with them.'
              }
            >
              {servers && (
                <OverrideButtons
                  count={count}
                  action={action}
                  override={(wish) => actions.overrideMany({ find, expected: count }, wish)}
                />
              )}
              {everything === null && list.matching > count && (
                <Button size="small" tone="link" onClick={() => setChosen({ what: 'blocks', find })}>
                  Choose all {list.matching}
                  {find !== '' && ' that match'}
                </Button>
              )}
            </BulkBar>
            {list.rows.length === 0 ? (
              <p className="rounded-lg border border-line bg-surface px-4 py-6 text-muted">
                Nothing has “{find}” as its name, address, port or note. An address is compared as a whole;
                192.0.2. or 192.0.2.0/24 finds a network.
              </p>
            ) : (
              <VirtualServerTable
                clusterId={clusterId}
                kind={kind}
                label={kind === 'virtual' ? 'Virtual servers' : 'Failover services'}
                rows={list.rows}
                selection={selection}
                busy={action.busy}
                onToggle={(row) =>
                  run(
                    row,
                    () => actions.setEnabled(row.id, row.version, !isEnabled(row)),
                    `${row.name} is ${isEnabled(row) ? 'inactive' : 'active'} in the draft. Push to make it so on the routers.`,
                  )
                }
                onClone={(row) =>
                  run(
                    row,
                    () => actions.clone(row.id),
                    `${row.name} is copied to the end of the list, inactive. Give the copy an address or port of its own, then activate it.`,
                  )
                }
                onMove={(row, by) => run(row, () => actions.move(row.id, by), `${row.name} is moved.`)}
                onDelete={setDeleting}
              />
            )}
            <Pager
              place="below"
              page={list.page}
              pages={list.pages}
              hrefOf={(page) => pagePath(find, page)}
            />
          </>
        )}
      </div>
      {adding && (
        <BlockDialog
          scope={kind}
          panel="virtual-server"
          title={`Add a ${words.one}`}
          verb={`Add ${words.one}`}
          name={virtualServerName}
          stored={{ version: 0, diagnostics: [], values: { enabled: '1', name: list.freeName } }}
          save={(_version, name, values) => actions.create(name, values)}
          onClose={() => setAdding(false)}
          onSaved={({ id }) => {
            setAdding(false);
            if (id === undefined) return;
            router.push(virtualServerPath(clusterId, id, kind === 'virtual' ? '/servers' : '/monitoring'));
          }}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={() => setDeleting(null)}
          title={`Delete the ${words.one} ${deleting.name}?`}
          description={whatGoes(deleting)}
          verb={`Delete ${deleting.name}`}
          danger
          onConfirm={async () =>
            asAction(await actions.remove(deleting.id), `${deleting.name} is deleted from the draft.`)
          }
          onDone={(message) => action.show({ ok: true, message })}
        />
      )}
    </>
  );
}

/** Of the same list. */
function pagePath(find: string, page: number): string {
  const query = new URLSearchParams({ ...(find === '' ? {} : { find }), page: String(page) });
  return `?${query}`;
}
