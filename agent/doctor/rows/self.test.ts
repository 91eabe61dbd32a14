/** Rows that the agent and `shoalctl doctor` share. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/lvs/parse.ts';
import { exampleText } from '../../control/test-router.ts';
import { neededDevices, type SelfFacts, settingCommands } from '../facts.ts';
import { examine, sentenceOf } from '../judgement.ts';
import type { PackageManager, Program } from '../packages.ts';
import { balancingRows } from './balancing.ts';
import { selfRows } from './self.ts';

type Change = Partial<Omit<SelfFacts, 'config'>> & { readonly text?: string };

/** A machine that has everything, with some of it changed. */
function facts({ text = exampleText(), ...change }: Change = {}): SelfFacts {
  const { config } = parseConfig(text);
  return {
    packages: 'apt',
    programs: new Set<Program>(['ipvsadm', 'ip', 'arping', 'ndptool', 'nft', 'sshd', 'node']),
    kernelRelease: '6.1.0',
    hasIpvsTable: true,
    modules: new Map([
      ['ip_vs', 'loaded'],
      ['ip_vs_wrr', 'available'],
    ]),
    settings: new Map([
      ['net/ipv4/ip_forward', '1'],
      ['net/ipv6/conf/all/forwarding', '1'],
    ]),
    devices: new Set(neededDevices(config)),
    config,
    ...change,
  };
}

/** What is not fine, as `level sentence`. */
const found = (change: Change, rows = selfRows): string[] =>
  examine(rows, facts(change)).flatMap((finding) =>
    finding.level === 'ok' ? [] : [`${finding.level} ${sentenceOf(finding)}`],
  );
const without = (...missing: Program[]): Set<Program> =>
  new Set((['ipvsadm', 'ip', 'arping', 'ndptool', 'nft'] as const).filter((name) => !missing.includes(name)));
const directText = exampleText()
  .replace('network = nat', 'network = direct')
  .replace(/nat_.*\n/g, '');

it('a machine that has everything is told so, thing by thing', () => {
  const findings = examine(selfRows, facts());
  expect(findings.every(({ level }) => level === 'ok')).toBe(true);
  expect(findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['ipvsadm', 'ip', 'arping', 'ip-vs', 'schedulers', 'interfaces', 'forwarding']),
  );
});

describe('programs', () => {
  it.each<[Program, PackageManager, string]>([
    ['ipvsadm', 'apt', 'error ipvsadm is missing; install it: apt-get install ipvsadm'],
    ['ip', 'apt', 'error ip is missing; install it: apt-get install iproute2'],
    ['ip', 'dnf', 'error ip is missing; install it: dnf install iproute'],
    [
      'arping',
      'apt',
      'warning arping is missing, so a takeover is not announced on the network; install it: apt-get install iputils-arping',
    ],
    [
      'arping',
      'zypper',
      'warning arping is missing, so a takeover is not announced on the network; install it: zypper install iputils',
    ],
  ])('without %s, on a machine with %s: %s', (program, packages, sentence) => {
    expect(found({ programs: without(program), packages })).toEqual([sentence]);
  });

  it('ndptool is needed by IPv6 addresses, and by nothing else', () => {
    const text = exampleText().replace(
      'virtual ',
      '#@ virtual six {\n#@ active = 1\n#@ address = 2001:db8::100 eth0\n#@ server a {\n#@ address = 2001:db8::20\n#@ active = 1\n#@ }\n#@ }\nvirtual ',
    );
    const said = found({ text, programs: without('ndptool') }).filter((each) => each.includes('ndptool'));
    expect(said).toEqual([
      'warning ndptool is missing, so the IPv6 address of virtual server six is announced once, when it is put on, and not again; install it: apt-get install libndp-tools',
    ]);
    expect(found({ programs: without('ndptool') })).toEqual([]);
  });

  it('nft is needed by virtual servers that mark their own ports, and by nobody else', () => {
    const marking = exampleText().replace(
      '  port = 80',
      '  port = 80\n  fwmark = 7\n  #@ mark_ports = [ tcp/80 ]',
    );
    expect(found({ programs: without('nft') })).toEqual([]);
    expect(found({ programs: without('nft'), text: marking })).toEqual([
      'error nft is missing, and virtual server web needs it to mark the packets of its ports; install it: apt-get install nftables',
    ]);
  });
});

