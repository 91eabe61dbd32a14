/**
 * The kernel's IPVS table as data. The words of this folder are the kernel's: a *service* has *destinations*;
 * in lvs.cf they are called virtual server and real server.
 */
import type { SchedulerName } from '../lvs/schedulers.ts';

export type Forwarding = 'nat' | 'direct' | 'tunnel';

/** Identity of a service in the kernel: protocol, address and port, or a firewall mark and its address family. */
export type ServiceKey =
  | {
      readonly kind: 'address';
      readonly protocol: 'tcp' | 'udp' | 'sctp';
      readonly address: string;
      readonly port: number;
    }
  | { readonly kind: 'mark'; readonly mark: number; readonly family: 4 | 6 };

export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly weight: number;
  /** Connection thresholds, 0 = none (ipvsadm -x, -y). */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Options of a destination that Shoal does not model, word for word (`--tun-type gue …`). */
  readonly extra: readonly string[];
}

export interface Service {
  readonly key: ServiceKey;
  /** A name of the kernel's; foreign services may use one that Shoal does not know. */
  readonly scheduler: SchedulerName | (string & {});
  /** `sh-port`, `sh-fallback`, `mh-port`, `mh-fallback`, sorted; empty when none. */
  readonly schedulerFlags: readonly string[];
  /** Seconds; null = not persistent. */
  readonly persistence: number | null;
  /** Dotted mask (IPv4) or prefix length as text (IPv6); null = each client address by itself. */
  readonly netmask: string | null;
  readonly onePacket: boolean;
  readonly destinations: readonly Destination[];
}

export interface RoutingTable {
  readonly services: readonly Service[];
}
