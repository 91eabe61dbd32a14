/** Everything that doctor can find, from facts alone. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/lvs/parse.ts';
import { exampleText } from '../../control/test-router.ts';
import type { AgentFacts, DoctorFacts } from '../doctor-facts.ts';
import { neededDevices } from '../facts.ts';
import { sentenceOf } from '../judgement.ts';
import type { Program } from '../packages.ts';
import { diagnose, doctorRows } from './all.ts';

const pairText = exampleText({ backup: true });
const answering: Extract<AgentFacts, { state: 'answers' }> = {
  state: 'answers',
  version: '1.2.3',
  hasClusterKey: true,
  problems: [],
  role: 'active',
  overrides: [],
  partner: 'alive',
};
const line = 'restrict,command="/usr/lib/shoal/shoalctl.mjs rpc" ssh-ed25519 AAAA console\n';

type Change = Partial<Omit<DoctorFacts, 'config'>> & { readonly text?: string | null };

/** A router on which all is well, with some of it changed. */
function facts({ text = pairText, ...change }: Change = {}): DoctorFacts {
  const config = text === null ? null : parseConfig(text).config;
  return {
    packages: 'apt',
    programs: new Set<Program>(['ipvsadm', 'ip', 'arping', 'ndptool', 'nft', 'sshd', 'node']),
    kernelRelease: '6.1.0',
    hasIpvsTable: true,
    modules: new Map(),
    settings: new Map([['net/ipv4/ip_forward', '1']]),
    devices: new Set(config === null ? [] : neededDevices(config)),
    config,
    isRoot: true,
    platform: 'linux',
    nodeVersion: '18.19.0',
    version: '1.2.3',
    arping: 'iputils',
    configPath: '/etc/sysconfig/ha/lvs.cf',
    file: { state: 'read', errors: 0, warnings: 0, first: null },
    addresses: [{ address: '192.0.2.11', prefix: 24, device: 'eth0' }],
    agent: answering,
    install: { hasProgram: true, hasSystemd: true, hasUnit: true, startsAtBoot: true },
    state: {
      folder: '/var/lib/shoal',
      exists: true,
      isWritable: true,
      freeBytes: 1e9,
      keyMode: 0o600,
    },
    console: {
      hasUser: true,
      authorizedKeys: line,
      programs: new Set(['/usr/lib/shoal/shoalctl.mjs']),
      listens: true,
      sshdConfig: '',
    },
    udpPorts: new Set([539]),
    rivals: [],
    closedChains: [],
    defaultDevice: 'eth0',
    ...change,
  };
}

const found = (change: Change): string[] =>
  diagnose(facts(change)).flatMap((finding) =>
    finding.level === 'ok' ? [] : [`${finding.level} ${finding.id}: ${sentenceOf(finding)}`],
  );

it('a router on which all is well is told nothing else', () => {
  expect(found({})).toEqual([]);
  expect(diagnose(facts()).length).toBeGreaterThan(15);
});

