/** Rows about the configuration and what a pair of routers needs. */
import { identify, notThisRouter } from '../../control/identity.ts';
import { wantedAddresses } from '../../dataplane/addresses.ts';
import type { DoctorFacts } from '../doctor-facts.ts';
import { error, hint, type Judgement, ok, type Row, unknown, warning } from '../judgement.ts';

/** What the state needs, many times over. */
const LEAST_FREE_BYTES = 10 * 1024 * 1024;
const OTHERS_MAY_READ = 0o077;

function judgeFile({ file, configPath, agent }: DoctorFacts): Judgement[] {
  if (file.state === 'missing')
    return [
      warning(
        `There is no configuration in ${configPath}`,
        'push one from the console, or write one and run',
        'shoalctl apply FILE',
      ),
    ];
  if (file.state === 'unreadable')
    return [
      error(`${configPath} cannot be read: ${file.reason}`, 'look at its rights', `ls -l ${configPath}`),
    ];
  if (file.errors > 0)
    return [
      (agent.state === 'answers' ? warning : error)(
        `${configPath} has ${file.errors === 1 ? 'an error' : `${file.errors} errors`} and no agent starts with it (${file.first})`,
        'see them all',
        `shoalctl check ${configPath}`,
      ),
    ];
  return [ok(`${configPath} can be used`)];
}

function judgeIdentity({ config, addresses }: DoctorFacts): Judgement[] {
  if (config === null) return [];
  const here = new Set(addresses.map(({ address }) => address));
  const role = identify(config, here);
  return [
    role === null
      ? error(notThisRouter(config, here))
      : ok(`This router is the ${role} of the configuration`),
  ];
}

function judgeState({ state }: DoctorFacts): Judgement[] {
  const { folder, exists, isWritable, freeBytes } = state;
  if (!exists) return [ok(`The agent makes ${folder} when it starts`)];
  if (isWritable === false)
    return [
      error(
        `${folder} cannot be written, so pushes and overrides of real servers are refused`,
        'look whether its file system is mounted read-only',
        `findmnt -T ${folder}`,
      ),
    ];
  if (freeBytes !== null && freeBytes < LEAST_FREE_BYTES)
    return [
      error(
        `The file system of ${folder} is full (${Math.floor(freeBytes / 1024)} KiB left), so a push is refused`,
        'see what fills it',
        `df -h ${folder}`,
      ),
    ];
  return [
    isWritable === null
      ? unknown(`Whether ${folder} can be written is for root to see`)
      : ok(`${folder} can be written`),
  ];
}

const noKey = warning(
  "There is no cluster key: this router speaks Piranha's heartbeat, which anybody on the network can forge",
  'unless the partner runs Piranha, give both routers the key from the console',
);

/** Without a key the agent speaks Piranha's heartbeat, which anybody on the network can forge. */
function judgeKey({ config, state, agent }: DoctorFacts): Judgement[] {
  const isOpen = state.keyMode !== null && (state.keyMode & OTHERS_MAY_READ) !== 0;
  const path = `${state.folder}/cluster-key.json`;
  const open = isOpen
    ? [warning(`${path} is a secret that others on this machine may read`, 'run', `chmod 600 ${path}`)]
    : [];
  if (config === null || !config.global.backupEnabled) return open;
  const hasKey = agent.state === 'answers' ? agent.hasClusterKey : state.keyMode !== null;
  return [...open, hasKey ? ok('Heartbeats are signed with a cluster key') : noKey];
}

function judgePort({ config, agent, udpPorts }: DoctorFacts): Judgement[] {
  if (config === null || !config.global.backupEnabled || agent.state !== 'absent') return [];
  const { heartbeatPort } = config.global;
  return udpPorts.has(heartbeatPort)
    ? [
        error(
          `Another program holds UDP port ${heartbeatPort}, which heartbeats need`,
          'find it, and stop it or set heartbeat_port on both routers',
          `ss -ulpn 'sport = :${heartbeatPort}'`,
        ),
      ]
    : [ok(`UDP port ${heartbeatPort} is free for heartbeats`)];
}

function judgePartner({ config, agent, addresses }: DoctorFacts): Judgement[] {
  if (config === null || !config.global.backupEnabled || agent.state !== 'answers') return [];
  if (agent.partner === 'none') return [];
  if (agent.partner === 'alive') return [ok('The partner is heard')];
  const { primaryAddress, backupAddress, heartbeatPort } = config.global;
  const isPrimary = identify(config, new Set(addresses.map(({ address }) => address))) === 'primary';
  const partner = (isPrimary ? backupAddress : primaryAddress) ?? 'its address';
  return [
    warning(
      `The partner ${partner} ${agent.partner === 'silent' ? 'has fallen silent' : 'was never heard'}: it is down, runs no agent, has another cluster key, or a firewall drops UDP port ${heartbeatPort}`,
      'see on both routers whether heartbeats pass',
      `tcpdump -ni any udp port ${heartbeatPort}`,
    ),
  ];
}

function judgeFirewall({ config, closedChains }: DoctorFacts): Judgement[] {
  if (config === null || closedChains === null) return [];
  return closedChains.map(({ family, table, chain }) =>
    hint(
      `The firewall drops what no rule lets in (${family} ${table} ${chain}): VIPs${config.global.backupEnabled ? ` and heartbeats (UDP ${config.global.heartbeatPort})` : ''} need rules`,
      'see them',
      `nft list chain ${family} ${table} ${chain}`,
    ),
  );
}

/** Nothing is wrong with an override, but one that was forgotten looks like a fault at night. */
const judgeOverrides = ({ agent }: DoctorFacts): Judgement[] =>
  agent.state !== 'answers'
    ? []
    : agent.overrides.map(({ virtualServer, realServer, text, endedBy }) =>
        hint(`${realServer} of ${virtualServer}: ${text}`, 'to end that', `shoalctl ${endedBy}`),
      );

/** What a real server of direct routing has, and a router must not have. */
function judgeLoopback({ config, addresses }: DoctorFacts): Judgement[] {
  if (config === null) return [];
  const loopback = new Set(addresses.flatMap(({ address, device }) => (device === 'lo' ? [address] : [])));
  return wantedAddresses(config)
    .filter(({ address, device }) => device !== 'lo' && loopback.has(address))
    .map(({ address }) =>
      warning(
        `${address} stands on lo of this router, as on a real server: this router takes its packets whether it is active or not`,
        'take it off',
        ...addresses
          .filter((place) => place.device === 'lo' && place.address === address)
          .map((place) => `ip addr del ${address}/${place.prefix} dev lo`),
      ),
    );
}

export const clusterRows: readonly Row<DoctorFacts>[] = [
  { id: 'lvs-cf', topic: 'configuration', judge: judgeFile },
  { id: 'identity', topic: 'configuration', judge: judgeIdentity },
  { id: 'state-folder', topic: 'configuration', judge: judgeState },
  { id: 'cluster-key', topic: 'configuration', judge: judgeKey },
  { id: 'overrides', topic: 'configuration', judge: judgeOverrides },
  { id: 'heartbeat-port', topic: 'network', judge: judgePort },
  { id: 'partner', topic: 'network', judge: judgePartner },
  { id: 'firewall', topic: 'network', judge: judgeFirewall },
  { id: 'loopback', topic: 'network', judge: judgeLoopback },
];
