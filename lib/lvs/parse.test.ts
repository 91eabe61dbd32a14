import { describe, expect, test } from 'vitest';
import { formatConfig } from './format.ts';
import { toPiranhaJson } from './json.ts';
import { parseConfig } from './parse.ts';
import { placeOf } from './positions.ts';

/** Faults as `line:column+length code`. */
const faults = (...lines: readonly string[]): string[] =>
  parseConfig(lines.join('\n')).diagnostics.map(
    ({ line, column, length, code }) => `${line}:${column}+${length} ${code}`,
  );

const virtualOf = (...lines: readonly string[]) =>
  parseConfig(['virtual web {', ...lines, '}'].join('\n')).config.virtualServers[0];

describe('lines', () => {
  const text = ['keepalive = 3', '# note', 'deadtime = 9', 'virtual web {', 'port = 443', '}', ''].join('\n');

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('end with %s', (_, end) => {
    const { config, diagnostics } = parseConfig(text.replaceAll('\n', end));
    expect(diagnostics).toEqual([]);
    expect(config).toEqual(parseConfig(text).config);
    expect(config.virtualServers[0]?.port).toBe(443);
  });

  test('need no end at the last line', () => {
    expect(parseConfig('keepalive = 3').config.global.keepaliveSeconds).toBe(3);
  });

  test('an empty file is refused, a file of comments is not', () => {
    expect(faults('')).toEqual(['1:1+0 empty-file']);
    expect(faults('# nothing', '')).toEqual([]);
  });

  test('behind a NUL character are not read, as in Piranha, and that is said', () => {
    expect(faults('keepalive = 3', 'dead\0time = 9', 'nonsense')).toEqual([
      '2:1+4 unknown-directive',
      '2:5+1 nul-character',
    ]);
  });

  test('a byte order mark is passed over with a hint', () => {
    expect(faults('\uFEFFkeepalive = 3')).toEqual(['1:1+0 byte-order-mark']);
  });
});

describe('tokens', () => {
  test.each([
    ['"abc"', '"abc"'],
    ['"abc"  \t', '"abc"'],
    ['"a b c"', '"a b c"'],
    ['"a b" ', '"a b"'],
    ["'x y'", "'x y'"],
    ['""', '""'],
    ['"\\"hi\\" x"', '"\\"hi\\" x"'],
    ['"a\\"b"', '"a\\"b"'],
    ['GET', 'GET'],
    ['it"s', 'it"s'],
    ['"GET" /x"', '"GET" /x"'],
  ])('send = %s is read as %s', (written, raw) => {
    expect(faults('virtual web {', `send = ${written}`, '}')).toEqual([]);
    expect(virtualOf(`send = ${written}`)?.send).toBe(raw);
  });

  test.each([
    ['"abc', '2:8+1 unclosed-quote'],
    ['"', '2:8+1 unclosed-quote'],
    ['"say "hi" x"', '2:14+6 too-many-values'],
    ['a b', '2:10+1 too-many-values'],
    ['"a" # note', '2:12+6 too-many-values'],
  ])('send = %s is refused', (written, fault) => {
    expect(faults('virtual web {', `send = ${written}`, '}')).toEqual([fault]);
  });

  test('quoted directive names, equal signs and braces count as bare ones', () => {
    expect(faults('"keepalive" "=" "3"', 'virtual "my shop" {', '"}"')).toEqual([]);
  });

  test('two quoted words stand side by side', () => {
    expect(virtualOf('address = "192.0.2.100" "eth0:1"')?.vip).toEqual({
      address: '192.0.2.100',
      device: 'eth0:1',
    });
  });

  test.each([
    ['010', 8],
    ['0x1f', 31],
    ['""', 0],
    ['-3', -3],
    ['+4', 4],
  ])('the number %s is %d', (written, value) => {
    expect(parseConfig(`keepalive = ${written}`).config.global.keepaliveSeconds).toBe(value);
  });
});

