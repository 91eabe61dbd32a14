import { describe, expect, it } from 'vitest';
import { freeName } from '#lib/lvs/free-name.ts';
import { serviceOf, vipParts } from './known.ts';

const view = (values: Record<string, string>) => ({ values });

describe('a virtual server in the list', () => {
  it('is named as ipvsadm names its service', () => {
    expect(
      serviceOf(view({ vip: '192.0.2.100 eth0:1', port: '80', protocol: 'tcp', firewallMark: '0' })),
    ).toBe('-t 192.0.2.100:80');
    expect(serviceOf(view({ vip: '192.0.2.100 eth0:1', port: '53', protocol: 'udp' }))).toBe(
      '-u 192.0.2.100:53',
    );
    expect(serviceOf(view({ vip: '192.0.2.100 eth0:1', port: '80', firewallMark: '7' }))).toBe('-f 7');
    expect(serviceOf(view({ vip: '', port: '80' }))).toBeNull();
  });

  it('shows address and device of the VIP apart', () => {
    expect(vipParts(view({ vip: '192.0.2.100 eth0:1' }))).toEqual({
      address: '192.0.2.100',
      device: 'eth0:1',
    });
    expect(vipParts(view({ vip: '' }))).toEqual({ address: '', device: '' });
  });

  it('gets a name that nobody has', () => {
    expect(freeName('web', [])).toBe('web');
    expect(freeName('web', ['web', 'web2'])).toBe('web3');
  });
});
