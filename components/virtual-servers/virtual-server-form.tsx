'use client';
import { useMemo } from 'react';
import type { FieldValues, SaveResult, VirtualServerView } from '#lib/console/contract.ts';
import { DirectiveForm } from '../directives/directive-form.tsx';
import { NAME } from '../directives/form-state.ts';
import { clusterPath } from '../panels/panels.ts';
import { virtualServerName } from './virtual-server-list.tsx';

interface VirtualServerFormProps {
  readonly clusterId: string;
  readonly view: VirtualServerView;
  readonly panel: 'virtual-server' | 'monitoring';
  readonly save: (version: number, name: string, values: FieldValues) => Promise<SaveResult>;
}

/** VIRTUAL SERVER and MONITORING SCRIPTS of one virtual server; the second does not show the name. */
export function VirtualServerForm({ clusterId, view, panel, save }: VirtualServerFormProps) {
  const stored = useMemo(
    () => ({
      version: view.version,
      values: { ...view.values, [NAME]: view.name },
      diagnostics: view.diagnostics.filter(({ path }) => path?.[2] !== 'servers'),
    }),
    [view],
  );
  const send = (version: number, { [NAME]: name = view.name, ...values }: FieldValues) =>
    save(version, name, values);
  return (
    <DirectiveForm
      scope={view.kind}
      panel={panel}
      {...(panel === 'monitoring' && view.kind === 'failover' ? { before: 'failover' as const } : {})}
      stored={stored}
      save={send}
      reviewHref={clusterPath(clusterId, 'changes')}
      {...(panel === 'virtual-server' ? { name: virtualServerName } : {})}
    />
  );
}
