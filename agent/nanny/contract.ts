/** What the rest of the agent knows of the nanny. */
import type { RoutingTable } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';

/**
 * Weight that a real server should have in the kernel's table now; null = it should not be in the table.
 * Names may repeat in lvs.cf, therefore positions: index in `config.virtualServers`, index in its `servers`.
 */
export type WeightOf = (virtualIndex: number, serverIndex: number) => number | null;

export interface Nanny {
  /**
   * Takes a new configuration over: checks that are the same keep their state and their place in time, new ones
   * start at once. `table` is the kernel's table now: what stands in it is adopted as up until a check says otherwise.
   */
  configure(config: ClusterConfig, table: RoutingTable): void;
  readonly weightOf: WeightOf;
  status(): HealthStatus[];
  drain(virtualServer: string, realServer: string): boolean;
  undrain(virtualServer: string, realServer: string): boolean;
  /** Drains as data, to be kept over a restart. */
  drains(): readonly { readonly virtualServer: string; readonly realServer: string }[];
  stop(): void;
}

/** `onChange` is called after any change of `weightOf`; the dataplane then converges. */
export interface NannyOptions {
  readonly onChange: () => void;
  readonly drained: readonly { readonly virtualServer: string; readonly realServer: string }[];
}
