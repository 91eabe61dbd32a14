/** Looks at everything that `shoalctl doctor` judges; as a plain user it looks as far as that may. */

import { constants } from 'node:fs';
import * as fileSystem from 'node:fs/promises';
import { access, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { checkText } from '#lib/lvs/report.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { hasProgram } from '../runtime/files.ts';
import type { Host } from '../runtime/host.ts';
import type { Exec } from '../runtime/types.ts';
import type { AgentFacts, ClosedChain, DoctorFacts, FileFacts } from './doctor-facts.ts';
import { gatherSelf } from './gather-self.ts';
import { forcedPrograms } from './rows/console.ts';
import { rivalNames } from './rows/machine.ts';

const LIMIT_MS = 3000;
const LISTENS = '0A';
const SSH_PORT = 22;

export interface Looking {
  readonly host: Host;
  readonly exec: Exec;
  readonly agent: AgentFacts;
  /** What the agent runs; null when it does not say. */
  readonly running: ClusterConfig | null;
  readonly configPath: string;
  readonly stateFolder: string;
  readonly version: string;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

interface ReadFile {
  readonly facts: FileFacts;
  readonly config: ClusterConfig | null;
}

async function readConfig(path: string): Promise<ReadFile> {
  try {
    const { config, diagnostics } = checkText(await readFile(path, 'utf8'));
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    return {
      config: errors.length === 0 ? config : null,
      facts: {
        state: 'read',
        errors: errors.length,
        warnings: diagnostics.filter(({ severity }) => severity === 'warning').length,
        first: first === undefined ? null : `line ${first.line}: ${first.message}`,
      },
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const reason = reasonOf(error);
    return {
      config: null,
      facts: code === 'ENOENT' ? { state: 'missing' } : { state: 'unreadable', reason },
    };
  }
}

/** iputils says "arping from iputils 20221126"; the other one knows no -V. */
async function kindOfArping(exec: Exec): Promise<DoctorFacts['arping']> {
  const { code, stdout, stderr } = await exec(['arping', '-V'], { timeoutMs: LIMIT_MS });
  const said = stdout + stderr;
  if (/iputils/.test(said)) return 'iputils';
  return code === null || said.trim() === '' ? 'unknown' : 'other';
}

/** Local ports of a table of /proc/net that are in a state; any state when it is null. */
function portsOf(text: string | null, state: string | null): number[] {
  return (text ?? '')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , found = ''] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.split(':').at(-1) ?? '', 16);
      return Number.isNaN(port) || (state !== null && found !== state) ? [] : [port];
    });
}

async function ports(
  host: Host,
  protocol: 'tcp' | 'udp',
  state: string | null,
): Promise<ReadonlySet<number>> {
  const tables = await Promise.all(
    [protocol, `${protocol}6`].map((name) => host.readText(`/proc/net/${name}`)),
  );
  return new Set(tables.flatMap((text) => portsOf(text, state)));
}

/** Destination 0 of /proc/net/route. */
const defaultDeviceOf = (routes: string | null): string | null =>
  /^(\S+)\t00000000\t/m.exec(routes ?? '')?.[1] ?? null;

async function runningRivals(host: Host): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(ids.map((id) => host.readText(`/proc/${id}/comm`)));
  const seen = new Set(names.map((name) => name?.trim()));
  return rivalNames.filter((name) => seen.has(name));
}

/** Base chains of hook input with policy drop, from `nft list chains`; null when that cannot be asked. */
async function closedChains(exec: Exec, mayAsk: boolean): Promise<ClosedChain[] | null> {
  if (!mayAsk) return null;
  const { code, stdout } = await exec(['nft', 'list', 'chains'], { timeoutMs: LIMIT_MS });
  return code === 0 ? readClosedChains(stdout) : null;
}