describe('faults', () => {
  test.each([
    ['keepalve = 3', '1:1+8 unknown-directive'],
    ['keepalive=3', '1:1+11 equal-glued'],
    ['keepalive =3', '1:11+2 equal-glued'],
    ['keepalive 3', '1:10+1 equal-expected'],
    ['keepalive', '1:10+1 equal-expected'],
    ['keepalive =', '1:12+1 missing-value'],
    ['keepalive = 3 s', '1:15+1 too-many-values'],
    ['keepalive = 3s', '1:13+2 invalid-value'],
    ['backup_active = yes', '1:17+3 invalid-value'],
    ['primary = 300.1.1.1', '1:11+9 invalid-value'],
    ['nat_router = 10.11.12.254', '1:26+1 missing-value'],
    ['preempt = 0', '1:1+7 shoal-directive-plain'],
    ['reservation_conflict_action = fight', '1:31+5 invalid-value'],
    ['}', '1:1+1 stray-closing-brace'],
    ['scheduler = rr', '1:1+9 unknown-directive'],
  ])('%s', (line, fault) => {
    expect(faults(line)).toEqual([fault]);
  });

  test.each([
    [['virtual web{', '}'], '1:12+1 brace-missing'],
    [['virtual web', '{', '}'], '1:12+1 brace-missing'],
    [['virtual {', '}'], '1:8+1 block-name-missing'],
    [['virtual', '}'], '1:8+1 block-name-missing'],
    [['virtual{', '}'], '1:8+1 block-name-missing'],
    [['virtual a b {', '}'], '1:11+1 block-extra-words'],
    [['virtual a { x', '}'], '1:13+1 block-extra-words'],
    [['virtual "" {', '}'], '1:9+2 block-name-unholdable'],
    [['virtual a {', 'server rs1 {', 'port = http', '}', '}'], '3:8+4 invalid-value'],
    [['virtual a {', 'port = 1', '} # end'], '3:3+5 text-after-brace'],
    [['virtual a {', 'port = 1'], '1:1+11 unclosed-block'],
    [['server rs1 {', 'address = 1', 'nonsense', '}', 'keepalive = 3'], '1:1+6 unknown-directive'],
    [['virtual a {', 'port = 1', 'virtual b {', '}'], '3:1+7 block-inside-block'],
    [['virtual a {', 'server x {', 'server y {', '}', '}'], '3:1+6 block-inside-block'],
    [['virtual a {', 'pmask = none', '}'], '2:9+4 ignored-value'],
    [['keepalive = 3', 'keepalive = 4'], '2:13+1 duplicate-directive'],
  ])('%j', (lines, fault) => {
    expect(faults(...lines)).toEqual([fault]);
  });

  test('of one file are all reported, each on its line', () => {
    expect(
      faults(
        'keepalve = 3',
        'virtual web {',
        'port = abc',
        'server rs {',
        'weigth = 3',
        '}',
        'x',
        '}',
        'y = 1',
      ),
    ).toEqual([
      '1:1+8 unknown-directive',
      '3:8+3 invalid-value',
      '5:1+6 unknown-directive',
      '7:1+1 unknown-directive',
      '9:1+1 unknown-directive',
    ]);
  });

  test('name the word that was probably meant, or the level where it belongs', () => {
    const hint = (text: string) => parseConfig(text).diagnostics[0]?.hint;
    expect(hint('keepalve = 3')).toBe('Did you mean "keepalive"?');
    expect(hint('virtaul web {\n}')).toBe('Did you mean "virtual"?');
    expect(hint('network = natt')).toBe('Did you mean "nat"?');
    expect(hint('scheduler = rr')).toBe('It belongs inside a virtual or failover block.');
    expect(hint('zebra = 1')).toMatch(/^Remove the line/);
  });

  test('say what was found, where, and what was expected', () => {
    const [diagnostic] = parseConfig(
      'virtual web {\nport = 99999999999999999999\nscheduler = abc\n}',
    ).diagnostics;
    expect(diagnostic?.message).toBe(
      'port in virtual server "web": "99999999999999999999" is too large a number; expected a port from 0 to 65535 or a service name such as http',
    );
    expect(diagnostic?.path).toEqual(['virtualServers', 0, 'port']);
  });

  test('quote no more than a piece of a long text', () => {
    const message = parseConfig(`keepalive = ${'x'.repeat(5000)}`).diagnostics[0]?.message ?? '';
    expect(message.length).toBeLessThan(200);
  });
});

describe('duplicates', () => {
  test('the last value counts', () => {
    expect(parseConfig('keepalive = 3\nkeepalive = 4').config.global.keepaliveSeconds).toBe(4);
  });

  test('blocks of one name are blocks of their own', () => {
    const { config } = parseConfig('virtual a {\n}\nvirtual a {\n}');
    expect(config.virtualServers.map(({ name }) => name)).toEqual(['a', 'a']);
  });
});

