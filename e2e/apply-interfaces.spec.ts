/** VIPs on a vlan, a bond and a bridge, under labels, with masks, in both families; what others put there stays. */

import { readInterfaceTable } from '#agent/dataplane/addresses.ts';
import { applyConfig } from '#e2e/cluster/by-hand.ts';
import { runningText, virtualLines } from '#e2e/cluster/virtual-servers.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from './fixtures.ts';

const makeDevices = `
  modprobe -a 8021q bonding dummy bridge
  ip link add link eth0 name eth0.5 type vlan id 5
  ip link add bond7 type bond mode active-backup
  ip link add br7 type bridge
  for pair in "slave7 bond7" "port7 br7"; do
    set -- $pair
    ip link add "$1" type dummy
    ip link set "$1" master "$2"
    ip link set "$1" up
  done
  for device in eth0.5 bond7 br7; do ip link set "$device" up; done
  ip addr add 203.0.113.9/26 dev br7`;
const removeDevices = 'for device in eth0.5 bond7 br7 slave7 port7; do ip link del "$device"; done';

/** A virtual server at this place. */
function place(name: string, address: string, mask: string | null): string {
  const server = address.includes('::')
    ? // Without NAT: that would need a router that forwards IPv6.
      { name: 'rs1', address: '2001:db8:7::21', lines: ['forwarding = direct'] }
    : { name: 'rs1', address: '10.11.12.21' };
  const lines = [`address = ${address}`, ...(mask === null ? [] : [`vip_nmask = ${mask}`]), 'check = none'];
  return virtualLines({ name, lines, servers: [server] });
}

/** What stands on the devices of this test, in words. */
async function addressesOf(router: Router): Promise<string[]> {
  const table = readInterfaceTable(await router.on(['ip', '-j', 'addr', 'show']));
  return (table?.addresses ?? [])
    .filter(({ device, address }) => /^(eth0\.5|bond7|br7)$/.test(device) && !address.startsWith('fe80'))
    .map(
      ({ address, prefix, device, label, broadcast }) =>
        `${address}/${prefix} ${label ?? device} ${broadcast ?? '-'}`,
    )
    .sort();
}

/** Someone on the vlan (the other router has a leg in it) asks the VIP there. */
async function askOnVlan(lab: Lab): Promise<string> {
  const leg =
    'ip link add link eth0 name eth0.5 type vlan id 5; ip link set eth0.5 up; ip addr add 198.51.100.2/24 dev eth0.5';
  await lab.r2.on(['sh', '-e', '-c', `modprobe 8021q; ${leg}`]);
  try {
    return await lab.r2.on(['curl', '-sf', '-m', '20', 'http://198.51.100.5/']);
  } finally {
    await lab.r2.on(['ip', 'link', 'del', 'eth0.5']);
  }
}

test('VIPs come and go on a vlan, a bond and a bridge with their labels and masks', async ({
  rested: lab,
}) => {
  const { r1 } = lab;
  const base = await runningText(r1);
  await r1.on(['sh', '-e', '-c', makeDevices]);
  try {
    const own = ['203.0.113.9/26 br7 -'];
    expect(await addressesOf(r1)).toEqual(own);
    await applyConfig(
      r1,
      [
        base,
        place('onVlan', '198.51.100.5 eth0.5', '255.255.255.0'),
        place('onBond', '203.0.113.70 bond7:1', '255.255.255.192'),
        place('onBond2', '203.0.113.71 bond7:web', '255.255.255.192'),
        place('onBridge', '203.0.113.10 br7:0', '255.255.255.192'),
        place('onBridgeAlone', '203.0.113.11 br7', null),
        place('onBridge6', '2001:db8:7::5 br7', '/64'),
      ].join(''),
    );
    expect(await addressesOf(r1)).toEqual(
      [
        ...own,
        '198.51.100.5/24 eth0.5 198.51.100.255',
        '203.0.113.70/26 bond7:1 203.0.113.127',
        '203.0.113.71/26 bond7:web 203.0.113.127',
        '203.0.113.10/26 br7:0 203.0.113.63',
        '203.0.113.11/32 br7 -',
        '2001:db8:7::5/64 br7 -',
      ].sort(),
    );
    expect((await askOnVlan(lab)).trim()).toBe('rs1');

    // Somebody adds an address to a network whose first address is a VIP: it must outlive the VIP.
    await r1.on(['ip', 'addr', 'add', '203.0.113.99/26', 'brd', '+', 'dev', 'bond7']);
    const byHand = '203.0.113.99/26 bond7 203.0.113.127';
    await applyConfig(
      r1,
      [
        base,
        place('onVlan', '198.51.100.5 eth0.5', '255.255.255.128'),
        place('moved', '203.0.113.70 br7:9', '255.255.255.192'),
        place('onBond2', '203.0.113.71 bond7:web', '255.255.255.192'),
      ].join(''),
    );
    expect(await addressesOf(r1)).toEqual(
      [
        ...own,
        byHand,
        '198.51.100.5/25 eth0.5 198.51.100.127',
        '203.0.113.70/26 br7:9 203.0.113.127',
        '203.0.113.71/26 bond7:web 203.0.113.127',
      ].sort(),
    );

    await applyConfig(r1, base);
    expect(await addressesOf(r1)).toEqual([...own, byHand].sort());
  } finally {
    await applyConfig(r1, base);
    await r1.sh(removeDevices);
  }
});
