import { describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/lvs/parse.ts';
import { exampleText } from '../control/test-router.ts';
import { realServerAdvice } from './real-servers.ts';

const directText = exampleText()
  .replace('network = nat', 'network = direct')
  .replace(/nat_.*\n/g, '');
const tunnelText = directText.replace('network = direct', 'network = tunnel');

/** Commands of the advice, by its title. */
const advice = (text: string): Record<string, string[]> =>
  Object.fromEntries(
    realServerAdvice(parseConfig(text).config).map(({ title, servers, steps }) => [
      `${title}: ${servers.join(' ')}`,
      steps.flatMap(({ commands }) => [...commands]),
    ]),
  );

describe('each real server needs', () => {
  it('for NAT, the NAT router address as its gateway', () => {
    expect(advice(exampleText())).toEqual({
      'NAT, IPv4: 10.11.12.21 10.11.12.22': ['ip route replace default via 10.11.12.254'],
    });
  });

  it('for direct routing, silence about the VIP before it has it', () => {
    expect(advice(directText)).toEqual({
      'direct routing, IPv4: 10.11.12.21 10.11.12.22': [
        'sysctl -w net.ipv4.conf.all.arp_ignore=1',
        'sysctl -w net.ipv4.conf.all.arp_announce=2',
        'ip addr add 192.0.2.100/32 dev lo',
      ],
    });
  });

  it('for a tunnel, its end, which holds the VIP', () => {
    const [commands = []] = Object.values(advice(tunnelText));
    expect(commands).toEqual([
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      'sysctl -w net.ipv4.conf.all.arp_announce=2',
      'modprobe ipip',
      'ip link set tunl0 up',
      'sysctl -w net.ipv4.conf.all.rp_filter=0',
      'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
      'ip addr add 192.0.2.100/32 dev tunl0',
    ]);
  });

  it.each([
    ['gue', '\n    #@ tunnel_port = 6080', 'ip fou add port 6080 gue'],
    ['gre', '', 'ip link set gre0 up'],
  ])('for a %s tunnel, the end that understands it', (type, port, command) => {
    const text = tunnelText.replace(/( {4}weight = \d)/g, `$1\n    #@ tunnel_type = ${type}${port}`);
    expect(Object.values(advice(text))[0]).toContain(command);
  });

  it('what its own forwarding method asks for, whatever the others have', () => {
    const mixed = exampleText().replace('    weight = 2', '    weight = 2\n    #@ forwarding = direct');
    expect(Object.keys(advice(mixed))).toEqual([
      'NAT, IPv4: 10.11.12.21',
      'direct routing, IPv4: 10.11.12.22',
    ]);
  });

  it('for IPv6 no ARP settings, and a VIP with its whole length', () => {
    const text = directText
      .replace(/10\.11\.12\.(2\d)/g, '2001:db8:1::$1')
      .replace('192.0.2.100', '2001:db8::100')
      .replace('virtual web {', '#@ virtual web {')
      .replace(/^( {2}.*|\})$/gm, '#@ $1');
    expect(Object.values(advice(text))).toEqual([['ip addr add 2001:db8::100/128 dev lo']]);
  });
});

it('failover services have no real servers', () => {
  expect(advice(exampleText().replace('service = lvs', 'service = fos'))).toEqual({});
});
