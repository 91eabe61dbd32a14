/**
 * What the kernel weighs, beside what the nanny wants: between a check and the table lies a program, and until it has
 * ended clients of a server that is up find nobody.
 */
import type { RoutingTable } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { onceFor } from '#lib/lvs/once-for.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import { membersOf, weightsInTable } from '../nanny/members.ts';

// A status is asked for more often than a configuration or a table changes.
const identitiesOf = onceFor((config: ClusterConfig) =>
  membersOf(config).flatMap((row) => row.map(({ service, key }) => ({ service, key }))),
);
const weightsOf = onceFor(weightsInTable);

/**
 * The nanny's report on all real servers of a configuration, in its order, with the weights of the table as the agent
 * left it. While that is not known (null) the nanny's own stand.
 */
export function withHeldWeights(
  health: readonly HealthStatus[],
  config: ClusterConfig,
  left: RoutingTable | null,
): HealthStatus[] {
  if (left === null) return [...health];
  const identities = identitiesOf(config);
  const weights = weightsOf(left);
  return health.map((row, index) => {
    const { service = '', key = '' } = identities[index] ?? {};
    return { ...row, weight: weights.get(service)?.get(key) ?? null };
  });
}
