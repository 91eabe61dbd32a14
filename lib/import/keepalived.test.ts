/** Rules of reading keepalived.conf that one golden file cannot show: lines, definitions, inheritance, roles. */
import { describe, expect, test } from 'vitest';
import { readKeepalived } from './keepalived.ts';
import type { ImportOptions } from './result.ts';

const service = (inside: string, server = ''): string =>
  `virtual_server 192.0.2.100 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n${inside}\nreal_server 192.0.2.21 80 {\n${server}\n}\n}\n`;

const virtualOf = (text: string, options?: ImportOptions) =>
  readKeepalived(text, options).config.virtualServers[0];

const codes = (text: string, options?: ImportOptions) =>
  readKeepalived(text, options)
    .diagnostics.filter(({ path }) => path === undefined)
    .map(({ code }) => code);

const leftCodes = (text: string) => readKeepalived(text).notCarried.map(({ code }) => code);

describe('lines', () => {
  test.each([
    ['a # b', 'a'],
    ['"a # b"', 'a # b'],
    ['"a!"! b', 'a!'],
    ["'a", "'a"],
  ])('snmp_name %s is %s', (written, name) => {
    expect(virtualOf(service(`snmp_name ${written}`))?.name).toBe(name);
  });

  test('may end with CR LF or CR', () => {
    const text = service('delay_loop 7', 'weight 4');
    for (const end of ['\r\n', '\r'])
      expect(readKeepalived(text.replaceAll('\n', end)).config).toEqual(readKeepalived(text).config);
  });

  test('may hold several blocks, and a brace may stand on the next one', () => {
    const text =
      'virtual_server 192.0.2.100 80\n\n{ lvs_sched rr protocol\n protocol TCP } virtual_server 192.0.2.101 80 { protocol TCP\n}';
    expect(readKeepalived(text).config.virtualServers.map(({ name }) => name)).toEqual([
      '192.0.2.100:80',
      '192.0.2.101:80',
    ]);
  });
});

describe('definitions', () => {
  test('are put in where they stand before a blank, and everywhere with braces', () => {
    const text = `$NET=192.0.2\n$IP=\${NET}.21\n$W=7\n${service('', 'weight $W').replace('192.0.2.21', '$IP')}`;
    expect(virtualOf(text)?.servers[0]).toMatchObject({ address: '192.0.2.21', weight: 7 });
  });

  test('keep the place of the line that uses them', () => {
    const text = `$W=70000000\n${service('', '   weight $W')}`;
    expect(readKeepalived(text).diagnostics.find(({ code }) => code === 'value-wrong')).toMatchObject({
      line: 8,
      column: 4,
      length: 9,
    });
  });

  test('that contain each other end in a fault, not in a large text', () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `$A${i + 1}=\${A${i}}\${A${i}}`).join('\n');
    expect(codes(`$A0=x\n${doubling}\nrouter $A60\n`)).toContain('substitution-too-long');
  });

  test.each(['constructor', '__proto__', 'toString'])('%s is no definition', (name) => {
    expect(codes(`weight \${${name}}\n`)).toEqual([
      ...(name.startsWith('_') ? [] : ['variable-unknown']),
      'keyword-unknown',
    ]);
  });
});

describe('conditions', () => {
  const text = service('@lb1 delay_loop 3\n@^lb1 delay_loop 9', 'TCP_CHECK {\n}');

  test.each([
    ['lb1', 3],
    ['lb2', 9],
  ])('of router %s count when its config-id is given', (configId, seconds) => {
    expect(virtualOf(text, { configId })?.checkSeconds).toBe(seconds);
    expect(readKeepalived(text, { configId }).notCarried.map(({ code }) => code)).not.toContain(
      'conditional-line',
    );
  });

  test('are left behind otherwise', () => {
    expect(virtualOf(text)?.checkSeconds).not.toBe(3);
    expect(leftCodes(text).filter((code) => code === 'conditional-line')).toHaveLength(2);
  });
});

describe('times', () => {
  const times = (outside: string, inside: string, check: string, kind = 'TCP_CHECK') => {
    const virtual = virtualOf(service(outside, `${inside}\n${kind} {\n${check}\n}`));
    return [
      virtual?.checkSeconds,
      virtual?.checkIntervalMilliseconds,
      virtual?.checkLimitMilliseconds,
      virtual?.fall,
    ];
  };

  test('are those of keepalived when none is given', () => {
    expect(times('', '', '')).toEqual([60, null, 5000, 2]);
    expect(times('', '', '', 'DNS_CHECK')).toEqual([60, null, 5000, 4]);
    expect(times('', '', 'misc_path /bin/true', 'MISC_CHECK')).toEqual([60, null, null, 1]);
  });

  test('come from outside inwards, also from below', () => {
    expect(times('delay_loop 8\nretry 4', '', '')).toEqual([8, null, 5000, 5]);
    expect(times('delay_loop 8', 'delay_loop 9', 'retry 0')).toEqual([9, null, 5000, 1]);
    const below = `${service('', 'TCP_CHECK {\n}\nconnect_timeout 2').slice(0, -2)}delay_loop 0.5\n}\n`;
    expect(virtualOf(below)).toMatchObject({ checkIntervalMilliseconds: 500, checkLimitMilliseconds: 2000 });
  });

  test('one good answer brings a server back at its full weight', () => {
    expect(virtualOf(service('', 'TCP_CHECK {\n}'))).toMatchObject({ rise: 1, slowStartSeconds: 0 });
  });

  test('a retry at the interval itself needs no remark', () => {
    expect(leftCodes(service('', 'TCP_CHECK {\nretry 2\ndelay_before_retry 60\n}'))).not.toContain(
      'retry-delay',
    );
    expect(leftCodes(service('', 'TCP_CHECK {\nretry 2\n}'))).toContain('retry-delay');
  });
});

