/** Piranha's usual timing is whole seconds; a busy machine that runs the whole lab needs some of them. */
export const PIRANHA_KEEPALIVE_SECONDS = 2;
export const PIRANHA_DEADTIME_SECONDS = 8;

/** What the double of Piranha reads: its part of lvs.cf, and the routing table that lvsd would have made. */
export interface PiranhaSettings {
  readonly isMaster: boolean;
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly port: number;
  readonly channels: readonly { readonly local: string; readonly peer: string }[];
  readonly aliases: readonly { readonly address: string; readonly device: string; readonly label: string }[];
  /** Lines as `ipvsadm -R` takes them. */
  readonly table: string;
}
