/**
 * What pages and server code say to each other: view models out, results of actions back. Plain data only, so
 * that client components may import these types.
 */
import type { Dialect } from '#lib/import/dialects.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { PushOutcome, RouterRole } from '#lib/protocol/live.ts';

/** Text of each form field by model key of the table of directives (`Kind.toField` / `fromField`). */
export type FieldValues = Readonly<Record<string, string>>;

/** What is wrong with one field. */
export interface FieldError {
  readonly message: string;
  readonly hint?: string;
}

/** What was saved. */
export interface Saved {
  readonly ok: true;
  readonly version: number;
  readonly id?: string;
  /** What the whole configuration lacks still; does not stop saving, stops pushing when an error. */
  readonly warnings: readonly Diagnostic[];
  /** What others saved since the form was made, in other fields: it holds beside this save. */
  readonly taken?: {
    readonly by: string;
    /** Of the fields that were sent, a sentence each. */
    readonly changes: readonly string[];
    readonly values: FieldValues;
  };
}

/** Result of an action that changes the draft. On failure nothing was stored. */
export type SaveResult =
  | Saved
  | {
      readonly ok: false;
      readonly message: string;
      /** By model key; `name` for the name of a block. */
      readonly fields: Readonly<Record<string, FieldError>>;
      /** Somebody else saved in between. */
      readonly conflict?: { readonly by: string; readonly at: string; readonly changes: readonly string[] };
    };

/** Result of an action that asks routers. */
export type ActionResult =
  | {
      readonly ok: true;
      readonly message: string;
      /** Routers that could not be told and hear of it when they answer again. */
      readonly untold?: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

/** What an administrator decides about real servers at run time. `weight` null: that of the configuration again. */
export type OverrideWish =
  | { readonly kind: 'drain' | 'undrain' | 'disable' | 'enable' }
  | { readonly kind: 'weight'; readonly weight: number | null };

/** Which rows of a list are meant: those chosen one by one, or all real servers that a search finds. */
export type ChosenServers =
  | { readonly ids: readonly string[] }
  | { readonly find: string; readonly expected: number };

/** Result of an action that stores something named, such as a cluster, outside the draft. */
export type CreateResult =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly message: string; readonly fields: Readonly<Record<string, FieldError>> };

/** A router that was added: nothing is sent to it before a person has accepted the fingerprint. */
export type AddRouterResult =
  | {
      readonly ok: true;
      readonly routerId: string;
      /** `SHA256:…` that the address answered with, to be compared with `ssh-keygen -lf` on the router. */
      readonly fingerprint: string;
      /** The console's public key line, for `shoalctl enrol 'LINE'` on the router. */
      readonly publicKey: string;
    }
  | { readonly ok: false; readonly message: string; readonly fields: Readonly<Record<string, FieldError>> };

export interface ClusterView {
  readonly id: string;
  readonly name: string;
  readonly routers: readonly RouterView[];
}

