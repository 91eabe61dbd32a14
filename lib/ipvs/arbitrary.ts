/** Random routing tables for property tests. Few identities, so that two tables often share some. */
import fc, { type Arbitrary } from 'fast-check';
import { destinationName, serviceName } from './command.ts';
import type { Destination, RoutingTable, Service, ServiceKey } from './table.ts';

const anyKey: Arbitrary<ServiceKey> = fc.oneof(
  fc.record({
    kind: fc.constant('address' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
    address: fc.constantFrom('192.0.2.100', '192.0.2.101', '2001:db8::100'),
    port: fc.constantFrom(0, 80, 443),
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    mark: fc.constantFrom(1, 7, 4_294_967_295),
    family: fc.constantFrom(4 as const, 6 as const),
  }),
);

const anyDestination: Arbitrary<Destination> = fc.record({
  address: fc.constantFrom('10.11.12.21', '10.11.12.22', '2001:db8::21'),
  port: fc.constantFrom(80, 8080),
  forwarding: fc.constantFrom('nat' as const, 'direct' as const, 'tunnel' as const),
  weight: fc.constantFrom(0, 1, 5, 65_535),
  upperThreshold: fc.constantFrom(0, 100),
  lowerThreshold: fc.constantFrom(0, 50),
  extra: fc.constantFrom([], ['--tun-type', 'gre', '--tun-csum']),
});

const anyService: Arbitrary<Service> = fc
  .record({
    key: anyKey,
    scheduler: fc.constantFrom('rr', 'wlc', 'mh', 'twos'),
    schedulerFlags: fc.constantFrom([], ['mh-fallback', 'mh-port']),
    persistence: fc.constantFrom(null, 60),
    netmask: fc.constantFrom(null, '255.255.255.0'),
    onePacket: fc.boolean(),
    destinations: fc.uniqueArray(anyDestination, { selector: destinationName, maxLength: 4 }),
  })
  .map((service) => (service.persistence === null ? { ...service, netmask: null } : service));

export const anyTable: Arbitrary<RoutingTable> = fc.record({
  services: fc.uniqueArray(anyService, { selector: ({ key }) => serviceName(key), maxLength: 6 }),
});
