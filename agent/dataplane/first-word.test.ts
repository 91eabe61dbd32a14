import { expect, it, vi } from 'vitest';
import type { PlacedAddress } from './addresses.ts';
import { type FirstWord, firstWords, sayFirst } from './first-word.ts';

const place = (address: string, prefix: number, device = 'eth0') => ({ address, prefix, device });
const arp = (...addresses: string[]) =>
  [
    'IP address       HW type     Flags       HW address            Mask     Device',
    ...addresses.map(
      (address) => `${address.padEnd(17)}0x1         0x2         52:54:00:00:00:11     *        eth0`,
    ),
  ].join('\n');

const standing = [
  place('127.0.0.1', 8, 'lo'),
  place('192.0.2.11', 24),
  place('10.11.12.1', 24, 'eth1'),
  place('192.0.2.100', 32),
  place('2001:db8::1', 64),
];

it('writes from each address to one that the kernel has not met, in the network of the address', () => {
  const places = [place('192.0.2.100', 32), place('10.11.12.254', 24, 'eth1'), place('192.0.2.101', 24)];
  expect(firstWords(places, standing, arp('192.0.2.254', '192.0.2.1'))).toEqual([
    { from: '192.0.2.100', to: '192.0.2.253', device: 'eth0' },
    { from: '10.11.12.254', to: '10.11.12.253', device: 'eth1' },
    { from: '192.0.2.101', to: '192.0.2.252', device: 'eth0' },
  ]);
});

it('writes from an address of no network on its device into the first one there', () => {
  const [word] = firstWords([place('203.0.113.7', 32)], standing, arp());
  expect(word).toEqual({ from: '203.0.113.7', to: '192.0.2.254', device: 'eth0' });
});

it('leaves alone what ARP is not for, a full network and a device without one', () => {
  const link = [place('192.0.2.1', 30)];
  expect(firstWords([place('192.0.2.1', 30)], link, arp('192.0.2.2'))).toEqual([]);
  expect(firstWords([place('2001:db8::5', 64)], standing, arp())).toEqual([]);
  expect(firstWords([place('192.0.2.100', 32, 'eth7')], standing, arp())).toEqual([]);
});

it('is for the first few of many', () => {
  const many = Array.from({ length: 200 }, (_, index) => place(`10.11.12.${index + 10}`, 32, 'eth1'));
  expect(firstWords(many, standing, arp()).length).toBeLessThan(20);
});

const vip = place('192.0.2.100', 32);
const wordOf = ({ address }: { address: string }) => ({ from: address, to: '198.51.100.1', device: 'eth0' });

function voiceOf(standingNow: readonly PlacedAddress[], nonlocalBind: string | null = '0\n') {
  const said: string[] = [];
  const voice = {
    localAddresses: vi.fn(() => [...standingNow]),
    readTextNow: (path: string) => (path.endsWith('/ip_nonlocal_bind') ? nonlocalBind : arp()),
    sendFirstWord({ from, to }: FirstWord) {
      said.push(`${from} to ${to}`);
      return nonlocalBind === '1\n' || standingNow.some(({ address }) => address === from);
    },
  };
  return { voice, said };
}

it('is tried at once where it is known whom to write to, and the interfaces are not listed', () => {
  const { voice, said } = voiceOf([...standing]);
  const second = place('192.0.2.101', 32);
  expect(sayFirst(voice, [vip, second], (address) => wordOf({ address }))).toEqual([second]);
  expect(said).toEqual(['192.0.2.100 to 198.51.100.1', '192.0.2.101 to 198.51.100.1']);
  expect(voice.localAddresses).not.toHaveBeenCalled();
});

it('waits for the address where the kernel would send from any', () => {
  const away = voiceOf([place('192.0.2.11', 24)], '1\n');
  expect(sayFirst(away.voice, [vip], () => wordOf(vip))).toEqual([vip]);
  expect(away.said).toEqual([]);
  const there = voiceOf([place('192.0.2.11', 24), vip], '1\n');
  expect(sayFirst(there.voice, [vip], () => wordOf(vip))).toEqual([]);
  expect(there.said).toEqual(['192.0.2.100 to 198.51.100.1']);
});

it('goes to a stranger where nobody has been chosen', () => {
  const { voice, said } = voiceOf([...standing]);
  expect(sayFirst(voice, [vip], () => undefined)).toEqual([]);
  expect(said).toEqual(['192.0.2.100 to 192.0.2.254']);
});
