/**
 * A router's kernel in memory, for tests: it takes the very command lines that the agent runs and answers as ipvsadm
 * 1.31 and iproute2 do, including `-R` going on after a line that the kernel refused.
 */
import { destinationName, type Step, serviceName, tableLines } from '#lib/ipvs/command.ts';
import { applySteps } from '#lib/ipvs/plan.ts';
import { readTable } from '#lib/ipvs/read.ts';
import type { RoutingTable } from '#lib/ipvs/table.ts';
import type { Host } from '../runtime/host.ts';
import type { Exec, ExecResult, Prepare } from '../runtime/types.ts';
import { type PlacedAddress, placeKey } from './addresses.ts';

export interface FakeKernel {
  readonly exec: Exec;
  /** Records the program when it is started, not when it is used. */
  readonly prepare: Prepare;
  readonly host: Host;
  table: RoutingTable;
  addresses: PlacedAddress[];
  /** Those that lead to an address of the router itself for a moment. */
  routes: string[];
  timeouts: readonly [number, number, number];
  syncDaemons: string[];
  /** The agent's table of nftables; null when it is not there. */
  markRules: string | null;
  /** VIPs to which new connections are held back; null when nothing is. */
  held: string | null;
  /** Established connections of each destination. */
  openConnections: number;
  /** Packets that IPVS has passed on. */
  passed: number;
  forwards: boolean;
  /** The same for IPv6. */
  forwards6: boolean;
  hasIpvs: boolean;
  /** Another one after a restart of the machine. */
  bootId: string;
  /** Devices without a carrier, and addresses that answer nobody. */
  readonly linksDown: Set<string>;
  readonly silent: Set<string>;
  /** Exit codes of other programs, by path. */
  readonly failing: Map<string, number>;
  /** Programs that do not end. */
  readonly hanging: Set<string>;
  /** Lines (of ipvsadm or `ip`) that contain this are refused with the message. */
  refuse: { readonly containing: string; readonly message: string } | null;
  /** Asked for each such line: the message that it is refused with, or null. */
  refuses: (line: string) => string | null;
  /** Every command that changed something, or tried to; one line each. */
  readonly changes: string[];
  /** Every program that was run. */
  readonly programs: string[];
  /** Runs lines as somebody else would, without a record. */
  ipvsadm(...lines: string[]): void;
}

const done = (stdout = ''): ExecResult => ({ code: 0, stdout, stderr: '', timedOut: false });
const broken = (code: number, stderr: string): ExecResult => ({ code, stdout: '', stderr, timedOut: false });

export function createFakeKernel(addresses: readonly PlacedAddress[]): FakeKernel {
  const kernel: FakeKernel = {
    table: { services: [] },
    addresses: [...addresses],
    routes: [],
    timeouts: [900, 120, 300],
    syncDaemons: [],
    markRules: null,
    held: null,
    openConnections: 0,
    passed: 0,
    forwards: true,
    forwards6: true,
    hasIpvs: true,
    bootId: 'first',
    linksDown: new Set(),
    silent: new Set(),
    failing: new Map(),
    hanging: new Set(),
    refuse: null,
    refuses: () => null,
    changes: [],
    programs: [],
    async exec(argv, options) {
      kernel.programs.push(argv.join(' '));
      const [program, ...args] = argv;
      if (kernel.hanging.has(program)) return new Promise(() => {});
      if (program === 'ipvsadm' && !kernel.hasIpvs)
        return broken(255, "Can't initialize ipvs: Protocol not available");
      if (program === 'ipvsadm') return runIpvsadm(kernel, args, options?.stdin ?? '');
      if (program === 'ip') return runIp(kernel, args, options?.stdin ?? '');
      if (program === 'nft') return runNft(kernel, args, options?.stdin ?? '');
      const isSilent = program === 'arping' && kernel.silent.has(args.at(-1) ?? '');
      return isSilent ? broken(1, '') : { ...done(), code: kernel.failing.get(program) ?? 0 };
    },
    prepare(argv, firstInput = '') {
      kernel.programs.push(`${argv.join(' ')} (ready)`);
      let isAlive = refusalOf(kernel, firstInput) === null;
      let before = firstInput;
      return {
        isAlive: () => isAlive,
        feed(text) {
          before += text;
          isAlive &&= runIp(kernel, argv.slice(1), text).code === 0;
        },
        run: async (options) => runIp(kernel, argv.slice(1), `${before}${options?.stdin ?? ''}`),
        cancel() {
          isAlive = false;
        },
      };
    },
    host: {
      hostname: 'r1',
      isRoot: true,
      processors: 2,
      readText: async (path) => readFile(kernel, path),
      hasFile: async (path) => readFile(kernel, path) !== null,
      hasProgram: async () => true,
      readTextNow: () => null,
      writeTextNow: () => false,
      localAddresses: () => [...kernel.addresses],
      memoryBytes: () => 50_000_000,
      uptime: () => ({ bootId: kernel.bootId, ms: 0 }),
      sendFirstWord: ({ from }) => kernel.addresses.some(({ address }) => address === from),
    },
    ipvsadm(...lines) {
      for (const line of lines) {
        const step = readStep(line);
        if (step === null) throw new Error(`not a line of ipvsadm: ${line}`);
        kernel.table = applySteps(kernel.table, [step]);
      }
    },
  };
  return kernel;
}