describe('the port of a real server', () => {
  const ports = (...lines: readonly string[]) => virtualOf(...lines)?.servers.map(({ port }) => port);
  const server = (name: string, ...lines: readonly string[]) => [`server ${name} {`, ...lines, '}'];

  test('is what the virtual server had when the block opened', () => {
    const lines = [...server('a'), 'port = 443', ...server('b'), ...server('c', 'port = 8443')];
    expect(ports(...lines)).toEqual([80, null, 8443]);
    const { config } = parseConfig(['virtual web {', ...lines, '}'].join('\n'));
    expect(toPiranhaJson(config).virtual).toMatchObject([
      { port: 443, servers: [{ port: 80 }, { port: 443 }, { port: 8443 }] },
    ]);
  });
});

describe('the private addresses', () => {
  const json = (...lines: readonly string[]) => toPiranhaJson(parseConfig(lines.join('\n')).config);

  test('are the public ones without primary_private, even when backup_private is given', () => {
    const lines = ['primary = 192.0.2.11', 'backup = 192.0.2.12', 'backup_private = 10.11.12.2'];
    expect(json(...lines)).toMatchObject({ primary_private: '192.0.2.11', backup_private: '192.0.2.12' });
    expect(parseConfig(lines.join('\n')).config.global.backupPrivateAddress).toBe('10.11.12.2');
  });

  test('stay as they are with primary_private', () => {
    expect(json('primary = 192.0.2.11', 'primary_private = 10.11.12.1', 'backup = 192.0.2.12')).toMatchObject(
      {
        primary_private: '10.11.12.1',
        backup_private: null,
      },
    );
  });
});

describe('lines that begin with #@', () => {
  test('overrule the plain line, wherever they stand', () => {
    expect(virtualOf('scheduler = wlc', '#@ scheduler = mh')?.scheduler).toBe('mh');
    expect(virtualOf('#@ scheduler = mh', 'scheduler = wlc')?.scheduler).toBe('mh');
    expect(faults('virtual web {', 'scheduler = wlc', '#@ scheduler = mh', '}')).toEqual([]);
  });

  test('carry the directives of Shoal', () => {
    expect(parseConfig('#@ keepalive_ms = 100\n#@preempt = 0').config.global).toMatchObject({
      keepaliveMilliseconds: 100,
      preempt: false,
    });
  });

  test('have the same faults, on the same places', () => {
    expect(faults('#@ keepalive_ms = soon', '  #@ deadtime_ms 3')).toEqual([
      '1:19+4 invalid-value',
      '2:17+1 equal-expected',
    ]);
  });

  test('make whole blocks', () => {
    const { config, diagnostics } = parseConfig(
      ['#@ virtual v6 {', '#@ port = 443', '#@ server a {', '#@ weight = 3', '#@ }', '#@ }'].join('\n'),
    );
    expect(diagnostics).toEqual([]);
    expect(config.virtualServers).toMatchObject([
      { name: 'v6', port: 443, servers: [{ name: 'a', weight: 3 }] },
    ]);
  });

  test('are kept with a warning when they are not known, blocks as a whole', () => {
    const lines = ['#@ later = "a b"', '#@ zz_check x {', '#@   path = /', '#@ }', 'keepalive = 3'];
    const { config } = parseConfig(lines.join('\n'));
    expect(config.unknown).toEqual(['later = "a b"', 'zz_check x {', 'path = /', '}']);
    expect(config.global.keepaliveSeconds).toBe(3);
    expect(faults(...lines)).toEqual(['1:4+5 unknown-shoal-directive', '2:4+8 unknown-shoal-directive']);
    expect(formatConfig(config)).toContain('#@ zz_check x {\n#@ path = /\n#@ }\n');
  });

  test('left open at the end of a block are closed, and that is said', () => {
    const { config } = parseConfig('virtual a {\n#@ zz_check x {\n}\nkeepalive = 3');
    expect(config.virtualServers[0]?.unknown).toEqual(['zz_check x {', '}']);
    expect(faults('virtual a {', '#@ zz_check x {', '}')).toEqual([
      '1:1+11 unclosed-block',
      '2:4+8 unknown-shoal-directive',
    ]);
  });

  test('hold what only Shoal knows; on a plain line that is a fault that says how to write it', () => {
    expect(faults('virtual a {', 'scheduler = mh', 'protocol = sctp', '}')).toEqual([
      '2:13+2 shoal-value-plain',
      '3:12+4 shoal-value-plain',
    ]);
    const [scheduler, protocol] = parseConfig('virtual a {\nscheduler = mh\nprotocol = sctp\n}').diagnostics;
    expect(scheduler?.hint).toBe('Write it as a line that begins with "#@ scheduler = mh".');
    expect(protocol?.hint).toContain('Begin every line of this block with "#@"');
    expect(faults('virtual a {', 'address = 2001:db8::1 eth0', '}')).toEqual(['2:11+16 shoal-value-plain']);
    expect(faults('#@ virtual a {', '#@ address = 2001:db8::1 eth0', '#@ }')).toEqual([]);
  });

  test('and plain lines do not mix within a block', () => {
    expect(faults('#@ virtual a {', 'port = 80', '#@ }')).toEqual(['2:1+4 plain-line-in-shoal-block']);
    expect(faults('virtual a {', '#@ }', '}')).toEqual(['2:4+1 shoal-line-closes-plain-block']);
    expect(faults('virtual a {', '#@ server b {', '}', 'keepalive = 3')).toEqual([
      '3:1+1 plain-line-in-shoal-block',
    ]);
  });
});