describe('the kernel', () => {
  it('whose module is not loaded needs one command; one without the module needs another kernel', () => {
    expect(found({ hasIpvsTable: false, modules: new Map([['ip_vs', 'available']]) })).toEqual([
      'error The kernel has no IPVS table; load the module: modprobe ip_vs',
    ]);
    expect(found({ hasIpvsTable: false, modules: new Map([['ip_vs', 'missing']]) })[0]).toMatch(
      /^error This kernel \(6\.1\.0\) has no module ip_vs.*boot a kernel that has it/,
    );
  });

  it('must have the scheduler of each virtual server; where nobody can tell, nothing is said', () => {
    const judged = (state: 'missing' | 'unknown') => found({ modules: new Map([['ip_vs_wrr', state]]) });
    expect(judged('missing')).toEqual([expect.stringMatching(/^error .*no scheduler wrr .*ip_vs_wrr/)]);
    expect(judged('unknown')).toEqual([]);
  });

  it('helps FTP through NAT, and only there', () => {
    const ftp = (text: string) =>
      found({ text: text.replace('port = 80', 'port = 21'), modules: new Map([['ip_vs_ftp', 'available']]) });
    expect(ftp(exampleText())).toEqual([expect.stringMatching(/^warning .*port 21.*modprobe ip_vs_ftp$/)]);
    expect(ftp(directText)).toEqual([]);
  });
});

describe('the network', () => {
  it('an interface of a VIP that is not there is named with the VIP', () => {
    expect(found({ devices: new Set(['eth1']) })).toEqual([
      'error There is no interface eth0 for 192.0.2.100; name an interface that exists; see: ip link',
    ]);
  });

  it('a word that is no interface name is named with its virtual server', () => {
    expect(found({ text: exampleText().replace('eth0:1', '"eth 0"') })).toEqual([
      expect.stringMatching(/^error "eth 0" of virtual server web is not an interface name/),
    ]);
  });

  it('NAT needs a kernel that forwards; direct routing does not', () => {
    const settings = new Map([['net/ipv4/ip_forward', '0']]);
    expect(found({ settings })).toEqual([
      'error This router does not forward packets, which NAT needs; run: sysctl -w net.ipv4.ip_forward=1',
    ]);
    expect(found({ settings, text: directText })).toEqual([]);
    const oneByNat = directText.replace('    weight = 1', '    weight = 1\n    #@ forwarding = nat');
    expect(found({ settings, text: oneByNat })).toHaveLength(1);
  });

  it('NAT of an IPv6 virtual server needs a kernel that forwards IPv6', () => {
    const six = exampleText({ servers: [['rs1', '2001:db8:1::21', 1]] })
      .replace('virtual web {', '#@ virtual six {')
      .replace(/^( {2}.*|\})$/gm, '#@ $1')
      .replace('192.0.2.100', '2001:db8::100');
    const settings = new Map([
      ['net/ipv4/ip_forward', '1'],
      ['net/ipv6/conf/all/forwarding', '0'],
    ]);
    expect(found({ text: six, settings })).toEqual([
      'error This router does not forward IPv6 packets, which NAT needs; run: sysctl -w net.ipv6.conf.all.forwarding=1',
    ]);
    expect(found({ settings })).toEqual([]);
  });

  it('a router that was told to answer no ARP is not found by anybody', () => {
    const judged = (value: string) => found({ settings: new Map([['net/ipv4/conf/all/arp_ignore', value]]) });
    expect(judged('8')).toEqual(
      ['eth1', 'eth0'].map((device) =>
        expect.stringMatching(`^error ${device} answers no ARP .*arp_ignore=0$`),
      ),
    );
    expect(judged('1')).toEqual([]);
  });
});

describe('what becomes of clients', () => {
  const settings = new Map([
    ['net/ipv4/vs/expire_nodest_conn', '0'],
    ['net/ipv4/vs/expire_quiescent_template', '0'],
  ]);
  const webWith = (line: string): string => exampleText().replace('  port = 80', `  port = 80\n  ${line}`);

  it('with UDP, expire_nodest_conn is worth a hint', () => {
    expect(found({ settings, text: webWith('protocol = udp') }, balancingRows)).toEqual([
      expect.stringMatching(/^hint .*sysctl -w net\.ipv4\.vs\.expire_nodest_conn=1$/),
    ]);
    expect(found({ settings }, balancingRows)).toEqual([]);
  });

  it('with persistence and quiescing, expire_quiescent_template is', () => {
    const text = webWith('persistent = 300\n  quiesce_server = 1');
    expect(found({ settings, text }, balancingRows)).toEqual([
      expect.stringMatching(/^hint .*sysctl -w net\.ipv4\.vs\.expire_quiescent_template=1$/),
    ]);
    expect(found({ settings, text: webWith('persistent = 300') }, balancingRows)).toEqual([]);
  });
});

it('a setting of an interface with a dot in its name is written as sysctl reads it', () => {
  expect(settingCommands('net/ipv4/conf/eth0.7/rp_filter', '2')[0]).toBe(
    'sysctl -w net/ipv4/conf/eth0.7/rp_filter=2',
  );
});

it('without a configuration only the machine itself is judged', () => {
  const findings = examine(selfRows, { ...facts(), config: null });
  expect(new Set(findings.map(({ topic }) => topic))).toEqual(new Set(['programs', 'kernel']));
});
