import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTable } from '#lib/ipvs/arbitrary.ts';
import { serviceName } from '#lib/ipvs/command.ts';
import type { RoutingTable, Service } from '#lib/ipvs/table.ts';
import { createTableComparison } from './drift.ts';
import { createFakeKernel, TICKS_PER_SECOND } from './fake-kernel.ts';
import { createKernelTicks } from './kernel-ticks.ts';
import { withoutCounters } from './proc-table.ts';

/** What the kernel would show of a table, without counters. */
async function shown(table: RoutingTable): Promise<string> {
  const kernel = createFakeKernel([]);
  kernel.table = table;
  return withoutCounters((await kernel.host.readText('/proc/net/ip_vs')) ?? '');
}

/** Those of the services that a mask picks, each name once. */
const picked = (services: readonly Service[], mask: number): RoutingTable => ({
  services: [
    ...new Map(
      services
        .filter((_, index) => (mask >> (index % 12)) % 2 === 1)
        .map((service) => [serviceName(service.key), service]),
    ).values(),
  ],
});

describe('the comparison with the kernel’s table', () => {
  it('says with its memory what it would say without, whatever comes after what', async () => {
    const looks = fc.array(fc.tuple(fc.nat(4095), fc.nat(4095)), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyTable, anyTable, looks, async (one, other, masks) => {
        const all = [...one.services, ...other.services];
        const compare = createTableComparison(createKernelTicks(TICKS_PER_SECOND));
        for (const [left, kernel] of masks) {
          const [table, bare] = [picked(all, left), await shown(picked(all, kernel))];
          const anew = createTableComparison(createKernelTicks(TICKS_PER_SECOND));
          expect(compare(table, bare)).toEqual(anew(table, bare));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds a weight that was changed behind its back after a look that found nothing, and then nothing again', async () => {
    const destination = {
      ...{ address: '10.11.12.21', port: 80, forwarding: 'nat' as const },
      ...{ weight: 1, upperThreshold: 0, lowerThreshold: 0, extra: [] },
    };
    const service: Service = {
      key: { kind: 'address', protocol: 'tcp', address: '192.0.2.100', port: 80 },
      ...{ scheduler: 'wlc', schedulerFlags: [], persistence: null, netmask: null, onePacket: false },
      destinations: [destination],
    };
    const left = { services: [service] };
    const edited = { services: [{ ...service, destinations: [{ ...destination, weight: 7 }] }] };
    const compare = createTableComparison();
    const nothing = { drift: [], foreign: [] };
    expect(compare(left, await shown(left))).toEqual(nothing);
    expect(compare(left, await shown(edited))).toEqual({
      drift: ['the weight of 10.11.12.21:80 of -t 192.0.2.100:80 was 7 instead of 1'],
      foreign: [],
    });
    expect(compare(left, await shown(left))).toEqual(nothing);
    expect(compare(edited, await shown(left)).drift).toHaveLength(1);
  });

  it('names services that nobody left there', async () => {
    const compare = createTableComparison();
    const theirs = await shown(picked([], 0)).then((text) => `${text}\nTCP  C0000263:0019 rr `);
    expect(compare({ services: [] }, theirs)).toEqual({ drift: [], foreign: ['-t 192.0.2.99:25'] });
  });
});
