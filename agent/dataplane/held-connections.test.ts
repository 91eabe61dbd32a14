import { expect, it } from 'vitest';
import { holdConnections } from './held-connections.ts';

it('drops what opens a connection to the addresses, on its way in and on its way through, for a time', async () => {
  let lines: string[] = [];
  const exec: Parameters<typeof holdConnections>[0] = async (_, options) => {
    lines = (options?.stdin ?? '').trim().split('\n');
    return { code: 0, stdout: '', stderr: '', timedOut: false };
  };
  await holdConnections(exec, ['192.0.2.100', '2001:db8::100'], 3);
  expect(lines).toContain('add element inet shoal_handover ip_vips { 192.0.2.100 timeout 3s }');
  expect(lines.filter((line) => line.startsWith('add rule'))).toEqual([
    'add rule inet shoal_handover input ip daddr @ip_vips tcp flags & (syn | ack) == syn drop',
    'add rule inet shoal_handover forward ip daddr @ip_vips tcp flags & (syn | ack) == syn drop',
    'add rule inet shoal_handover input ip6 daddr @ip6_vips tcp flags & (syn | ack) == syn drop',
    'add rule inet shoal_handover forward ip6 daddr @ip6_vips tcp flags & (syn | ack) == syn drop',
  ]);
});
