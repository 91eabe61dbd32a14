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