export interface RouterView {
  readonly id: string;
  readonly role: RouterRole;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…`; null until a person has accepted it. */
  readonly fingerprint: string | null;
}

export interface SettingsForm {
  readonly version: number;
  readonly values: FieldValues;
  readonly diagnostics: readonly Diagnostic[];
}

export interface RealServerView {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly values: FieldValues;
}

export interface VirtualServerView {
  readonly kind: 'virtual' | 'failover';
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly values: FieldValues;
  readonly servers: readonly RealServerView[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One row of the list VIRTUAL SERVERS or of the list of failover services. */
export interface BlockRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** The fields that the list shows. */
  readonly values: FieldValues;
  readonly servers: number;
  /** Has an error that stops pushing. */
  readonly isFaulty: boolean;
  /** The real server that the search found it by: `rs2 192.0.2.22:80`. */
  readonly foundBy: string | null;
}

/** One page of the list, or of what a search left of it. */
export interface BlockList {
  readonly rows: readonly BlockRow[];
  readonly total: number;
  /** How many the search left. */
  readonly matching: number;
  /** How many real servers of all virtual servers the search means by themselves; 0 without a search. */
  readonly matchingServers: number;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** For a new one: a name that nobody has. */
  readonly freeName: string;
}

/** What can be done with many rows of the draft at once. */
export type BulkChange =
  | { readonly kind: 'activate' | 'deactivate' | 'delete' }
  | { readonly kind: 'weight'; readonly weight: string };

/** What the routers have to say about; without its real servers where they are too many to name. */
export interface VirtualOutline {
  readonly id: string;
  readonly name: string;
  readonly values: FieldValues;
  readonly servers: readonly { readonly name: string }[];
}

/** One find of the search over everything. */
export interface SearchHit {
  readonly kind: 'virtual' | 'failover' | 'server' | 'router';
  readonly clusterId: string;
  readonly cluster: string;
  /** Of the row; of a router the panel that names it. */
  readonly id: string;
  readonly name: string;
  /** The block that a real server belongs to. */
  readonly parent: { readonly id: string; readonly name: string } | null;
  readonly endpoint: string;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** How many there are; `hits` are the best of them. */
  readonly total: number;
}

/**
 * One line of a unified difference of two lvs.cf texts. Of a very long one, `skipped` stands for unchanged lines and
 * `cut` for all that follows; their text is how many lines.
 */
export interface TextChange {
  readonly kind: 'same' | 'added' | 'removed' | 'skipped' | 'cut';
  readonly text: string;
}

export interface ReviewView {
  /** In words, one sentence a change, as many as a person reads. Empty: nothing to push. */
  readonly changes: readonly string[];
  /** How many there are. */
  readonly changeCount: number;
  readonly text: readonly TextChange[];
  readonly diagnostics: readonly Diagnostic[];
  readonly nextSerial: number;
  /** Of what was shown: a push that carries it sends this draft and no later one. */
  readonly draftHash: string;
  readonly lastRevision: {
    readonly serial: number;
    readonly author: string;
    readonly at: string;
    readonly message: string;
  } | null;
}

/** What one router answered to a dry run. */
export interface RouterPlan {
  readonly routerId: string;
  readonly name: string;
  readonly role: RouterRole;
  readonly reachable: boolean;
  /** Why not, or what the router refused, in a sentence. */
  readonly message: string | null;
  /** The commands in words, one sentence each, and what they mean for open connections. */
  readonly words: readonly string[];
  /** What else the router says of the configuration that the console's own check does not; no hints. */
  readonly remarks: readonly Diagnostic[];
  /** Lines for `ipvsadm -R` and `ip -batch`; empty: nothing changes. */
  readonly commands: readonly string[];
  readonly addressCommands: readonly string[];
  /** The routing table that the router will have, one `ipvsadm -Sn` line each. */
  readonly table: readonly string[];
}

export interface RouterPushResult {
  readonly routerId: string;
  readonly name: string;
  readonly role: RouterRole;
  readonly outcome: PushOutcome;
  readonly message: string;
  readonly durationMs: number | null;
}

export interface PushReport {
  /** applied on all, on some, nowhere. `nothing`: no revision was made. */
  readonly outcome: 'all' | 'some' | 'nowhere' | 'nothing';
  readonly serial: number | null;
  /** What happened and what to do next. */
  readonly message: string;
  readonly routers: readonly RouterPushResult[];
  readonly durationMs: number;
}

export interface RevisionView {
  readonly serial: number;
  readonly author: string;
  readonly at: string;
  readonly message: string;
  readonly hash: string;
  /** ISO 8601 UTC; null: it was not on trial, or was kept. */
  readonly rolledBackAt: string | null;
  readonly results: readonly RouterPushResult[];
}

/** What a revision is picked by. */
export interface RevisionName {
  readonly serial: number;
  readonly author: string;
  readonly at: string;
}

/** Two configurations of a cluster side by side. */
export interface Comparison {
  /** In words, one sentence a change. */
  readonly changes: readonly string[];
  readonly text: readonly TextChange[];
}

/** What stands on a router against the last revision. */
export type HandChange =
  | ({
      readonly ok: true;
      /** Errors of what stands there: it can neither run nor be taken in. */
      readonly faults: readonly Diagnostic[];
    } & Comparison)
  | { readonly ok: false; readonly message: string };

/** What an address answered as an SSH server, before anything is trusted. */
export type HostKeyResult =
  | { readonly ok: true; readonly fingerprint: string }
  | { readonly ok: false; readonly message: string; readonly fields: Readonly<Record<string, FieldError>> };

/** How to read a running router once; nothing of it is kept. */
export interface RouterLogin {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…` that a person has compared and accepted. */
  readonly fingerprint: string;
  readonly secret:
    | { readonly kind: 'password'; readonly password: string }
    | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase: string };
  /** Of its lvs.cf; null: the routing table alone. */
  readonly path: string | null;
}

export interface ImportRequest {
  /** Of the new cluster. */
  readonly name: string;
  readonly text: string;
  /** Null: recognise it. */
  readonly dialect: Dialect | null;
  /** Interface for virtual IP addresses where the text names none. */
  readonly device: string;
  /** Where the text comes from, for the trail: "192.0.2.11", "lvs.cf". */
  readonly source: string;
  /** How many things that are not carried over the person has read and accepted. */
  readonly acknowledged: number;
}

/** What was read from a running router; nothing was changed there. */
export type RouterReading =
  | {
      readonly ok: true;
      /** Its configuration file; null when only the table was asked for. */
      readonly text: string | null;
      /** Output of `ipvsadm -Sn`; null when it could not be had. */
      readonly table: string | null;
      readonly note: string | null;
    }
  | { readonly ok: false; readonly message: string; readonly fields: Readonly<Record<string, FieldError>> };

/** One page of the trail, the newest first. */
export interface TrailView {
  readonly entries: readonly {
    readonly id: string;
    readonly at: string;
    readonly by: string;
    /** Name in the table of permissions, or `console`. */
    readonly action: string;
    /** Name of the cluster; null: it concerns none. */
    readonly cluster: string | null;
    readonly message: string;
  }[];
  readonly more: boolean;
}
