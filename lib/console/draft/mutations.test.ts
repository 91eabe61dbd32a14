import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FieldValues, SaveResult } from '../contract.ts';
import { alice, bob, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readDraft } from './data.ts';
import { configOf } from './draft.ts';
import { createRow, deleteRow, saveRow } from './mutations.ts';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

const good = (result: SaveResult) => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
  const { id = '', version, warnings, taken } = result;
  return { id, version, warnings, taken };
};

const refused = (result: SaveResult) => {
  if (result.ok) throw new Error('it was stored');
  return result;
};

const saveGlobal = (clusterId: string, version: number, values: FieldValues, actor = alice) =>
  saveRow(shoal.db, actor, { clusterId, rowId: clusterId, version, values, scopes: ['global'] });

const addVirtual = (clusterId: string, name: string, values: FieldValues) =>
  createRow(shoal.db, alice, { clusterId, name, values, place: { kind: 'virtual' } });

const addServer = (clusterId: string, parentId: string, name: string, values: FieldValues) =>
  createRow(shoal.db, alice, { clusterId, name, values, place: { parentId } });

const configNow = async (clusterId: string) => {
  const draft = await readDraft(shoal.db, clusterId);
  if (!draft) throw new Error('no such cluster');
  return configOf(draft);
};

const web = { enabled: '1', vip: '192.0.2.100 eth0:1', port: '80' };

describe('saving the draft', () => {
  it('stores what the table of directives reads from the fields', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await saveGlobal(clusterId, 1, { primaryAddress: ' 192.0.2.11 ', forwarding: 'direct' }));
    const virtual = good(await addVirtual(clusterId, 'web', web));
    good(
      await addServer(clusterId, virtual.id, 'rs1', { address: '10.11.12.21', enabled: '1', weight: '3' }),
    );
    const config = await configNow(clusterId);
    expect(config.global).toMatchObject({ primaryAddress: '192.0.2.11', forwarding: 'direct' });
    expect(config.virtualServers).toMatchObject([
      {
        name: 'web',
        vip: { address: '192.0.2.100', device: 'eth0:1' },
        servers: [{ name: 'rs1', address: '10.11.12.21', weight: 3, enabled: true }],
      },
    ]);
  });

  it('keeps the fields that a panel does not send', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    const save = { clusterId, rowId: id, version: 1, scopes: ['virtual'] as const };
    good(
      await saveRow(shoal.db, alice, {
        ...save,
        values: { send: 'GET / HTTP/1.0\\r\\n\\r\\n', expect: 'HTTP' },
      }),
    );
    expect((await configNow(clusterId)).virtualServers[0]).toMatchObject({
      vip: { address: '192.0.2.100', device: 'eth0:1' },
      expect: '"HTTP"',
    });
  });

  it('saves a panel of a cluster that has no primary router yet and tells what is missing', async () => {
    const clusterId = await newCluster(shoal.db);
    const saved = good(await addVirtual(clusterId, 'web', web));
    expect(saved.warnings.map(({ code }) => code)).toContain('primary-missing');
  });

  it('makes no new version of a row that did not change', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    const again = await saveRow(shoal.db, alice, {
      clusterId,
      rowId: id,
      version: 1,
      values: web,
      scopes: ['virtual'],
    });
    expect(good(again).version).toBe(1);
  });

  it('keeps a value that only a file could hold while its neighbours are saved', async () => {
    const clusterId = await newCluster(shoal.db);
    const virtual = good(await addVirtual(clusterId, 'web', web));
    const server = good(
      await addServer(clusterId, virtual.id, 'rs1', { address: '10.11.12.21', enabled: '1' }),
    );
    await shoal.db.realServer.update({
      where: { id: server.id },
      data: { settings: JSON.stringify({ address: 'rs1.example', enabled: true }) },
    });
    const save = { clusterId, rowId: server.id, version: 1, scopes: ['server'] as const };
    good(await saveRow(shoal.db, alice, { ...save, values: { address: 'rs1.example', weight: '7' } }));
    const [saved] = (await configNow(clusterId)).virtualServers[0]?.servers ?? [];
    expect(saved).toMatchObject({ address: 'rs1.example', weight: 7 });
  });
});

