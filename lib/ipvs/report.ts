/** What `shoalctl plan` prints: the table with every active real server up at full weight. Pure. */
import { type Diagnostic, hasErrors } from '../lvs/diagnostics.ts';
import { parseConfig } from '../lvs/parse.ts';
import { serviceName, stepLine } from './command.ts';
import { configuredTable } from './compile.ts';
import { planSteps } from './plan.ts';
import type { Forwarding, Service } from './table.ts';

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
  | { readonly ok: true; readonly plan: PlanJson }
  /** The text is no configuration: nothing can be planned. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

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

/** Plans from nothing. Faults that only validation finds do not stop it: `checkText` tells them. */
export function planReport(text: string): PlanReport {
  const { config, diagnostics } = parseConfig(text);
  if (hasErrors(diagnostics)) return { ok: false, diagnostics };
  const table = configuredTable(config);
  return {
    ok: true,
    plan: {
      services: table.services.map(serviceJson),
      commands: planSteps({ services: [] }, table).map(stepLine),
    },
  };
}
