import { describe, expect, it } from 'vitest';
import type { ClusterBrief } from '#lib/protocol/overview.ts';
import { countInWords, matching } from './overview-words.ts';

const cluster = (name: string, router: string, address: string): ClusterBrief => ({
  id: name,
  name,
  condition: 'well',
  findings: [],
  routers: [{ name: router, address, role: 'primary', link: 'connected', state: 'active' }],
  servers: null,
  sync: 'in-sync',
  draftChanges: 0,
});
const clusters = [cluster('Shop Vienna', 'vie1', '192.0.2.11'), cluster('Mail', 'mx1', '198.51.100.1')];

describe('the list of clusters', () => {
  it('is narrowed by name, router or address', () => {
    const found = (text: string) => matching(clusters, text).map(({ name }) => name);
    expect(found('vienna')).toEqual(['Shop Vienna']);
    expect(found('MX1')).toEqual(['Mail']);
    expect(found('192.0.2.11 ')).toEqual(['Shop Vienna']);
    expect(found('')).toEqual(['Shop Vienna', 'Mail']);
    expect(found('nothing')).toEqual([]);
  });

  it('counts in words', () => {
    expect(countInWords('ailing', 1)).toBe('1 needs care');
    expect(countInWords('broken', 2)).toBe('2 are broken');
  });
});
