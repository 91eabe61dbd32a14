/** What reading a foreign configuration gives: the same shape for every dialect. */
import type { ClusterConfig } from '../lvs/model.ts';
import type { PlacedDiagnostic } from '../lvs/report.ts';
import type { ReasonCode } from './messages.ts';

/** One thing of the text that the configuration does not hold, or holds only in part. */
export interface NotCarried {
  /** 1-based; 1 for a remark about the text as a whole. */
  readonly line: number;
  /** Stable, kebab-case; listed in the catalogue. */
  readonly code: ReasonCode;
  /** The thing in the words of the text, such as `notify_up of real_server 10.11.12.21 80`. */
  readonly what: string;
  /** One sentence: why, and what stands in its place. */
  readonly reason: string;
}

export interface ImportResult {
  readonly config: ClusterConfig;
  /** Faults of the text (without `path`) and what validation finds in the configuration (with `path`), by line. */
  readonly diagnostics: readonly PlacedDiagnostic[];
  /** The text could be read; validation may still find that the configuration lacks something. */
  readonly loads: boolean;
  /** By line. */
  readonly notCarried: readonly NotCarried[];
}

export interface ImportOptions {
  /** Interface for virtual IP addresses where the text names none; `eth0` if not given. */
  readonly device?: string;
  /** keepalived: the config-id (`keepalived -i ID`) whose `@ID` lines count; without it no such line does. */
  readonly configId?: string;
}

export const DEFAULT_DEVICE = 'eth0';
