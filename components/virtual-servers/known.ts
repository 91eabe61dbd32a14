/** What the form fields of a virtual server mean outside the form. Pure. */
import type { VirtualServerView } from '#lib/console/contract.ts';
import type { KnownVirtual } from '../control/health.ts';

/** Address and device of the VIP field, '' where not set. */
export function vipParts({ values }: Pick<VirtualServerView, 'values'>): { address: string; device: string } {
  const [address = '', device = ''] = (values.vip ?? '').split(' ');
  return { address, device };
}

/** The service as ipvsadm names it; null while it has no address. */
export function serviceOf(view: Pick<VirtualServerView, 'values'>): string | null {
  const mark = view.values.firewallMark ?? '0';
  if (mark !== '0' && mark !== '') return `-f ${mark}`;
  const { address } = vipParts(view);
  if (address === '') return null;
  return `${view.values.protocol === 'udp' ? '-u' : '-t'} ${address}:${view.values.port ?? ''}`;
}

export const knownVirtuals = (views: readonly VirtualServerView[]): readonly KnownVirtual[] =>
  views.map((view) => ({
    id: view.id,
    name: view.name,
    service: serviceOf(view),
    servers: view.servers.map(({ name }) => name),
  }));

export const isEnabled = ({ values }: Pick<VirtualServerView, 'values'>): boolean => values.enabled === '1';

/** `web3` after `web`, `web2`; the first free one. */
export function freeName(wish: string, taken: readonly string[]): string {
  let name = wish;
  for (let number = 2; taken.includes(name); number += 1) name = `${wish}${number}`;
  return name;
}
