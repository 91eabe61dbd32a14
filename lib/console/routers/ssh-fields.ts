/** The fields that say where a router's sshd answers and for whom. Pure. */
import { isDottedIpv4 } from '#lib/lvs/address.ts';
import type { FieldError } from '../contract.ts';

const hostName = /^(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/;
const userName = /^[a-z_][a-z0-9_-]{0,31}$/;

const isHost = (address: string): boolean =>
  isDottedIpv4(address) || (hostName.test(address) && !/^[0-9.]+$/.test(address));

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** What is wrong with them, by field. */
export function sshFieldErrors(target: {
  readonly address: string;
  readonly port: number;
  readonly user: string;
}): Readonly<Record<string, FieldError>> {
  const { address, port, user } = target;
  const error = (message: string): FieldError => ({ message });
  return {
    ...(isHost(address)
      ? {}
      : {
          address: error(
            address === ''
              ? 'An address is missing: give the IPv4 address or the host name where sshd answers'
              : `"${address}" is neither an IPv4 address nor a host name`,
          ),
        }),
    ...(isPort(port) ? {} : { port: error(`${port} is out of range: expected a port from 1 to 65535`) }),
    ...(userName.test(user)
      ? {}
      : { user: error(user === '' ? 'A user is missing' : `"${user}" is not a user name of Linux`) }),
  };
}