function runIpvsadm(kernel: FakeKernel, args: readonly string[], stdin: string): ExecResult {
  if (!kernel.hasIpvs) return broken(255, "Can't initialize ipvs: Protocol not available");
  const [option = ''] = args;
  if (option === '-Sn') return done(`${tableLines(kernel.table).join('\n')}\n`);
  if (args[1] === '--thresholds') return done(thresholdsText(kernel.table));
  if (option === '-R') return runRestore(kernel, stdin);
  if (args[1] === '--timeout') return done(`Timeout (tcp tcpfin udp): ${kernel.timeouts.join(' ')}\n`);
  if (args[1] === '--daemon') return done(kernel.syncDaemons.map((line) => `${line}\n`).join(''));
  kernel.changes.push(args.join(' '));
  if (option === '--set') {
    const [tcp = 0, fin = 0, udp = 0] = args.slice(1).map(Number);
    const [oldTcp, oldFin, oldUdp] = kernel.timeouts;
    kernel.timeouts = [tcp || oldTcp, fin || oldFin, udp || oldUdp];
  } else if (option === '--start-daemon') {
    kernel.syncDaemons.push(`${args[1]} sync daemon (mcast=${args[3]}, syncid=${args[5]}, maxlen=1460)`);
  } else if (option === '--stop-daemon') {
    kernel.syncDaemons = kernel.syncDaemons.filter((line) => !line.startsWith(args[1] ?? ''));
  }
  return done();
}

/** `ipvsadm -Ln --thresholds`. */
function thresholdsText(table: RoutingTable): string {
  const words = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const;
  const rows = table.services.flatMap(({ key, scheduler, destinations }) => [
    key.kind === 'mark'
      ? `FWM  ${key.mark} ${key.family === 6 ? 'IPv6 ' : ''}${scheduler}`
      : `${words[key.protocol]}  ${destinationName(key)} ${scheduler}`,
    ...destinations.map(
      (item) => `  -> ${destinationName(item)}  ${item.upperThreshold} ${item.lowerThreshold} 0 0`,
    ),
  ]);
  return `${rows.join('\n')}\n`;
}

/** As ipvsadm: complains about each line that fails, goes on, and ends with the code of the last one. */
function runRestore(kernel: FakeKernel, stdin: string): ExecResult {
  const complaints: string[] = [];
  let code = 0;
  for (const line of stdin.split('\n').filter((text) => text !== '')) {
    kernel.changes.push(line);
    const problem = runLine(kernel, line);
    code = problem === null ? 0 : 254;
    if (problem !== null) complaints.push(problem);
  }
  return { code, stdout: '', stderr: complaints.map((text) => `${text}\n`).join(''), timedOut: false };
}

function refusalOf(kernel: FakeKernel, line: string): string | null {
  const { refuse } = kernel;
  return refuse !== null && line.includes(refuse.containing) ? refuse.message : kernel.refuses(line);
}

function runLine(kernel: FakeKernel, line: string): string | null {
  const refusal = refusalOf(kernel, line);
  if (refusal !== null) return refusal;
  const step = readStep(line);
  if (step === null) return `Try ipvsadm -h for help: ${line}`;
  const fault = faultOf(kernel.table, step);
  if (fault === null) kernel.table = applySteps(kernel.table, [step]);
  return fault;
}

