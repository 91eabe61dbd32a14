/** What the form fields of a virtual server mean outside the form. Pure. */
import type { FieldValues, VirtualOutline } from '#lib/console/contract.ts';
import type { KnownVirtual } from '../control/health.ts';

interface WithValues {
  readonly values: FieldValues;
}

/** Address and device of the VIP field, '' where not set. */
export function vipParts({ values }: WithValues): { address: string; device: string } {
  const [address = '', device = ''] = (values.vip ?? '').split(' ');
  return { address, device };
}

/** The service as ipvsadm names it; null while it has no address. */
export function serviceOf(view: WithValues): string | null {
  const mark = view.values.firewallMark ?? '0';
  if (mark !== '0' && mark !== '') return `-f ${mark}`;
  const { address } = vipParts(view);
  if (address === '') return null;
  return `${view.values.protocol === 'udp' ? '-u' : '-t'} ${address}:${view.values.port ?? ''}`;
}

export const knownVirtuals = (views: readonly VirtualOutline[]): readonly KnownVirtual[] =>
  views.map((view) => ({
    id: view.id,
    name: view.name,
    service: serviceOf(view),
    servers: view.servers.map(({ name }) => name),
  }));

export const isEnabled = ({ values }: WithValues): boolean => values.enabled === '1';