describe('bad input is refused with a sentence at the field and stores nothing', () => {
  const cases: readonly [string, FieldValues, string, RegExp][] = [
    [
      'an address that is none',
      { vip: '192.0.2.300 eth0:1' },
      'vip',
      /192\.0\.2\.300.*not an IPv4 or IPv6 address/,
    ],
    ['a port out of range', { port: '70000' }, 'port', /70000 is out of range.*0 to 65535/],
    ['a port that is no number', { port: 'eighty!' }, 'port', /not a whole number/],
    ['a line break', { send: 'GET /\r\n' }, 'send', /line break/],
    ['both kinds of quotes', { expect: `say "it's"` }, 'expect', /quotes/],
    ['a field that does not exist', { nonsense: '1' }, 'nonsense', /no field/],
  ];

  it.each(cases)('%s', async (_, values, field, sentence) => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    const before = await configNow(clusterId);
    const save = { clusterId, rowId: id, version: 1, values, scopes: ['virtual'] as const };
    expect(refused(await saveRow(shoal.db, alice, save)).fields[field]?.message).toMatch(sentence);
    expect(await configNow(clusterId)).toEqual(before);
  });

  it('a second virtual server on the same VIP, port and protocol, active or not', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await addVirtual(clusterId, 'web', web));
    for (const enabled of ['1', '']) {
      const result = refused(await addVirtual(clusterId, 'other', { ...web, enabled }));
      expect(result.fields.vip?.message).toMatch(/192\.0\.2\.100:80/);
    }
    expect((await configNow(clusterId)).virtualServers).toHaveLength(1);
  });

  it('a duplicate that arises at the earlier one of two virtual servers', async () => {
    const clusterId = await newCluster(shoal.db);
    const first = good(await addVirtual(clusterId, 'first', { ...web, port: '81' }));
    good(await addVirtual(clusterId, 'second', web));
    const save = {
      clusterId,
      rowId: first.id,
      version: 1,
      values: { port: '80' },
      scopes: ['virtual'] as const,
    };
    expect(refused(await saveRow(shoal.db, alice, save)).message).toMatch(/192\.0\.2\.100:80/);
  });

  it('NAT without a NAT router address, on a new cluster too', async () => {
    const clusterId = await newCluster(shoal.db);
    const values = { primaryAddress: '192.0.2.11', forwarding: 'nat', natRouter: '' };
    expect(refused(await saveGlobal(clusterId, 1, values)).fields.natRouter?.message).toMatch(/NAT/);
    good(await saveGlobal(clusterId, 1, { ...values, natRouter: '10.11.12.254 eth1:1' }));
    expect(refused(await saveGlobal(clusterId, 2, { natRouter: '' })).fields.natRouter?.message).toMatch(
      /NAT/,
    );
  });

  it('an active virtual server without a VIP, when it is switched on', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', {}));
    const save = { clusterId, rowId: id, version: 1, values: { enabled: '1' }, scopes: ['virtual'] as const };
    expect(refused(await saveRow(shoal.db, alice, save)).message).toMatch(/no virtual IP address/);
  });

  it('a name that lvs.cf cannot hold, and a name that is in use', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await addVirtual(clusterId, 'web', web));
    expect(refused(await addVirtual(clusterId, `a"b'c`, {})).fields.name?.message).toMatch(/quotes/);
    expect(refused(await addVirtual(clusterId, '  ', {})).fields.name?.message).toMatch(/missing/);
    expect(refused(await addVirtual(clusterId, 'web', {})).fields.name?.message).toMatch(/in use/);
  });
});