/** What the kernel refuses, in ipvsadm's words. */
function faultOf(table: RoutingTable, step: Step): string | null {
  const key = 'service' in step ? step.service.key : step.key;
  const service = table.services.find((item) => serviceName(item.key) === serviceName(key));
  if (step.kind === 'add-service') return service === undefined ? null : 'Service already exists';
  if (service === undefined) return 'No such service';
  if (!('destination' in step)) return null;
  const name = destinationName(step.destination);
  const has = service.destinations.some((item) => destinationName(item) === name);
  if (step.kind === 'add-destination') return has ? 'Destination already exists' : null;
  return has ? null : 'No such destination';
}

/** One line of a batch as a step; the reader of `ipvsadm -Sn` understands its words. */
function readStep(line: string): Step | null {
  const [command = '', ...words] = line.split(' ');
  const at = words.indexOf('-r');
  const named = `-A ${words.slice(0, at === -1 ? undefined : at).join(' ')}`;
  const full = /-s /.test(named) ? named : `${named} -s rr`;
  const destination = at === -1 ? '' : `\n-a ${words.join(' ')}${/ -[mgi]( |$)/.test(line) ? '' : ' -m'}`;
  const service = readTable(`${full}${destination}\n`).services[0];
  if (service === undefined) return null;
  const [first] = service.destinations;
  const { key } = service;
  if (command === '-A' || command === '-E')
    return { kind: command === '-A' ? 'add-service' : 'edit-service', service };
  if (command === '-D') return { kind: 'delete-service', key };
  if (first === undefined) return null;
  const kinds = { '-a': 'add-destination', '-e': 'edit-destination', '-d': 'delete-destination' } as const;
  const kind = Object.entries(kinds).find(([option]) => option === command)?.[1];
  return kind === undefined ? null : { kind, key, destination: first };
}

/** As nft: a file is taken as a whole or not at all. */
function runNft(kernel: FakeKernel, args: readonly string[], stdin: string): ExecResult {
  if (args[0] === 'list') {
    const listed = args.includes('shoal_handover') ? kernel.held : kernel.markRules;
    return listed === null ? broken(1, 'Error: No such file or directory') : done(listed);
  }
  kernel.changes.push('nft -f -');
  const lines = stdin.split('\n');
  const refused = lines.map((line) => refusalOf(kernel, line)).find((message) => message !== null);
  if (refused !== undefined && refused !== null) return broken(1, refused);
  if (stdin.includes('inet shoal_handover')) {
    kernel.held = /add element .*\{ (.*) \}/.exec(stdin)?.[1] ?? null;
    return done();
  }
  const rules = lines.filter((line) => line.startsWith('add rule inet shoal prerouting '));
  kernel.markRules =
    rules.length === 0
      ? null
      : rules.map((line) => `${line.replace('add rule inet shoal prerouting ', '')}\n`).join('');
  return done();
}

function runIp(kernel: FakeKernel, args: readonly string[], stdin: string): ExecResult {
  if (args.includes('addr')) return done(addressJson(kernel));
  if (args.includes('flush')) {
    kernel.routes = [];
    return done();
  }
  if (args.includes('route')) return done('[{"dev":"eth0"}]');
  const lines = stdin.split('\n').filter((line) => line !== '');
  const complaints: string[] = [];
  for (const [index, line] of lines.entries()) {
    const isAddress = line.startsWith('addr ');
    if (isAddress) kernel.changes.push(`ip ${line}`);
    const problem = isAddress ? runAddressLine(kernel, line) : runRouteLine(kernel, line);
    if (problem === null) continue;
    complaints.push(`${problem}\nCommand failed -:${index + 1}\n`);
    if (!args.includes('-force')) break;
  }
  return complaints.length === 0 ? done() : broken(1, complaints.join(''));
}

function runRouteLine(kernel: FakeKernel, line: string): string | null {
  const refusal = refusalOf(kernel, line);
  if (refusal !== null || /^neigh (replace \S+ dev \S+ nud failed|show dev lo)$/.test(line)) return refusal;
  const [, verb, route = '', to = '', gateway = ''] =
    /^route (replace|del) ((\S+) via (\S+) dev \S+ proto \d+)( onlink)?$/.exec(line) ?? [];
  if (verb === 'del' && !kernel.routes.includes(route)) return 'RTNETLINK answers: No such process';
  if (verb === 'replace' && kernel.addresses.some(({ address }) => address === gateway))
    return 'Error: Nexthop has invalid gateway.';
  const others = kernel.routes.filter((item) => !item.startsWith(`${to} `));
  kernel.routes = verb === 'replace' ? [...others, route] : kernel.routes.filter((item) => item !== route);
  return verb === undefined ? `Object "${line}" is unknown, try "ip help".` : null;
}

