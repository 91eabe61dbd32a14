/** What `shoalctl plan` prints: the table with every active real server up at full weight. Pure. */
import { type Diagnostic, hasErrors } from '../lvs/diagnostics.ts';
import type { ClusterConfig } from '../lvs/model.ts';
import { parseConfig } from '../lvs/parse.ts';
import { serviceName, stepLine } from './command.ts';
import { compileTable, configuredTable } from './compile.ts';
import { planSteps } from './plan.ts';
import { readRules, readTable } from './read.ts';
import type { Forwarding, RoutingTable, Service } from './table.ts';
import { serviceInWords, stepsInWords, type TableNames, tableNames } from './words.ts';

/** `shoalctl plan --json` prints this as it is. */
export interface PlanJson {
  readonly services: readonly {
    readonly service: string;
    readonly scheduler: string;
    readonly persistence: number | null;
    readonly netmask: string | null;
    readonly destinations: readonly {
      readonly address: string;
      readonly port: number;
      readonly forwarding: Forwarding;
      readonly weight: number;
    }[];
  }[];
  /** One line each for `ipvsadm -R`. */
  readonly commands: readonly string[];
}

export type PlanReport =
  | {
      readonly ok: true;
      readonly plan: PlanJson;
      /** The commands in words, one sentence each. */
      readonly words: readonly string[];
      /** What is left alone, in words: services that the configuration does not name and that may be anybody's. */
      readonly kept: readonly string[];
      /** Lines of a saved table that are no rule. */
      readonly passedOver: readonly { readonly line: number; readonly text: string }[];
    }
  /** A text is no configuration: nothing can be planned. `text` says which one. */
  | { readonly ok: false; readonly text: 'wanted' | 'from'; readonly diagnostics: readonly Diagnostic[] };

const serviceJson = (service: Service): PlanJson['services'][number] => ({
  service: serviceName(service.key),
  scheduler: service.scheduler,
  persistence: service.persistence,
  netmask: service.netmask,
  destinations: service.destinations.map(({ address, port, forwarding, weight }) => ({
    address,
    port,
    forwarding,
    weight,
  })),
});

/** Output of `ipvsadm -Sn`, by its first line that says something. Nothing at all is an empty table. */
const isSavedTable = (text: string): boolean => /^\s*(-[Aa]\s|$)/.test(text);

interface Start {
  readonly table: RoutingTable;
  readonly names: TableNames;
  /** All of it was made by a configuration: what the new one does not name goes. */
  readonly isOurs: boolean;
  readonly passedOver: readonly { readonly line: number; readonly text: string }[];
}

const nothing: Start = { table: { services: [] }, names: new Map(), isOurs: true, passedOver: [] };

/** Where a change starts from: a configuration, or what `ipvsadm -Sn` printed. */
function readStart(text: string): Start | readonly Diagnostic[] {
  if (isSavedTable(text)) {
    const passedOver = [...readRules(text)].flatMap((rule) =>
      rule.kind === 'other' ? [{ line: rule.line, text: rule.text }] : [],
    );
    return { ...nothing, table: readTable(text), isOurs: false, passedOver };
  }
  const { config, diagnostics } = parseConfig(text);
  if (hasErrors(diagnostics)) return diagnostics;
  return { ...nothing, table: compileTable(config), names: tableNames(config) };
}

/**
 * Plans from nothing, or the smallest change from another configuration or a saved table. Faults that only
 * validation finds do not stop it: `checkText` tells them.
 */
export function planReport(text: string, from: string | null = null): PlanReport {
  const { config, diagnostics } = parseConfig(text);
  if (hasErrors(diagnostics)) return { ok: false, text: 'wanted', diagnostics };
  if (from === null) return reportOf(nothing, configuredTable(config), config);
  const start = readStart(from);
  return 'table' in start
    ? reportOf(start, compileTable(config), config)
    : { ok: false, text: 'from', diagnostics: start };
}

/** Services that nobody names stay, as the agent has it, unless the configuration says otherwise. */
function reportOf(start: Start, wanted: RoutingTable, config: ClusterConfig): PlanReport {
  const goes = start.isOurs || config.global.foreignServices === 'remove';
  const steps = planSteps(start.table, wanted, () => goes);
  const named = new Set(wanted.services.map(({ key }) => serviceName(key)));
  const kept = goes ? [] : start.table.services.filter(({ key }) => !named.has(serviceName(key)));
  return {
    ok: true,
    plan: { services: wanted.services.map(serviceJson), commands: steps.map(stepLine) },
    words: stepsInWords(start.table, steps, new Map([...start.names, ...tableNames(config)])),
    kept: kept.map(({ key }) => serviceInWords(key)),
    passedOver: start.passedOver,
  };
}
