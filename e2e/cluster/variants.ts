/** Two configurations that differ in all that an apply changes, for tests that disturb it. */
import { configFile } from '#e2e/lab/agent-host.ts';
import type { Router } from '#e2e/lab/router.ts';
import { virtualLines } from './virtual-servers.ts';

interface Variant {
  readonly vips: readonly string[];
  readonly weight: number;
  readonly tcpTimeout: number;
  readonly markPort: number;
}

/** Two configurations that differ in services, real servers, VIPs, marks and timeouts; `web` is the same in both. */
const variants: readonly [Variant, Variant] = [
  { vips: ['192.0.2.121', '192.0.2.122'], weight: 2, tcpTimeout: 600, markPort: 8443 },
  { vips: ['192.0.2.122', '192.0.2.123'], weight: 3, tcpTimeout: 700, markPort: 9443 },
];

const textOf = (base: string, { vips, weight, tcpTimeout, markPort }: Variant): string =>
  [
    `tcp_timeout = ${tcpTimeout}\n${base}`,
    ...vips.map((address, index) =>
      virtualLines({
        name: `more${index}`,
        lines: [`address = ${address} eth0`, 'check = none'],
        servers: [{ name: 'rs1', address: '10.11.12.21', lines: [`weight = ${weight}`] }],
      }),
    ),
    virtualLines({
      name: 'marked',
      lines: ['address = 192.0.2.124 eth0', 'fwmark = 9', `mark_ports = [ tcp/${markPort} ]`, 'check = none'],
      servers: [{ name: 'rs1', address: '10.11.12.21' }],
    }),
  ].join('');

/** What one look prints, part by part: one session, because each costs the emulator as much as what it asks. */
const looks = [
  'ipvsadm -Sn',
  'ip -4 -o addr show dev eth0',
  'ipvsadm -L --timeout',
  'nft list table inet shoal',
  `cat ${configFile}`,
];
const BETWEEN = '-- next --\n';

/** All that an apply changes on a router. */
export async function kernelAndFile(router: Router) {
  const shown = await router.on(['sh', '-ec', looks.join(`; printf '%s\\n' '${BETWEEN.trim()}'; `)]);
  const [table = '', addresses = '', timeouts = '', marks = '', file = ''] = shown.split(BETWEEN);
  return {
    table: table.trim().split('\n').sort(),
    addresses: [...addresses.matchAll(/ inet ([\d.]+)/g)].map((match) => match[1] ?? '').sort(),
    timeouts,
    marks,
    file,
  };
}

export type KernelAndFile = Awaited<ReturnType<typeof kernelAndFile>>;

/** Both, each with the virtual servers of `base`. */
export const variantTexts = (base: string): string[] => variants.map((variant) => textOf(base, variant));
