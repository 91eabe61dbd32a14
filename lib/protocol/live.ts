/**
 * What a browser sees of a cluster, as one event of the console's event stream (`/api/clusters/ID/live`). The
 * server sends a whole snapshot each time something changed; a router that does not answer has no `status`.
 */
import type { AgentEvent, RouterStatus } from './messages.ts';

export type RouterRole = 'primary' | 'backup';

/** How the console reaches a router. `key-changed` is never retried by itself. */
export type LinkState =
  | 'connecting'
  | 'connected'
  | 'unreachable'
  | 'key-changed'
  | 'refused'
  | 'not-enrolled';

export interface LiveRouter {
  readonly id: string;
  readonly role: RouterRole;
  readonly name: string;
  readonly address: string;
  readonly link: LinkState;
  /** In a sentence, when `link` is not `connected`: what failed and what to do. */
  readonly linkMessage: string | null;
  readonly linkSince: string;
  /** Only while connected: a state that is not known now is not shown as the last good one. */
  readonly status: RouterStatus | null;
  /** When the last status came, even if the link is down now. */
  readonly lastSeenAt: string | null;
}

/**
 * in-sync: both run the last revision. pending: they agree, but not on the last revision. backup-behind: the
 * routers differ. changed-on-router: a router runs or stores what no revision says. unreachable: one cannot be
 * asked. single: the only router runs the last revision. never-pushed: there is no revision yet.
 */
export type SyncState =
  | 'in-sync'
  | 'pending'
  | 'never-pushed'
  | 'backup-behind'
  | 'changed-on-router'
  | 'unreachable'
  | 'single';

/**
 * What became of a push on one router. `sending` and `unknown` (it broke off on the way) hold until the router says
 * what it runs; `trial` until somebody keeps it or the router takes it back.
 */
export type PushOutcome =
  | 'sending'
  | 'applied'
  | 'trial'
  | 'rolled-back'
  | 'unreachable'
  | 'refused'
  | 'failed'
  | 'skipped'
  | 'unknown';

/** A push that runs now. */
export interface LivePush {
  readonly by: string;
  /** Null until the revision is made. */
  readonly serial: number | null;
  /** Standby first. */
  readonly steps: readonly {
    readonly name: string;
    readonly state: 'waiting' | PushOutcome;
    /** Empty while it waits. */
    readonly message: string;
  }[];
}

/** A decision of an administrator about a real server that one router was not told yet. */
export interface LiveDebt {
  readonly id: string;
  /** Name of the router. */
  readonly router: string;
  /** `drain rs1 of web`. */
  readonly what: string;
  readonly by: string;
  readonly at: string;
  /** What it waits for, in a sentence. */
  readonly why: string;
  /** It waits for a person: somebody decided otherwise on that router. */
  readonly isContested: boolean;
}

/** A push on trial that runs, or that ended other than by being kept and nobody has read it. */
export interface LiveTrial {
  readonly id: string;
  readonly serial: number;
  readonly by: string;
  readonly startedAt: string;
  readonly seconds: number;
  /** Null while it runs. */
  readonly outcome: 'rolled-back' | 'mixed' | null;
  /** How it ended, in sentences. */
  readonly message: string | null;
  readonly routers: readonly {
    readonly name: string;
    readonly state: PushOutcome;
    /** By the router's own clock; null when it cannot be asked or has ended. */
    readonly secondsLeft: number | null;
  }[];
}

export interface LiveSnapshot {
  readonly clusterId: string;
  readonly at: string;
  readonly routers: readonly LiveRouter[];
  readonly sync: { readonly state: SyncState; readonly message: string };
  /** The revision that the console pushed last. */
  readonly revision: { readonly serial: number; readonly hash: string } | null;
  /** How many differences the draft has to the last revision. */
  readonly draftChanges: number;
  /** The oldest first. */
  readonly debts: readonly LiveDebt[];
  readonly push: LivePush | null;
  readonly trial: LiveTrial | null;
  /** Newest first, at most 50, from both routers. */
  readonly events: readonly (AgentEvent & { readonly router: string })[];
}
