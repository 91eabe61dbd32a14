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
  /** How many of the diagnostics forbid the import. */
  readonly obstacles: number;
  /** What a push needs and the text does not say, or says wrongly: to be seen to after the import. */
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

const nothing = {
  diagnostics: [],
  obstacles: 0,
  toComplete: [],
  notCarried: [],
  table: [],
  adoption: null,
} as const;

/** What was read, and as what. */
export interface Read {
  readonly dialect: Dialect;
  readonly result: ImportResult;
}

/**
 * Whether a finding forbids the import: what cannot be read does. A text that a router has run for years may say what
 * Shoal would not program, and one of another program cannot say who the routers are: the draft holds it all the same,
 * and nothing is pushed before it is mended.
 */
const forbids = ({ dialect, result }: Read, { severity, path }: PlacedDiagnostic): boolean =>
  severity === 'error' && (path === undefined || (dialect === 'lvs' && !result.loads));

export const forbidding = (read: Read): readonly PlacedDiagnostic[] =>
  read.result.diagnostics.filter((diagnostic) => forbids(read, diagnostic));

/** Reads a text in the given or the recognised dialect; null when no dialect fits. */
export function readForeign(
  text: string,
  { dialect, device }: Pick<Question, 'dialect' | 'device'>,
): Read | null {
  const chosen = dialect ?? recogniseDialect(text);
  return chosen === null ? null : { dialect: chosen, result: dialects[chosen].read(text, { device }) };
}

export function examine({ text, liveTable, ...how }: Question): Examination {
  const read = readForeign(text, how);
  if (read === null)
    return { ...nothing, dialect: null, counts: { virtualServers: 0, realServers: 0, failoverServices: 0 } };
  const { config, diagnostics, notCarried } = read.result;
  const obstacles = forbidding(read).length;
  const isFaulty = obstacles > 0;
  const isLater = (diagnostic: PlacedDiagnostic): boolean =>
    diagnostic.severity === 'error' && !forbids(read, diagnostic);
  return {
    dialect: read.dialect,
    // Of an lvs.cf each has its line; what another program's text does not say has none.
    diagnostics: read.dialect === 'lvs' ? diagnostics : diagnostics.filter((each) => !isLater(each)),
    obstacles,
    toComplete: diagnostics.filter(isLater),
    notCarried,
    counts: countsOf(config),
    table: isFaulty ? [] : tableLines(compileTable(config)),
    adoption: isFaulty || liveTable === null ? null : compareWithLive(config, readTable(liveTable)),
  };
}
