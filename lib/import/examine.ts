/** Everything that a person wants to know of a text before it is imported: faults, losses, table, comparison. Pure. */
import { tableLines } from '../ipvs/command.ts';
import { compileTable } from '../ipvs/compile.ts';
import { readTable } from '../ipvs/read.ts';
import type { ClusterConfig } from '../lvs/model.ts';
import type { PlacedDiagnostic } from '../lvs/report.ts';
import { type Adoption, compareWithLive } from './adoption.ts';
import { type Dialect, dialects, recogniseDialect } from './dialects.ts';
import type { ImportResult, NotCarried } from './result.ts';

export interface Question {
  readonly text: string;
  /** Null: recognise it. */
  readonly dialect: Dialect | null;
  /** Interface for virtual IP addresses where the text names none. */
  readonly device: string;
  /** Output of `ipvsadm -Sn` of the router that the text comes from; null when there is none. */
  readonly liveTable: string | null;
}

export interface Examination {
  /** As chosen or recognised; null: this is nothing that can be read. */
  readonly dialect: Dialect | null;
  readonly diagnostics: readonly PlacedDiagnostic[];
  /** What the text could not say and a push needs: to be filled in after the import. */
  readonly toComplete: readonly PlacedDiagnostic[];
  readonly notCarried: readonly NotCarried[];
  readonly counts: Counts;
  /** The table that Shoal would program with every real server up, as `ipvsadm -Sn` prints it. */
  readonly table: readonly string[];
  /** Null without a live table, and where the text has errors. */
  readonly adoption: Adoption | null;
}

export interface Counts {
  readonly virtualServers: number;
  readonly realServers: number;
  readonly failoverServices: number;
}

export const countsOf = ({ virtualServers, failoverServices }: ClusterConfig): Counts => ({
  virtualServers: virtualServers.length,
  realServers: virtualServers.reduce((sum, { servers }) => sum + servers.length, 0),
  failoverServices: failoverServices.length,
});

const nothing = { diagnostics: [], toComplete: [], notCarried: [], table: [], adoption: null } as const;

/**
 * Whether a finding forbids the import. An lvs.cf says everything, so that each error of it does. Another text cannot
 * say who the routers are, and may lack more that a draft can be given later; only what cannot be read forbids it.
 */
const forbids = (dialect: Dialect, { severity, path }: PlacedDiagnostic): boolean =>
  severity === 'error' && (dialect === 'lvs' || path === undefined);

export const forbidding = (
  dialect: Dialect,
  diagnostics: readonly PlacedDiagnostic[],
): readonly PlacedDiagnostic[] => diagnostics.filter((diagnostic) => forbids(dialect, diagnostic));

/** Reads a text in the given or the recognised dialect; null when no dialect fits. */
export function readForeign(
  text: string,
  { dialect, device }: Pick<Question, 'dialect' | 'device'>,
): { readonly dialect: Dialect; readonly result: ImportResult } | null {
  const chosen = dialect ?? recogniseDialect(text);
  return chosen === null ? null : { dialect: chosen, result: dialects[chosen].read(text, { device }) };
}

export function examine({ text, liveTable, ...how }: Question): Examination {
  const read = readForeign(text, how);
  if (read === null)
    return { ...nothing, dialect: null, counts: { virtualServers: 0, realServers: 0, failoverServices: 0 } };
  const { config, diagnostics, notCarried } = read.result;
  const isFaulty = forbidding(read.dialect, diagnostics).length > 0;
  const isLater = (diagnostic: PlacedDiagnostic): boolean =>
    diagnostic.severity === 'error' && !forbids(read.dialect, diagnostic);
  return {
    dialect: read.dialect,
    diagnostics: diagnostics.filter((diagnostic) => !isLater(diagnostic)),
    toComplete: diagnostics.filter(isLater),
    notCarried,
    counts: countsOf(config),
    table: isFaulty ? [] : tableLines(compileTable(config)),
    adoption: isFaulty || liveTable === null ? null : compareWithLive(config, readTable(liveTable)),
  };
}
