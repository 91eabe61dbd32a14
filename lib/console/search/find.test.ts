import { describe, expect, it } from 'vitest';
import type { Draft, DraftRow, DraftVirtual } from '../draft/draft.ts';
import { blocksFound, find } from './find.ts';
import { indexOf } from './index-of.ts';
import { wordsOf } from './query.ts';

const row = (id: string, name: string, settings: object, comments: readonly string[] = []): DraftRow => ({
  id,
  name,
  version: 1,
  settings: { ...settings },
  remarks: { comments: [...comments], unknown: [] },
  updatedBy: 'alice',
  updatedAt: '2026-01-01T00:00:00.000Z',
});

const virtual = (own: DraftRow, servers: readonly DraftRow[] = []): DraftVirtual => ({
  ...own,
  kind: 'virtual',
  servers,
});

const draft: Draft = {
  cluster: row('c', 'Example', { primaryAddress: '192.0.2.11', backupAddress: '192.0.2.12' }),
  virtuals: [
    virtual(
      row('web', 'web', { vip: { address: '198.51.100.1', device: 'eth0:1' }, port: 80 }, ['# of the shop']),
      [
        row('rs1', 'rs1', { address: '192.0.2.1' }),
        row('rs10', 'rs10', { address: '192.0.2.10', port: 8080 }),
      ],
    ),
    virtual(row('dns', 'dns', { vip: { address: '2001:db8::53', device: 'eth0' }, port: 53 }), [
      row('ns1', 'ns1', { address: '2001:db8::1:1' }),
    ]),
    virtual(row('mail', 'mail', { firewallMark: 80 })),
  ],
};

const found = (query: string): readonly string[] =>
  find(indexOf(draft), query, 100).entries.map(({ id }) => id);

describe('an address', () => {
  it('is that address and none that begins like it', () => {
    expect(found('192.0.2.1')).toEqual(['rs1']);
    expect(found('192.0.2.10')).toEqual(['rs10']);
    expect(found('92.0.2.1')).toEqual([]);
  });

  it('is found in any notation of IPv6', () => {
    for (const text of ['2001:db8::53', '2001:DB8:0:0:0:0:0:53', '[2001:db8::53]:53', '2001:0db8::0053'])
      expect(found(text), text).toEqual(['dns']);
    expect(found('2001:db8::5')).toEqual([]);
  });

  it('with a port is that service', () => {
    expect(found('192.0.2.10:8080')).toEqual(['rs10']);
    expect(found('192.0.2.10:80')).toEqual([]);
    expect(found('198.51.100.1 80')).toEqual(['web']);
  });

  it('of a router says which', () => {
    expect(found('192.0.2.11')).toEqual(['global']);
    expect(found('192.0.2.12')).toEqual(['redundancy']);
  });
});

describe('the beginning of an address', () => {
  it('ends where an octet ends', () => {
    expect(found('192.0.2.')).toEqual(['rs1', 'rs10', 'global', 'redundancy']);
    expect(found('192.0.2')).toEqual(found('192.0.2.'));
    expect(found('192.0.')).toEqual(found('192.0.2.'));
    expect(found('19.')).toEqual([]);
  });

  it('may be a network', () => {
    expect(found('192.0.2.8/30')).toEqual(['rs10', 'global']);
    expect(found('192.0.2.1/32')).toEqual(['rs1']);
  });

  it('of IPv6 is text of its short form', () => {
    expect(found('2001:db8::')).toEqual(['dns', 'ns1']);
  });
});

describe('a number', () => {
  it('is a port, a firewall mark or part of a name', () => {
    expect(found('80')).toEqual(['web', 'rs1', 'mail']);
    expect(found(':8080')).toEqual(['rs10']);
    expect(found('10')).toEqual(['rs10']);
  });
});

describe('text', () => {
  it('is looked for in names and notes, whole names first', () => {
    expect(found('rs1')).toEqual(['rs1', 'rs10']);
    expect(found('SHOP')).toEqual(['web']);
    expect(found('eth0:1')).toEqual(['web']);
  });

  it('of several words needs each of them', () => {
    expect(found('web shop')).toEqual(['web']);
    expect(found('web mail')).toEqual([]);
  });

  it('of nothing finds nothing', () => expect(found('  ')).toEqual([]));
});

describe('the list of virtual servers', () => {
  it('shows a block whose real server is meant, and which', () => {
    const blocks = blocksFound(indexOf(draft), '192.0.2.10');
    expect([...blocks].map(([id, entry]) => [id, entry.name])).toEqual([['web', 'rs10']]);
  });
});

describe('strange input', () => {
  it('is text', () => {
    for (const text of ['1.2.3.4.5', '300.1.1.1', '192.0.2.0/99', '[]:1', '::::', '%', '(', '\\', '😀'])
      expect(() => find(indexOf(draft), text, 10), text).not.toThrow();
    expect(wordsOf('300.1.1.1')[0]?.kind).toBe('text');
  });
});

describe('the search at size', () => {
  it('takes less than a tenth of a second of the processor in 37 205 real servers', () => {
    const servers = Array.from({ length: 37_205 }, (_, n) =>
      row(`s${n}`, `rs${n}`, { address: `10.${100 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}` }),
    );
    const virtuals = Array.from({ length: 2277 }, (_, n) =>
      virtual(row(`v${n}`, `vs${n}`, {}), servers.slice(n * 16, (n + 1) * 16)),
    );
    const index = indexOf({ ...draft, virtuals });
    const times = ['10.100.3.7', 'rs3', '80', 'nothing here'].map((query) => {
      // Of the processor, not of the clock: others run beside this test.
      const began = process.cpuUsage();
      find(index, query, 30);
      return process.cpuUsage(began).user / 1000;
    });
    expect(find(index, '10.100.3.7', 30).entries.map(({ name }) => name)).toEqual(['rs775']);
    expect(Math.min(...times)).toBeLessThan(100);
  });
});