/** Reads `nft list chains`. */
export function readClosedChains(text: string): ClosedChain[] {
  const found: ClosedChain[] = [];
  let table = { family: '', table: '' };
  let chain = '';
  for (const line of text.split('\n')) {
    const head = /^\s*table (\S+) (\S+) \{/.exec(line);
    if (head !== null) table = { family: head[1] ?? '', table: head[2] ?? '' };
    chain = /^\s*chain (\S+) \{/.exec(line)?.[1] ?? chain;
    if (/hook input .*policy drop/.test(line)) found.push({ ...table, chain });
  }
  return found;
}

async function readSshdConfig(host: Host): Promise<string> {
  const folder = '/etc/ssh/sshd_config.d';
  const parts = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.conf')).sort();
  const texts = await Promise.all(
    ['/etc/ssh/sshd_config', ...parts.map((name) => join(folder, name))].map((path) => host.readText(path)),
  );
  return texts.map((text) => text ?? '').join('\n');
}

async function lookAtConsole(host: Host, stateFolder: string): Promise<DoctorFacts['console']> {
  const [passwd, authorizedKeys, listening, sshdConfig] = await Promise.all([
    host.readText('/etc/passwd'),
    host.readText(join(stateFolder, 'home', '.ssh', 'authorized_keys')),
    ports(host, 'tcp', LISTENS),
    readSshdConfig(host),
  ]);
  const named = forcedPrograms(authorizedKeys ?? '').filter((program) => program !== null);
  const there = await Promise.all(named.map(isThere));
  return {
    hasUser: /^shoal:/m.test(passwd ?? ''),
    authorizedKeys,
    programs: new Set(named.filter((_, index) => there[index])),
    listens: listening.has(SSH_PORT),
    sshdConfig,
  };
}

/** The first versions of Node.js 18 cannot tell. */
const spaceOf = async (folder: string): Promise<{ bavail: number; bsize: number } | null> =>
  'statfs' in fileSystem ? fileSystem.statfs(folder).catch(() => null) : null;

async function lookAtState(folder: string, isRoot: boolean): Promise<DoctorFacts['state']> {
  const exists = await isThere(folder);
  const [isWritable, space, key] = await Promise.all([
    access(folder, constants.W_OK).then(
      () => true,
      (error: { code?: string }) => (isRoot || error.code === 'EROFS' ? false : null),
    ),
    spaceOf(exists ? folder : dirname(folder)),
    stat(join(folder, 'cluster-key.json')).catch(() => null),
  ]);
  return {
    folder,
    exists,
    isWritable,
    freeBytes: space === null ? null : space.bavail * space.bsize,
    keyMode: key === null ? null : key.mode & 0o777,
  };
}

/** Where install.sh and the Debian package put it. */
const units = ['/etc', '/usr/lib'].map((folder) => `${folder}/systemd/system/shoal-agent.service`);

async function lookAtInstall(): Promise<DoctorFacts['install']> {
  const [hasProgram, hasSystemd, hasUnit, link] = await Promise.all([
    isThere('/usr/lib/shoal/shoal-agent.mjs'),
    isThere('/run/systemd/system'),
    Promise.all(units.map(isThere)).then((there) => there.includes(true)),
    readlink('/etc/systemd/system/multi-user.target.wants/shoal-agent.service').catch(() => null),
  ]);
  return { hasProgram, hasSystemd, hasUnit, startsAtBoot: link !== null };
}

/** What the agent runs counts; without it the file on the disk. */
export async function gatherFacts(looking: Looking): Promise<DoctorFacts> {
  const { host, exec, agent, configPath, stateFolder, version } = looking;
  const file = await readConfig(configPath);
  const config = looking.running ?? file.config;
  const [self, hasArping, hasNft] = await Promise.all([
    gatherSelf(host, config),
    hasProgram('arping'),
    hasProgram('nft'),
  ]);
  const [arping, install, state, console, udpPorts, rivals, closed, routes] = await Promise.all([
    hasArping ? kindOfArping(exec) : ('unknown' as const),
    lookAtInstall(),
    lookAtState(stateFolder, host.isRoot),
    lookAtConsole(host, stateFolder),
    ports(host, 'udp', null),
    runningRivals(host),
    closedChains(exec, host.isRoot && hasNft),
    host.readText('/proc/net/route'),
  ]);
  return {
    ...self,
    isRoot: host.isRoot,
    platform: process.platform,
    nodeVersion: process.versions.node,
    version,
    arping,
    configPath,
    file: file.facts,
    addresses: host.localAddresses(),
    agent,
    install,
    state,
    console,
    udpPorts,
    rivals,
    closedChains: closed,
    defaultDevice: defaultDeviceOf(routes),
  };
}
