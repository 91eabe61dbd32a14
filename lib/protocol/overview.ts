/** What a browser sees of all clusters at once: the worst first. */
import type { LinkState, RouterRole, SyncState } from './live.ts';
import type { RouterStatus } from './messages.ts';

/** broken: clients notice. ailing: they do not yet, but somebody must act. idle: nothing to serve. well. */
export const conditions = ['broken', 'ailing', 'idle', 'well'] as const;
export type Condition = (typeof conditions)[number];

export interface ClusterBrief {
  readonly id: string;
  readonly name: string;
  readonly condition: Condition;
  /** In words, the worst first; empty when it is well. */
  readonly findings: readonly string[];
  /** The primary first. */
  readonly routers: readonly {
    readonly name: string;
    readonly address: string;
    readonly role: RouterRole;
    readonly link: LinkState;
    /** Null: unknown. */
    readonly state: RouterStatus['role'] | null;
  }[];
  /** As the active router sees them; null: no active router can be asked. */
  readonly servers: { readonly up: number; readonly all: number } | null;
  readonly sync: SyncState;
  readonly draftChanges: number;
}

export interface Overview {
  readonly at: string;
  /** The worst first, then by name. */
  readonly clusters: readonly ClusterBrief[];
}
