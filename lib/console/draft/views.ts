/** The draft as pages show it. Pure. */
import type { Diagnostic, ModelPath } from '#lib/lvs/diagnostics.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import type { RealServerView, SettingsForm, VirtualServerView } from '../contract.ts';
import { configOf, type Draft, type DraftRow, type DraftVirtual, virtualsOf } from './draft.ts';
import { fieldsOf } from './fields.ts';

/** What is wrong below a path of the model. */
export const diagnosticsAt = (draft: Draft, prefix: ModelPath): readonly Diagnostic[] =>
  below(validateConfig(configOf(draft)), prefix);

const below = (diagnostics: readonly Diagnostic[], prefix: ModelPath): readonly Diagnostic[] =>
  diagnostics.filter(({ path }) => path && prefix.every((part, index) => path[index] === part));

export const settingsFormOf = (draft: Draft, diagnostics: readonly Diagnostic[]): SettingsForm => ({
  version: draft.cluster.version,
  values: fieldsOf('global', draft.cluster.settings),
  diagnostics,
});

const serverViewOf = (row: DraftRow): RealServerView => ({
  id: row.id,
  name: row.name,
  version: row.version,
  values: fieldsOf('server', row.settings),
});

const virtualViewOf = (virtual: DraftVirtual, diagnostics: readonly Diagnostic[]): VirtualServerView => ({
  id: virtual.id,
  name: virtual.name,
  version: virtual.version,
  values: fieldsOf('virtual', virtual.settings),
  servers: virtual.servers.map(serverViewOf),
  diagnostics,
});

/** All virtual servers in file order. */
export function virtualServerViewsOf(draft: Draft): readonly VirtualServerView[] {
  const diagnostics = validateConfig(configOf(draft));
  return virtualsOf(draft, 'virtual').map((virtual, index) =>
    virtualViewOf(virtual, below(diagnostics, ['virtualServers', index])),
  );
}
