import { describe, expect, it } from 'vitest';
import { hitEntry } from './hit-entry.ts';
import { standingEntries } from './palette-entries.ts';

const clusters = Array.from({ length: 20 }, (_, n) => ({ id: `c${n}`, name: `Cluster ${n}` }));
const texts = (query: string, current: string | null) =>
  standingEntries(query, clusters, current).map(({ text }) => text);

describe('the palette', () => {
  it('offers the pages and actions of the cluster on the screen', () => {
    expect(texts('', 'c1')).toContain('VIRTUAL SERVERS');
    expect(texts('', null)).not.toContain('VIRTUAL SERVERS');
    expect(texts('push', 'c1')).toEqual(['Review and push the draft']);
  });

  it('finds any cluster by its name and shows few of many', () => {
    expect(texts('cluster 17', 'c1')).toEqual(['Cluster 17']);
    expect(texts('', null).filter((text) => text.startsWith('Cluster ')).length).toBe(8);
  });

  it('leads from a real server to the list that it stands in, and names its cluster when it is another one', () => {
    const hit = {
      kind: 'server' as const,
      clusterId: 'c1',
      cluster: 'Cluster 1',
      id: 's',
      name: 'rs1',
      parent: { id: 'v', name: 'web' },
      endpoint: '192.0.2.21:80',
    };
    expect(hitEntry(hit, false)).toMatchObject({
      href: '/clusters/c1/virtual-servers/v/servers',
      aside: '192.0.2.21:80 · real server of web',
    });
    expect(hitEntry(hit, true).aside).toContain('cluster Cluster 1');
  });
});
