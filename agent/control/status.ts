/** The router's state as one message. */
import { serviceName } from '#lib/ipvs/command.ts';
import type { RouterStatus, ServiceStatus } from '#lib/protocol/messages.ts';
import { placeKey, wantedAddresses } from '../dataplane/addresses.ts';
import { PROC_TABLE, readProcTable } from '../dataplane/proc-table.ts';
import { isApplying } from './apply.ts';
import { withHeldWeights } from './held-weights.ts';
import { ownAddresses, problemsOf, type Router } from './router.ts';
import { trialSecondsLeft } from './trial.ts';

const noPeer: RouterStatus['peer'] = {
  state: 'none',
  role: null,
  lastHeardMsAgo: null,
  serial: null,
  configHash: null,
  channels: [],
  authenticated: false,
  rejected: {},
};

export async function statusOf(router: Router): Promise<RouterStatus> {
  const { running, idle, host, clock } = router;
  const pulse = idle === null ? router.pulse.status() : null;
  const [services, fileHash] = await Promise.all([servicesOf(router), router.files.currentHash()]);
  return {
    at: clock.wall(),
    runId: router.runId,
    hostname: host.hostname,
    version: router.version,
    uptimeSeconds: Math.floor((clock.now() - router.startedAt) / 1000),
    memoryBytes: host.memoryBytes(),
    configuredAs: router.configuredAs,
    role: pulse?.role ?? idle?.role ?? 'listening',
    roleSince: pulse?.roleSince ?? idle?.since ?? clock.wall(),
    roleReason: pulse?.roleReason ?? idle?.reason ?? 'The agent starts',
    peer: pulse?.peer ?? noPeer,
    config: {
      serial: running?.serial ?? null,
      hash: running?.hash ?? null,
      appliedAt: running?.appliedAt ?? null,
      fileHash,
      confirmSecondsLeft: trialSecondsLeft(router),
      ...(isApplying(router) ? { isApplying: true } : {}),
    },
    addresses: heldAddresses(router),
    services,
    health: running === null ? [] : withHeldWeights(router.nanny.status(), running.config, router.left),
    problems: problemsOf(router),
  };
}

function heldAddresses(router: Router): string[] {
  if (router.running === null) return [];
  const ours = new Set(ownAddresses(router, wantedAddresses(router.running.config)).map(placeKey));
  return [...new Set(router.host.localAddresses().map(placeKey))].filter((place) => ours.has(place));
}

async function servicesOf(router: Router): Promise<ServiceStatus[]> {
  const text = await router.host.readText(PROC_TABLE);
  if (text === null) return [];
  const owned = new Map(router.left?.services.map((service) => [serviceName(service.key), service]));
  return readProcTable(text).map(({ persistenceTicks, ...service }) => ({
    ...service,
    persistence:
      persistenceTicks === null
        ? null
        : (router.ticks.inSeconds(persistenceTicks) ?? owned.get(service.service)?.persistence ?? null),
    owned: owned.has(service.service),
    // A destination on the router itself is served by the router itself.
    destinations: service.destinations.map((item) => ({ ...item, forwarding: item.forwarding ?? 'direct' })),
  }));
}