function runAddressLine(kernel: FakeKernel, line: string): string | null {
  const refusal = refusalOf(kernel, line);
  if (refusal !== null) return refusal;
  const match = /^addr (add|del) (\S+)\/(\d+) .*?dev (\S+)/.exec(line);
  if (match === null) return `Object "${line}" is unknown, try "ip help".`;
  const [, verb, address = '', prefix, device = ''] = match;
  const place = { address, prefix: Number(prefix), device };
  const has = kernel.addresses.some((item) => placeKey(item) === placeKey(place));
  if (verb === 'add' && has) return 'RTNETLINK answers: File exists';
  if (verb === 'del' && !has) return 'RTNETLINK answers: Cannot assign requested address';
  if (verb === 'add') kernel.addresses = [...kernel.addresses, place];
  else kernel.addresses = kernel.addresses.filter((item) => placeKey(item) !== placeKey(place));
  return null;
}

const addressJson = (kernel: FakeKernel): string =>
  JSON.stringify(
    ['lo', 'eth0', 'eth1'].map((ifname) => ({
      ifname,
      addr_info: kernel.addresses
        .filter(({ device }) => device === ifname)
        .map(({ address, prefix }) => ({ family: 'inet', local: address, prefixlen: prefix, label: ifname })),
    })),
  );

function readFile(kernel: FakeKernel, path: string): string | null {
  if (path === '/proc/net/ip_vs_stats') return `Total\nConns\n${kernel.passed.toString(16)}\n`;
  if (path === '/proc/net/route') return routeText(kernel);
  if (path === '/proc/net/ip_vs') return kernel.hasIpvs ? procText(kernel) : null;
  if (path === '/proc/sys/net/ipv4/ip_forward') return kernel.forwards ? '1\n' : '0\n';
  if (path === '/proc/sys/net/ipv6/conf/all/forwarding') return kernel.forwards6 ? '1\n' : '0\n';
  const [, device = '', file] = /^\/sys\/class\/net\/(lo|eth0|eth1)\/(\w+)$/.exec(path) ?? [];
  const isDown = kernel.linksDown.has(device);
  if (file === 'operstate') return isDown ? 'down\n' : 'up\n';
  if (file === 'carrier') return isDown ? '0\n' : '1\n';
  return file === 'ifindex' ? '1\n' : null;
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
const hexAddress = (address: string): string =>
  address.includes(':')
    ? `[${address}]`
    : address
        .split('.')
        .map((part) => hex(Number(part), 2))
        .join('');

/** /proc/net/route of a little-endian machine. */
function routeText({ routes }: FakeKernel): string {
  const little = (address: string): string => hexAddress(address.split('.').reverse().join('.'));
  const rows = routes.map((route) => {
    const [, to = '', gateway = '', device] = /^(\S+)\/32 via (\S+) dev (\S+)/.exec(route) ?? [];
    return `${device}\t${little(to)}\t${little(gateway)}\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0`;
  });
  return [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    ...rows,
    '',
  ].join('\n');
}

/** Of Debian's kernel. */
export const TICKS_PER_SECOND = 250;

/** /proc/net/ip_vs of Linux 6.1. */
function procText({ table, openConnections }: FakeKernel): string {
  const words = { nat: 'Masq', direct: 'Route', tunnel: 'Tunnel' } as const;
  const rows = table.services.flatMap(({ key, scheduler, persistence, netmask, onePacket, destinations }) => [
    `${
      key.kind === 'mark'
        ? `FWM  ${hex(key.mark, 8)}`
        : `${key.protocol.toUpperCase()}  ${hexAddress(key.address)}:${hex(key.port, 4)}`
    } ${scheduler} ${onePacket && serviceName(key).includes('[') === false ? 'ops ' : ''}${persistence === null ? '' : `persistent ${persistence * TICKS_PER_SECOND} ${netmask === null || !netmask.includes('.') ? 'FFFFFFFF' : hexAddress(netmask)}`}`,
    ...destinations.map(
      ({ address, port, forwarding, weight }) =>
        `  -> ${hexAddress(address)}:${hex(port, 4)}      ${words[forwarding].padEnd(7)} ${weight}      ${openConnections}          0`,
    ),
  ]);
  return [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    ...rows,
    '',
  ].join('\n');
}

/** The table as `ipvsadm -Sn` prints it; for expectations. */
export const shownTable = (kernel: FakeKernel): string[] => tableLines(kernel.table);
