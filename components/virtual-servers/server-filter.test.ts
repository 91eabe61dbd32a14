import { describe, expect, it } from 'vitest';
import { matchesFilter } from './server-filter.ts';

const server = (name: string, address: string, port = '80') => ({
  id: name,
  name,
  version: 1,
  values: { address, port },
});

describe('the filter over real servers', () => {
  const all = [server('rs1', '192.0.2.1'), server('rs10', '192.0.2.10', '8080'), server('v6', '2001:db8::1')];
  const found = (filter: string) => all.filter((each) => matchesFilter(each, filter)).map(({ name }) => name);

  it.each([
    ['', ['rs1', 'rs10', 'v6']],
    // What is chosen by an address is drained or deleted: 192.0.2.1 must not be 192.0.2.10, too.
    ['192.0.2.1', ['rs1']],
    ['192.0.2.', ['rs1', 'rs10']],
    ['2001:DB8:0::1', ['v6']],
    ['RS1', ['rs1', 'rs10']],
    ['rs1 8080', ['rs10']],
    ['808', []],
    ['nobody', []],
  ])('%j leaves %j', (filter, names) => {
    expect(found(filter)).toEqual(names);
  });
});