describe('comments', () => {
  test('belong to the head of the file or to the block that follows at once', () => {
    const { config } = parseConfig(
      [
        '# head',
        '',
        '# about web',
        'virtual web {',
        '# inside',
        'port = 1',
        '  # of rs',
        'server rs {',
        '}',
        '}',
        '# end',
      ].join('\n'),
    );
    expect(config.comments).toEqual(['# head', '# end']);
    expect(config.virtualServers[0]?.comments).toEqual(['# about web', '# inside']);
    expect(config.virtualServers[0]?.servers[0]?.comments).toEqual(['# of rs']);
  });
});

describe('positions', () => {
  const positions = parseConfig(
    'keepalive = 3\nvirtual web {\n  address = 192.0.2.100 eth0:1\n}',
  ).positions();

  test('lead from a path to its value', () => {
    expect(placeOf(positions, ['global', 'keepaliveSeconds'])).toEqual({ line: 1, column: 13, length: 1 });
    expect(placeOf(positions, ['virtualServers', 0, 'vip'])).toEqual({ line: 3, column: 13, length: 18 });
  });

  test('lead to the block when the value is absent, to the first line at last', () => {
    expect(placeOf(positions, ['virtualServers', 0, 'port'])).toEqual({ line: 2, column: 1, length: 13 });
    expect(placeOf(positions, ['global', 'primaryAddress'])).toMatchObject({ line: 1, column: 1 });
  });
});

describe('a line that stands in many blocks', () => {
  const block = (name: string, ...lines: string[]) =>
    [`virtual ${name} {`, ...lines, '}'].map((line) => `${line}\n`).join('');

  test('says the same in each, on the line where it stands', () => {
    const read = parseConfig(
      block('a', 'port = 81', 'quiesce_server = 1') + block('b', '# kept', 'port = 81', 'port = 81'),
    );
    expect(read.config.virtualServers.map(({ port, comments }) => [port, comments])).toEqual([
      [81, []],
      [81, ['# kept']],
    ]);
    expect(read.diagnostics).toMatchObject([{ code: 'duplicate-directive', line: 8 }]);
    expect(placeOf(read.positions(), ['virtualServers', 1, 'port'])).toEqual({
      line: 8,
      column: 8,
      length: 2,
    });
  });

  test('says nothing inside a block that nobody knows, or inside one of a `#@` head', () => {
    const read = parseConfig(
      `${block('a', 'port = 81')}${block('b', 'nonsense x {', 'port = 81', '}')}#@ virtual c {\nport = 81\n#@ }\n`,
    );
    expect(read.config.virtualServers.map(({ port }) => port)).toEqual([81, 80, 80]);
    expect(read.diagnostics.map(({ code }) => code)).toEqual([
      'unknown-directive',
      'plain-line-in-shoal-block',
    ]);
  });
});
