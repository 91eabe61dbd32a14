/** For tests: small configurations in pairs, the second one the first after an administrator's work. A seed names a pair. */
import {
  type ClusterConfig,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '../lvs/model.ts';

// Once: each is read from the whole table of directives.
const plainServer = defaultServer('');
const plainVirtual = defaultVirtual('');
const empty = emptyConfig();

type Pick = <const Item>(items: readonly [Item, ...Item[]]) => Item;

/** mulberry32. */
function picker(seed: number): Pick {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (items) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return items[((mixed ^ (mixed >>> 14)) >>> 0) % items.length] ?? items[0];
  };
}

const serverOf = (pick: Pick, number: number): RealServer => ({
  ...plainServer,
  name: `rs${number}`,
  enabled: pick([true, true, true, false]),
  address: pick([`10.11.12.2${number}`, `10.11.12.2${number}`, '10.11.12.21']),
  port: pick([null, null, 8080]),
  weight: pick([0, 1, 2, 5]),
  upperThreshold: pick([0, 0, 100]),
});

const serversOf = (pick: Pick): readonly RealServer[] =>
  [1, 2, 3].slice(0, pick([0, 1, 2, 3, 3])).map((number) => serverOf(pick, number));

const virtualOf = (pick: Pick, number: number): VirtualServer => ({
  ...plainVirtual,
  name: `web${number}`,
  enabled: pick([true, true, true, true, false]),
  vip: { address: pick(['192.0.2.100', '192.0.2.101']), device: 'eth0' },
  port: pick([80, 443, 8080]),
  protocol: pick(['tcp', 'tcp', 'udp']),
  firewallMark: pick([0, 0, 0, 0, 7]),
  scheduler: pick(['rr', 'wlc', 'mh']),
  persistenceSeconds: pick([0, 0, 60]),
  sorryServer: pick([null, '10.11.12.99', '10.11.12.21']),
  quiesce: pick([false, true]),
  slowStartSeconds: pick([0, 0, null]),
  servers: serversOf(pick),
});

function editedServers(pick: Pick, servers: readonly RealServer[]): readonly RealServer[] {
  const [first, ...rest] = servers;
  if (first === undefined) return [serverOf(pick, 1)];
  return pick([
    rest,
    [{ ...first, weight: first.weight + 1 }, ...rest],
    [{ ...first, enabled: !first.enabled }, ...rest],
    [{ ...first, name: 'other' }, ...rest],
    [...rest, first],
    [...servers, serverOf(pick, 4)],
  ]);
}

function edited(pick: Pick, virtual: VirtualServer): readonly VirtualServer[] {
  const servers = editedServers(pick, virtual.servers);
  return pick([
    [virtual],
    [virtual],
    [virtual],
    [],
    [{ ...virtual, servers }],
    [{ ...virtual, servers }],
    [{ ...virtual, name: 'renamed' }],
    [{ ...virtual, scheduler: pick(['rr', 'wrr']) }],
    [{ ...virtual, enabled: !virtual.enabled }],
    [{ ...virtual, sorryServer: null }],
  ]);
}

/** Before and after; much is the same in both. */
export function configPair(seed: number): readonly [before: ClusterConfig, after: ClusterConfig] {
  const pick = picker(seed);
  const of = (virtualServers: readonly VirtualServer[]): ClusterConfig => ({
    ...empty,
    global: { ...empty.global, forwarding },
    virtualServers,
  });
  const forwarding = pick(['nat', 'nat', 'direct']);
  const before = [1, 2, 3].slice(0, pick([1, 2, 3])).map((number) => virtualOf(pick, number));
  const after = before.flatMap((virtual) => edited(pick, virtual));
  const added = pick([true, false, false]) ? [virtualOf(pick, 4)] : [];
  const order = pick([true, true, false]) ? after : [...after].reverse();
  return [of(before), of([...order, ...added])];
}
