/** The published case of a very large table: 2 277 virtual and 37 205 real servers, as lvs.cf. Pure. */

const VIRTUAL_SERVERS = 2277;
const REAL_SERVERS = 37_205;
/** Virtual servers on one address, each on a port of its own. */
const PORTS = 99;

/** Real servers are not checked: what is measured is the table. */
export function largeConfig(primary: string, serial = 1): string {
  const lines = [`serial_no = ${serial}`, `primary = ${primary}`, 'service = lvs', 'network = direct'];
  let server = 0;
  for (let index = 0; index < VIRTUAL_SERVERS; index += 1) {
    lines.push(
      `virtual vs${index} {`,
      'active = 1',
      `address = 192.0.2.${100 + Math.floor(index / PORTS)} eth0:1`,
      `port = ${1000 + (index % PORTS)}`,
      'scheduler = wlc',
      'protocol = tcp',
      '#@ check = none',
    );
    const end = Math.floor(((index + 1) * REAL_SERVERS) / VIRTUAL_SERVERS);
    for (; server < end; server += 1) {
      const address = `10.${100 + (server >> 16)}.${(server >> 8) & 255}.${server & 255}`;
      lines.push(`server rs${server} {`, `address = ${address}`, 'active = 1', 'weight = 1', '}');
    }
    lines.push('}');
  }
  return `${lines.join('\n')}\n`;
}

export const largeSize = { virtualServers: VIRTUAL_SERVERS, realServers: REAL_SERVERS } as const;