describe('checks', () => {
  const web = (url: string) => virtualOf(service('', `HTTP_GET {\nurl {\n${url}\n}\n}`));

  test('an expression without metacharacters is a text', () => {
    expect(web('regex "all good"')).toMatchObject({ httpBody: 'all good', httpBodyIsRegex: false });
    expect(web('regex "1\\\\.0"')).toMatchObject({ httpBody: '1.0', httpBodyIsRegex: false });
    expect(web('regex "up|ok"')).toMatchObject({ httpBody: 'up|ok', httpBodyIsRegex: true });
    expect(web('regex "\\\\d"')?.httpBody).toBeNull();
  });

  test('the host name comes from url, checker, real server, virtual server, in this order', () => {
    const text = (a: string, b: string, c: string, d: string) =>
      virtualOf(service(d, `${c}\nHTTP_GET {\n${b}\nurl {\n${a}\npath /\n}\n}`))?.httpHost;
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => `virtualhost ${name}`) as [
      string,
      string,
      string,
      string,
    ];
    expect([
      text(a, b, c, d),
      text('', b, c, d),
      text('', '', c, d),
      text('', '', '', d),
      text('', '', '', ''),
    ]).toEqual(['a', 'b', 'c', 'd', null]);
  });

  test('a program that names its own real server serves all of them', () => {
    const check = 'MISC_CHECK {\nmisc_path "/bin/check 192.0.2.21 80 -x"\n}';
    expect(virtualOf(service('', check))?.sendProgram).toBe('"/bin/check %h %p -x"');
  });

  test('a port that all checks share belongs to the virtual server', () => {
    const server = (address: string, port: number) =>
      `real_server ${address} 80 {\nTCP_CHECK {\nconnect_port ${port}\n}\n}`;
    const shared = virtualOf(service(server('192.0.2.22', 81), 'TCP_CHECK {\nconnect_port 81\n}'));
    expect([shared?.checkPort, ...(shared?.servers ?? []).map(({ checkPort }) => checkPort)]).toEqual([
      81,
      null,
      null,
    ]);
    const apart = virtualOf(service(server('192.0.2.22', 82), 'TCP_CHECK {\nconnect_port 81\n}'));
    expect([apart?.checkPort, ...(apart?.servers ?? []).map(({ checkPort }) => checkPort)]).toEqual([
      null,
      82,
      81,
    ]);
  });
});

describe('the routers', () => {
  const pair = (lines: string) =>
    readKeepalived(
      `vrrp_instance VI {\ninterface eth0\n${lines}\nunicast_src_ip 192.0.2.11\nunicast_peer {\n192.0.2.12\n}\n}`,
    ).config.global;

  test.each([
    ['state MASTER', '192.0.2.11'],
    ['state BACKUP', '192.0.2.12'],
    ['state BACKUP\nnopreempt\npriority 150', '192.0.2.11'],
    ['state BACKUP\nnopreempt\npriority 50', '192.0.2.12'],
    ['priority 101', '192.0.2.11'],
    ['priority 99', '192.0.2.12'],
    ['state BACKUP\nnopreempt', null],
    ['', null],
  ])('%j makes %s the primary', (lines, primary) => {
    expect(pair(lines).primaryAddress).toBe(primary);
    expect(pair(lines).backupAddress).toBe(
      primary === null ? null : primary.endsWith('11') ? '192.0.2.12' : '192.0.2.11',
    );
  });

  test('have a dead time of as many heartbeats as VRRP waits for', () => {
    expect(pair('advert_int 2')).toMatchObject({ keepaliveSeconds: 2, deadtimeSeconds: 6 });
    expect(pair('advert_int 0.2\ndown_timer_adverts 5')).toMatchObject({
      keepaliveMilliseconds: 200,
      deadtimeMilliseconds: 1000,
    });
  });
});

test('many addresses of a group with many real servers end in a fault', () => {
  const group = Array.from({ length: 200 }, (_, i) => `10.${i}.0.0-255 80`).join('\n');
  const servers = Array.from({ length: 20 }, (_, i) => `real_server 192.0.2.${i + 1} 80 {\n}`).join('\n');
  const text = `virtual_server_group all {\n${group}\n}\nvirtual_server group all {\nprotocol TCP\n${servers}\n}\n`;
  expect(codes(text)).toContain('too-many-services');
  expect(readKeepalived(text).config.virtualServers).toEqual([]);
});
