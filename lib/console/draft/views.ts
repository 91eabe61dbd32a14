/** The draft as pages show it. Pure. */
import type { Diagnostic, ModelPath } from '#lib/lvs/diagnostics.ts';
import type {
  FieldValues,
  RealServerView,
  SettingsForm,
  VirtualOutline,
  VirtualServerView,
} from '../contract.ts';
import { type Draft, type DraftRow, listNames, virtualsOf } from './draft.ts';
import { faultsOf } from './faults.ts';
import { fieldsOf } from './fields.ts';

/** What is wrong below a path of the model. */
export const diagnosticsAt = (draft: Draft, prefix: ModelPath): readonly Diagnostic[] =>
  faultsOf(draft).filter(({ path }) => path && prefix.every((part, index) => path[index] === part));

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

/** One block with its real servers and what is wrong with them; null when there is none of that id. */
export function virtualServerViewOf(draft: Draft, id: string): VirtualServerView | null {
  const virtual = draft.virtuals.find((row) => row.id === id);
  if (!virtual) return null;
  const index = virtualsOf(draft, virtual.kind).indexOf(virtual);
  return {
    kind: virtual.kind,
    id: virtual.id,
    name: virtual.name,
    version: virtual.version,
    values: fieldsOf(virtual.kind, virtual.settings),
    servers: virtual.servers.map(serverViewOf),
    diagnostics: diagnosticsAt(draft, [listNames[virtual.kind], index]),
  };
}

/** More real servers than this are not named beside their virtual servers. */
const MOST_NAMED = 2000;

const only = (values: FieldValues, keys: readonly string[]): FieldValues =>
  Object.fromEntries(keys.flatMap((key) => (values[key] === undefined ? [] : [[key, values[key]]])));

/** All virtual servers in file order, as far as the health of their real servers needs them. */
export function virtualOutlinesOf(draft: Draft): readonly VirtualOutline[] {
  const virtuals = virtualsOf(draft, 'virtual');
  const areNamed = virtuals.reduce((sum, { servers }) => sum + servers.length, 0) <= MOST_NAMED;
  return virtuals.map((virtual) => ({
    id: virtual.id,
    name: virtual.name,
    values: only(fieldsOf('virtual', virtual.settings), ['vip', 'port', 'protocol', 'firewallMark']),
    servers: areNamed ? virtual.servers.map(({ name }) => ({ name })) : [],
  }));
}
