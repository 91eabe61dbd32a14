/** The filter over the real servers of one virtual server. Pure. */
import type { RealServerView } from '#lib/console/contract.ts';
import { isAddress, isDottedIpv4, readIpv6 } from '#lib/lvs/address.ts';

/** Every word is in the name or the port, or begins the address; a whole address means that one alone. */
export function matchesFilter({ name, values }: RealServerView, filter: string): boolean {
  const address = (values.address ?? '').toLowerCase();
  const port = values.port ?? '';
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      const whole = isDottedIpv4(word) ? word : readIpv6(word);
      if (whole !== null && isAddress(whole)) return address === whole;
      return name.toLowerCase().includes(word) || address.includes(word) || port === word;
    });
}
