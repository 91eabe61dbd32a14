/** ldirectord.cf (ldirectord 4.12) → configuration: the facts of ldirectord(8), read as ldirectord reads them. */
import { type Findings, newFindings } from './findings.ts';
import { assemble } from './ldirectord/assemble.ts';
import { type Entry, readLines } from './ldirectord/lines.ts';
import { noRules, type ReadService, type Rules, readService, ruleHandlers } from './ldirectord/services.ts';
import { type Context, phrase, yesOrNo } from './ldirectord/values.ts';
import { leftAtTop } from './ldirectord/words.ts';
import { DEFAULT_DEVICE, type ImportOptions, type ImportResult } from './result.ts';
import { lookUp } from './shape.ts';

const RANGES_MOST = 20_000;

interface Top {
  readonly rules: Rules;
  /** Each service is checked by a process of its own: only then an interval of its own counts. */
  forks: boolean;
}

function readGlobal(entry: Entry, top: Top, context: Context): void {
  const { findings } = context;
  const handlers = ruleHandlers(top.rules, context);
  const reason = lookUp(leftAtTop, entry.key);
  if (Object.hasOwn(handlers, entry.key)) handlers[entry.key]?.(entry);
  else if (entry.key === 'fork') top.forks = yesOrNo(entry, context) ?? false;
  else if (reason !== undefined) findings.leave(entry.line, phrase(entry, ''), reason, undefined);
  else {
    const nearest = findings.suggest(entry.key, [
      ...Object.keys(handlers),
      ...Object.keys(leftAtTop),
      'virtual',
      'fork',
    ]);
    findings.fault('option-refused', { text: entry.key, where: '', nearest }, entry);
  }
}

/** Without `fork = yes` an interval inside a service is ignored. */
function withoutOwnIntervals(services: readonly ReadService[], findings: Findings): void {
  for (const { rules, head, where } of services) {
    if (rules.interval === null) continue;
    rules.interval = null;
    findings.leave(head.line, `checkinterval in ${where}`, 'interval-unused', undefined);
  }
}

/** Reads ldirectord.cf. Never throws. */
export function readLdirectord(text: string, options: ImportOptions = {}): ImportResult {
  const findings = newFindings();
  const context: Context = { findings, where: '', ranges: { left: RANGES_MOST } };
  const top: Top = { rules: noRules(), forks: false };
  const lines = readLines(text, findings);
  for (const entry of lines.globals) readGlobal(entry, top, context);
  const services = lines.services.flatMap((service) => {
    const read = readService(service, context);
    return read === null ? [] : [read];
  });
  if (!top.forks) withoutOwnIntervals(services, findings);
  const device = options.device ?? DEFAULT_DEVICE;
  if (services.length > 0) {
    findings.leave(1, 'routers', 'no-routers', undefined);
    if (services.some(({ identity }) => identity.kind === 'address'))
      findings.leave(1, 'interfaces', 'device-assumed', { device });
    const first = services.find(({ rules }) => rules.quiescent === null);
    if (first !== undefined && top.rules.quiescent === null)
      findings.fault('quiescent-missing', undefined, first.head);
  }
  return findings.result(assemble(services, top.rules, device, findings));
}
