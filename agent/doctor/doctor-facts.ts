/** What `shoalctl doctor` knows beyond what an agent sees of itself. Pure data. */
import type { PlacedAddress } from '../dataplane/addresses.ts';
import type { ServerNames } from '../nanny/overrides.ts';
import type { SelfFacts } from './facts.ts';

/** What came of asking the agent. */
export type AgentFacts =
  | { readonly state: 'absent' }
  /** The socket is there and may not be used. */
  | { readonly state: 'forbidden' }
  /** Something answers and is not understood. */
  | { readonly state: 'strange'; readonly message: string }
  | {
      readonly state: 'answers';
      readonly version: string;
      readonly hasClusterKey: boolean;
      readonly problems: readonly string[];
      readonly role: string;
      /** Overrides in words, by the names of the server. */
      readonly overrides: readonly (ServerNames & { readonly text: string; readonly endedBy: string })[];
      readonly partner: 'alive' | 'silent' | 'never-heard' | 'none';
    };

/** lvs.cf as it stands on the disk. */
export type FileFacts =
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly reason: string }
  | {
      readonly state: 'read';
      readonly errors: number;
      readonly warnings: number;
      readonly first: string | null;
    };

/** A chain that packets to this machine pass and that drops what no rule lets in. */
export interface ClosedChain {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
}

export interface DoctorFacts extends SelfFacts {
  readonly isRoot: boolean;
  /** `process.platform`. */
  readonly platform: string;
  readonly nodeVersion: string;
  /** shoalctl's own. */
  readonly version: string;
  readonly arping: 'iputils' | 'other' | 'unknown';
  readonly configPath: string;
  readonly file: FileFacts;
  readonly addresses: readonly PlacedAddress[];
  readonly agent: AgentFacts;
  readonly install: {
    readonly hasProgram: boolean;
    readonly hasSystemd: boolean;
    readonly hasUnit: boolean;
    readonly startsAtBoot: boolean;
  };
  readonly state: {
    readonly folder: string;
    readonly exists: boolean;
    /** Null: only root can tell. */
    readonly isWritable: boolean | null;
    readonly freeBytes: number | null;
    /** Permissions of the cluster key's file; null when there is none. */
    readonly keyMode: number | null;
  };
  readonly console: {
    readonly hasUser: boolean;
    /** Null: there is no file. */
    readonly authorizedKeys: string | null;
    /** Programs named by forced commands that are there. */
    readonly programs: ReadonlySet<string>;
    /** Something listens on port 22. */
    readonly listens: boolean;
    readonly sshdConfig: string;
  };
  /** UDP ports that somebody holds. */
  readonly udpPorts: ReadonlySet<number>;
  /** Programs that run and program the same table or move the same addresses. */
  readonly rivals: readonly string[];
  /** Null: only root can tell. */
  readonly closedChains: readonly ClosedChain[] | null;
  /** The interface of the IPv4 default route. */
  readonly defaultDevice: string | null;
}
