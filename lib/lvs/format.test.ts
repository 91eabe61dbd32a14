import { describe, expect, test } from 'vitest';
import { directivesOf } from './directives.ts';
import { formatConfig } from './format.ts';
import { defaultGlobal, defaultServer, defaultVirtual, emptyConfig } from './model.ts';
import { parseConfig } from './parse.ts';
import { encloseValue } from './quoting.ts';

test('the canonical text has the order, the indentation and the #@ lines that are promised', () => {
  const text = formatConfig({
    ...emptyConfig(),
    comments: ['# shop cluster'],
    global: {
      ...defaultGlobal(),
      serialNumber: 12,
      primaryAddress: '192.0.2.11',
      natRouter: { address: '10.11.12.254', device: 'eth1:1' },
      keepaliveMilliseconds: 100,
    },
    virtualServers: [
      {
        ...defaultVirtual('my shop'),
        comments: ['# the shop'],
        enabled: true,
        vip: { address: '192.0.2.100', device: 'eth0:1' },
        scheduler: 'mh',
        send: '"GET / HTTP/1.0\\r\\n\\r\\n"',
        unknown: ['note = "kept"'],
        servers: [{ ...defaultServer('rs1'), address: '10.11.12.21', enabled: true, weight: 3 }],
      },
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "# shop cluster
    serial_no = 12
    primary = 192.0.2.11
    service = lvs
    backup_active = 0
    heartbeat_port = 539
    keepalive = 2
    deadtime = 5
    network = nat
    nat_router = 10.11.12.254 eth1:1
    #@ keepalive_ms = 100
    virtual "my shop" {
         # the shop
         active = 1
         address = 192.0.2.100 eth0:1
         port = 80
         send = "GET / HTTP/1.0\\r\\n\\r\\n"
         scheduler = wlc
         #@ scheduler = mh
         protocol = tcp
         timeout = 10
         reentry = 180
         #@ note = "kept"
         server rs1 {
             address = 10.11.12.21
             active = 1
             weight = 3
         }
    }
    "
  `);
});

test('an empty configuration is a file that loads', () => {
  expect(parseConfig(formatConfig(emptyConfig()))).toMatchObject({ config: emptyConfig(), diagnostics: [] });
});

describe('a value is written', () => {
  test.each([
    ['eth0:1', 'eth0:1'],
    ['two words', '"two words"'],
    ['', '""'],
    ['{', '"{"'],
    ['#', '"#"'],
    ['say "hi"', `'say "hi"'`],
    ["it's", `"it's"`],
    [`a"b'c`, `"a"b'c"`],
    [`it's "x"`, `'it's "x"'`],
  ])('%s as %s, which is read back', (value, written) => {
    expect(encloseValue(value)).toBe(written);
    expect(parseConfig(`active_cmd = ${written}`)).toMatchObject({
      config: { global: { activeCommand: value } },
      diagnostics: [],
    });
  });
});

describe('the table of directives', () => {
  const scopes = ['global', 'virtual', 'server'] as const;

  test.each(scopes)('%s: names and keys are used once', (scope) => {
    const rows = directivesOf[scope];
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  test.each(scopes)(
    '%s: every row has a label, a help text that ends, and a default that needs no line',
    (scope) => {
      for (const row of directivesOf[scope]) {
        expect(row.label).toMatch(/^\S.*\S$/);
        expect(row.help).toMatch(/[.!]$/);
        expect(row.kind.expected).toMatch(/^\S/);
        const field = row.kind.fromField(row.kind.toField(row.default));
        expect(field.ok, row.name).toBe(true);
      }
    },
  );
});

test('a virtual server that Piranha cannot hold stands on #@ lines, its real servers too', () => {
  const config = {
    ...emptyConfig(),
    virtualServers: [
      {
        ...defaultVirtual('v6'),
        comments: ['# the new network'],
        enabled: true,
        vip: { address: '2001:db8::100', device: 'eth0' },
        scheduler: 'mh' as const,
        servers: [{ ...defaultServer('rs1'), address: '2001:db8::21', enabled: true }],
      },
    ],
  };
  const text = formatConfig(config);
  expect(text.slice(text.indexOf('#@'))).toMatchInlineSnapshot(`
    "#@ virtual v6 {
         # the new network
         #@ active = 1
         #@ address = 2001:db8::100 eth0
         #@ port = 80
         #@ scheduler = mh
         #@ protocol = tcp
         #@ timeout = 10
         #@ reentry = 180
         #@ server rs1 {
             #@ address = 2001:db8::21
             #@ active = 1
             #@ weight = 1
         #@ }
    #@ }
    "
  `);
  expect(parseConfig(text)).toMatchObject({ config, diagnostics: [] });
});

test('a single real server that Piranha cannot hold stands on #@ lines inside a plain virtual server', () => {
  const servers = [
    { ...defaultServer('rs1'), address: '192.0.2.21' },
    { ...defaultServer('rs2'), address: '2001:db8::21', forwarding: 'tunnel' as const },
  ];
  const config = { ...emptyConfig(), virtualServers: [{ ...defaultVirtual('web'), servers }] };
  const text = formatConfig(config);
  expect(text.slice(text.indexOf('     server'))).toMatchInlineSnapshot(`
    "     server rs1 {
             address = 192.0.2.21
             active = 0
             weight = 1
         }
         #@ server rs2 {
             #@ address = 2001:db8::21
             #@ active = 0
             #@ weight = 1
             #@ forwarding = tunnel
         #@ }
    }
    "
  `);
  expect(parseConfig(text)).toMatchObject({ config, diagnostics: [] });
});
