/** What a health check is to the rest of the nanny. */
import type { Clock, Exec } from '#agent/runtime/types.ts';
import type { CheckKind, CheckOptions } from '#lib/lvs/checks.ts';

/** Where the real server answers. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** Address of this router that the check comes from; null: the kernel chooses. */
  readonly source: string | null;
}

export interface CheckResult {
  /** null: the check could not be made, by a fault of this router; nobody is judged by it. */
  readonly ok: boolean | null;
  /** Completes "up: …" and "shutting down … due to …": `answered in 3 ms`, `connection refused`. */
  readonly evidence: string;
  readonly durationMs: number;
  /** Something that will become a failure: `the certificate expires in 6 days`. */
  readonly warning?: string;
}

export interface CheckDeps {
  readonly clock: Clock;
  readonly exec: Exec;
  /** Ends the check early: nobody waits for its result any more. */
  readonly signal: AbortSignal;
  /** The text of a file of certificates; null when it cannot be read. Read once for each configuration. */
  readonly readCertificates: (path: string) => string | null;
  /** Name of this router. */
  readonly hostname: string;
}

/**
 * Checks one real server once. Never rejects; ends within `limitMs` whatever the server does, and leaves nothing
 * open behind it. The limit is for the whole check, connecting included.
 */
export type Checker<Kind extends CheckKind> = (
  target: Target,
  options: CheckOptions[Kind],
  limitMs: number,
  deps: CheckDeps,
) => Promise<CheckResult>;

export type Checkers = { readonly [Kind in CheckKind]: Checker<Kind> };
