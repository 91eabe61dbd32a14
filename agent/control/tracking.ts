/** Promise 3: what the links and the gateway say about this router becomes findings, and so a fault for pulse. */
import { privateAddresses } from '#lib/lvs/model.ts';
import { wantedAddresses } from '../dataplane/addresses.ts';
import { readInterfaces } from '../dataplane/interfaces.ts';
import { createGatewayWatch } from '../links/gateway-watch.ts';
import { createLinkWatch, type NeededLinks } from '../links/link-watch.ts';
import { type Router, setFindings } from './router.ts';

export interface Tracking {
  end(): void;
}

export function track(router: Router): Tracking {
  const links = createLinkWatch({
    clock: router.clock,
    readText: router.host.readText,
    localAddresses: router.host.localAddresses,
    async readAddresses() {
      const table = await readInterfaces(router.exec);
      return table.ok ? table.value.addresses : [];
    },
    needed: () => neededLinks(router),
    onLook(problems, isCutOff) {
      // Before the fault: pulse is to know both when it decides.
      router.pulse.setCutOff(isCutOff);
      replace(
        router,
        'links',
        problems.map((problem) => ({ problem, serving: true })),
      );
    },
  });
  const gateway = createGatewayWatch({
    clock: router.clock,
    exec: router.exec,
    hasProgram: router.host.hasProgram,
    gateway: () =>
      router.configuredAs === null ? null : (router.running?.config.global.gatewayAddress ?? null),
    onVerdict: (finding) => replace(router, 'gateway', finding === null ? [] : [finding]),
  });
  return {
    end() {
      links.end();
      gateway.end();
    },
  };
}

/** Findings only when they changed: every replacement is told to subscribers. */
function replace(
  router: Router,
  finder: 'links' | 'gateway',
  found: Parameters<typeof setFindings>[2],
): void {
  const text = (items: typeof found | undefined): string => JSON.stringify(items ?? []);
  if (text(router.findings.get(finder)) !== text(found)) setFindings(router, finder, found);
}

function neededLinks({ running, configuredAs }: Router): NeededLinks | null {
  if (running === null || configuredAs === null || !running.config.global.monitorLinks) return null;
  const { global } = running.config;
  const isPrimary = configuredAs === 'primary';
  const own = [
    isPrimary ? global.primaryAddress : global.backupAddress,
    privateAddresses(global)[configuredAs],
  ];
  return {
    heartbeat: [...new Set(own.filter((address) => address !== null))],
    devices: [...new Set(wantedAddresses(running.config).map(({ device }) => device))],
  };
}