it('each row has a name of its own', () => {
  const ids = doctorRows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('what is found stands together by its topic', () => {
  const topics = diagnose(facts()).map(({ topic }) => topic);
  expect(topics).toEqual([...topics].sort((a, b) => topics.indexOf(a) - topics.indexOf(b)));
});

it('a machine without Linux is told that alone', () => {
  expect(found({ platform: 'darwin', hasIpvsTable: false, programs: new Set() })).toEqual([
    expect.stringMatching(/^error linux: This is darwin/),
  ]);
});

type Case = readonly [what: string, change: Change, ...expected: string[]];
const cases: readonly Case[] = [
  ['Node.js is too old', { nodeVersion: '16.20.0' }, 'error node: .*18 or newer.*apt-get install nodejs$'],
  ['arping is the other one', { arping: 'other' }, 'warning arping-kind: .*apt-get install iputils-arping$'],
  [
    'an administrator disabled a real server and may have forgotten it',
    {
      agent: {
        ...answering,
        overrides: [
          {
            virtualServer: 'web',
            realServer: 'rs1',
            text: 'disabled by alice since 2024-01-01T00:00:00.000Z',
            endedBy: 'enable web rs1',
          },
        ],
      },
    },
    'hint overrides: rs1 of web: disabled by alice since .*shoalctl enable web rs1$',
  ],
  [
    'keepalived runs too',
    { rivals: ['keepalived'] },
    'warning rivals: keepalived runs .*systemctl disable --now keepalived$',
  ],
  [
    'Piranha runs too, as three programs',
    { rivals: ['pulse', 'lvsd', 'nanny'] },
    'warning rivals: Piranha runs .*systemctl disable --now pulse$',
  ],
  [
    'the agent is not installed',
    {
      agent: { state: 'absent' },
      install: { hasProgram: false, hasSystemd: true, hasUnit: false, startsAtBoot: false },
      udpPorts: new Set(),
    },
    'error agent-installed: The agent is not installed; .*sh install.sh$',
  ],
  [
    'the agent runs from another place',
    { install: { hasProgram: false, hasSystemd: false, hasUnit: false, startsAtBoot: false } },
    'hint agent-installed: .*not in /usr/lib/shoal',
  ],
  [
    'the service is not installed',
    { install: { hasProgram: true, hasSystemd: true, hasUnit: false, startsAtBoot: false } },
    'error agent-installed: The service .*sh install.sh$',
  ],
  [
    'the agent does not run',
    { agent: { state: 'absent' }, udpPorts: new Set() },
    'error agent-runs: The agent does not run; .*: systemctl start shoal-agent$',
  ],
  [
    'the agent may not be asked',
    { agent: { state: 'forbidden' }, isRoot: false },
    'unknown agent-runs: .*group shoal.*sudo shoalctl doctor$',
  ],
  [
    'what answers is not understood',
    { agent: { state: 'strange', message: 'It speaks protocol 9' } },
    'error agent-runs: .*It speaks protocol 9.*',
  ],
  [
    'the agent does not start at boot',
    { install: { hasProgram: true, hasSystemd: true, hasUnit: true, startsAtBoot: false } },
    'warning agent-at-boot: .*systemctl enable shoal-agent$',
  ],
  [
    'the agent that runs is older than shoalctl',
    { agent: { ...answering, version: '1.0.0' } },
    'warning agent-version: .*1\\.0\\.0.*1\\.2\\.3.*SIGUSR2 shoal-agent$',
  ],
  ['the router was stopped', { agent: { ...answering, role: 'stopped' } }, 'hint stopped: .*shoalctl start$'],
  [
    'the agent says what doctor cannot see',
    { agent: { ...answering, problems: ['The table cannot be set'] } },
    'warning agent-problem: The agent says: The table cannot be set$',
  ],
  [
    'there is no configuration',
    { text: null, file: { state: 'missing' } },
    'warning lvs-cf: .*shoalctl apply FILE$',
  ],
  [
    'the configuration cannot be read',
    { text: null, file: { state: 'unreadable', reason: 'EACCES' } },
    'error lvs-cf: .*EACCES.*ls -l /etc/sysconfig/ha/lvs.cf$',
  ],
  [
    'the configuration has faults while the agent runs the last good one',
    { file: { state: 'read', errors: 2, warnings: 0, first: 'line 3: A port' } },
    'warning lvs-cf: .*2 errors.*line 3: A port.*shoalctl check /etc/sysconfig/ha/lvs.cf$',
  ],
  [
    'the configuration has a fault and no agent runs',
    {
      text: null,
      agent: { state: 'forbidden' },
      file: { state: 'read', errors: 1, warnings: 0, first: 'line 3: A port' },
    },
    'error lvs-cf: .*an error and no agent starts.*',
    'unknown agent-runs: ',
  ],
  [
    'the router is not in the configuration',
    { addresses: [{ address: '192.0.2.77', prefix: 24, device: 'eth0' }] },
    'error identity: .*192\\.0\\.2\\.77.*set "primary" or "backup".*',
  ],
  [
    'the state cannot be written',
    { state: { ...facts().state, isWritable: false } },
    'error state-folder: .*findmnt -T /var/lib/shoal$',
  ],
  [
    'the disk is full',
    { state: { ...facts().state, freeBytes: 4096 } },
    'error state-folder: .*4 KiB left.*df -h',
  ],
  [
    'a plain user cannot see whether it can be written',
    { state: { ...facts().state, isWritable: null } },
    'unknown state-folder: .*for root',
  ],
  [
    'others may read the cluster key',
    { state: { ...facts().state, keyMode: 0o644 } },
    'warning cluster-key: .*chmod 600 /var/lib/shoal/cluster-key.json$',
  ],
  [
    'there is no cluster key',
    { agent: { ...answering, hasClusterKey: false } },
    'warning cluster-key: There is no cluster key.*from the console$',
  ],
  [
    'another program holds the heartbeat port',
    { agent: { state: 'absent' } },
    "error heartbeat-port: .*UDP port 539.*ss -ulpn 'sport = :539'$",
    'error agent-runs: ',
  ],
  [
    'the partner was never heard',
    { agent: { ...answering, partner: 'never-heard' } },
    'warning partner: The partner 192\\.0\\.2\\.12 was never heard.*tcpdump -ni any udp port 539$',
  ],
  [
    'the partner has fallen silent',
    { agent: { ...answering, partner: 'silent' } },
    'warning partner: The partner 192\\.0\\.2\\.12 has fallen silent',
  ],
  [
    'the firewall is closed',
    { closedChains: [{ family: 'inet', table: 'filter', chain: 'input' }] },
    'hint firewall: .*UDP 539.*nft list chain inet filter input$',
  ],
  [
    'a VIP stands on lo',
    {
      addresses: [
        { address: '192.0.2.11', prefix: 24, device: 'eth0' },
        { address: '192.0.2.100', prefix: 32, device: 'lo' },
      ],
    },
    'warning loopback: .*ip addr del 192\\.0\\.2\\.100/32 dev lo$',
  ],
  [
    'nft is missing in a pair that marks nothing',
    { programs: new Set<Program>(['ipvsadm', 'ip', 'arping', 'sshd']) },
    'warning nft: .*cuts off requests.*nftables$',
  ],
  [
    'sshd is missing',
    { programs: new Set<Program>(['ipvsadm', 'ip', 'arping', 'nft']) },
    'warning sshd: .*openssh-server$',
  ],
  ['sshd does not listen', { console: { ...facts().console, listens: false } }, 'hint sshd: .*ss -tlpn$'],
  [
    'no console is enrolled',
    { console: { ...facts().console, authorizedKeys: null } },
    "hint forced-command: No console .*shoalctl enrol 'ssh-ed25519",
  ],
  [
    'a key of the console may do anything',
    { console: { ...facts().console, authorizedKeys: `${line}ssh-ed25519 AAAA somebody\n` } },
    'warning forced-command: .*more than speak to the agent',
  ],
  [
    'the forced command is gone',
    { console: { ...facts().console, programs: new Set() } },
    'warning forced-command: .*/usr/lib/shoal/shoalctl.mjs, which is not there',
  ],
  [
    'sshd lets only others in',
    { console: { ...facts().console, sshdConfig: 'AllowUsers admin\n' } },
    'warning sshd-users: .*AllowUsers.*systemctl reload ssh$',
  ],
  [
    'VIPs are apart from the default route and the filter is strict',
    {
      defaultDevice: 'eth9',
      settings: new Map([
        ['net/ipv4/ip_forward', '1'],
        ['net/ipv4/conf/all/rp_filter', '1'],
      ]),
    },
    'hint reverse-path: .*sysctl -w net\\.ipv4\\.conf\\.eth0\\.rp_filter=2$',
  ],
  [
    'NAT in one network sends redirects',
    {
      text: pairText.replace('eth1:1', 'eth0:2'),
      settings: new Map([
        ['net/ipv4/ip_forward', '1'],
        ['net/ipv4/conf/all/send_redirects', '1'],
      ]),
    },
    'hint redirects: .*sysctl -w net\\.ipv4\\.conf\\.all\\.send_redirects=0$',
  ],
];

describe('says, with the command that mends it, that', () => {
  const named = cases.map(([what, change, ...expected]) => ({ what, change, expected }));
  it.each(named)('$what', ({ change, expected }) => {
    expect(found(change)).toEqual(expected.map((each) => expect.stringMatching(new RegExp(`^${each}`))));
  });
});

it("what doctor sees itself is not told again in the agent's name", () => {
  const problem = 'ipvsadm is missing; install it: apt-get install ipvsadm';
  const programs = new Set<Program>(['ip', 'arping', 'nft', 'sshd']);
  expect(found({ programs, agent: { ...answering, problems: [problem] } })).toEqual([
    `error ipvsadm: ${problem}`,
  ]);
});

it('a router without a partner needs neither key nor heartbeat port', () => {
  const text = exampleText();
  expect(found({ text, agent: { ...answering, hasClusterKey: false, partner: 'none' } })).toEqual([]);
  expect(found({ text, agent: { state: 'forbidden' }, isRoot: true })).toHaveLength(1);
});

it('users and groups that sshd names let the console in when shoal is among them', () => {
  const withConfig = (sshdConfig: string) => found({ console: { ...facts().console, sshdConfig } });
  expect(withConfig('AllowUsers admin shoal@192.0.2.5\n#AllowGroups admin\n')).toEqual([]);
  expect(withConfig('DenyUsers shoal\n')).toHaveLength(1);
  expect(withConfig('allowgroups wheel\n')).toHaveLength(1);
});