describe('two administrators', () => {
  it('tells the second one who changed what, and stores nothing', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    const save = { clusterId, rowId: id, version: 1, scopes: ['virtual'] as const };
    good(await saveRow(shoal.db, alice, { ...save, values: { port: '8080' } }));
    const conflict = refused(await saveRow(shoal.db, bob, { ...save, values: { port: '81' } })).conflict;
    expect(conflict).toMatchObject({ by: 'alice' });
    expect(conflict?.changes).toEqual([expect.stringMatching(/web.*80 → 8080/)]);
    expect((await configNow(clusterId)).virtualServers[0]?.port).toBe(8080);
  });

  it('lets both save when they changed different panels of the same row', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await saveGlobal(clusterId, 1, { tcpTimeoutSeconds: '90' }));
    good(await saveGlobal(clusterId, 1, { keepaliveSeconds: '1' }, bob));
    expect((await configNow(clusterId)).global).toMatchObject({ tcpTimeoutSeconds: 90, keepaliveSeconds: 1 });
  });

  it('lets both save when they changed different fields of one panel, and tells the second one', async () => {
    const clusterId = await newCluster(shoal.db);
    const panel = { tcpTimeoutSeconds: '0', udpTimeoutSeconds: '0', tcpFinTimeoutSeconds: '0' };
    good(await saveGlobal(clusterId, 1, { ...panel, tcpTimeoutSeconds: '90' }));
    const second = good(await saveGlobal(clusterId, 1, { ...panel, udpTimeoutSeconds: '30' }, bob));
    expect(second).toMatchObject({
      version: 3,
      taken: {
        by: 'alice',
        changes: [expect.stringMatching(/^TCP timeout .* → 90 s$/)],
        values: { tcpTimeoutSeconds: '90' },
      },
    });
    expect((await configNow(clusterId)).global).toMatchObject({
      tcpTimeoutSeconds: 90,
      udpTimeoutSeconds: 30,
      tcpFinTimeoutSeconds: 0,
    });
  });

  it('stores nothing of two edits of different fields when one field met', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await saveGlobal(clusterId, 1, { tcpTimeoutSeconds: '90', udpTimeoutSeconds: '0' }));
    const mine = { tcpTimeoutSeconds: '60', udpTimeoutSeconds: '30' };
    expect(refused(await saveGlobal(clusterId, 1, mine, bob)).conflict?.changes).toHaveLength(1);
    expect((await configNow(clusterId)).global).toMatchObject({
      tcpTimeoutSeconds: 90,
      udpTimeoutSeconds: 0,
    });
  });

  it('keeps a name that another gave, where the form still shows the old one', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    const save = { clusterId, rowId: id, version: 1, scopes: ['virtual'] as const };
    good(await saveRow(shoal.db, alice, { ...save, name: 'shop', values: { port: '80' } }));
    const second = good(await saveRow(shoal.db, bob, { ...save, name: 'web', values: { port: '81' } }));
    expect(second.taken?.values).toEqual({ name: 'shop' });
    expect((await configNow(clusterId)).virtualServers[0]).toMatchObject({ name: 'shop', port: 81 });
    expect(
      refused(await saveRow(shoal.db, bob, { ...save, name: 'mall', values: {} })).conflict,
    ).toBeDefined();
  });

  it('sees every save since the form was made, not the last one alone', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await saveGlobal(clusterId, 1, { tcpTimeoutSeconds: '90' }));
    good(await saveGlobal(clusterId, 2, { udpTimeoutSeconds: '30' }));
    const conflict = refused(await saveGlobal(clusterId, 1, { tcpTimeoutSeconds: '60' }, bob)).conflict;
    expect(conflict?.changes).toHaveLength(2);
  });

  it('says of each field who changed it, and what was typed over it', async () => {
    const clusterId = await newCluster(shoal.db);
    good(await saveGlobal(clusterId, 1, { tcpTimeoutSeconds: '90', udpTimeoutSeconds: '20' }));
    good(await saveGlobal(clusterId, 2, { udpTimeoutSeconds: '30' }, bob));
    const carol = { ...alice, name: 'carol' };
    const mine = { tcpTimeoutSeconds: '60', udpTimeoutSeconds: '0' };
    const { message, conflict } = refused(await saveGlobal(clusterId, 1, mine, carol));
    expect(message).toMatch(/^alice and bob have changed this in the meantime/);
    expect(conflict).toMatchObject({
      by: 'alice and bob',
      changes: [
        // What carol left as it was is nothing that she typed.
        expect.stringMatching(/^TCP timeout .* → 90 s, by alice; you typed 60$/),
        expect.stringMatching(/^UDP timeout .* → 30 s, by bob$/),
      ],
    });
  });

  it('says who deleted what is being saved', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    good(await deleteRow(shoal.db, alice, { clusterId, rowId: id }));
    const save = { clusterId, rowId: id, version: 1, values: { port: '81' }, scopes: ['virtual'] as const };
    expect(refused(await saveRow(shoal.db, bob, save))).toMatchObject({
      message: expect.stringMatching(/alice has deleted web/),
      conflict: { by: 'alice' },
    });
  });

  it('stores one of two saves that arrive at once', async () => {
    const clusterId = await newCluster(shoal.db);
    const { id } = good(await addVirtual(clusterId, 'web', web));
    const save = { clusterId, rowId: id, version: 1, scopes: ['virtual'] as const };
    const results = await Promise.all([
      saveRow(shoal.db, alice, { ...save, values: { port: '81' } }),
      saveRow(shoal.db, bob, { ...save, values: { port: '82' } }),
    ]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });
});
