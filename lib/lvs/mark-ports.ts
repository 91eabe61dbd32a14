/** Items of `#@ mark_ports`: which packets to a VIP get the firewall mark of its virtual server. */

export interface MarkPorts {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly first: number;
  /** Equal to `first` for a single port. */
  readonly last: number;
}

/** Reads `tcp/80` or `udp/5060-5070`; null when it is neither. */
export function readMarkPorts(item: string): MarkPorts | null {
  const match = /^(tcp|udp|sctp)\/(\d{1,5})(?:-(\d{1,5}))?$/.exec(item);
  if (match === null) return null;
  const first = Number(match[2]);
  const last = Number(match[3] ?? match[2]);
  if (first < 1 || last > 65_535 || last < first) return null;
  return { protocol: match[1] as MarkPorts['protocol'], first, last };
}
