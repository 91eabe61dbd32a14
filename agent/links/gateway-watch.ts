/**
 * Gateway tracking: asks the configured gateway every second whether it is there. On a network of this router by
 * `arping`, which announces the VIPs anyway; beyond it, or with IPv6, by `ping`.
 */
import type { Clock, Exec } from '../runtime/types.ts';

const INTERVAL_MS = 1000;
/** Answers may be lost: so many in a row are a fault, and so many good ones in a row end it. */
const LOST_MOST = 3;
const GOOD_LEAST = 2;
const PROBE_LIMIT_MS = 3000;

export interface GatewayWatchDeps {
  readonly clock: Clock;
  readonly exec: Exec;
  hasProgram(name: string): Promise<boolean>;
  /** Null: none is watched. */
  gateway(): string | null;
  /** `serving`: it keeps this router from serving. Null: nothing is wrong. */
  onVerdict(finding: { readonly problem: string; readonly serving: boolean } | null): void;
}

export interface GatewayWatch {
  end(): void;
}

interface Path {
  readonly device: string;
  readonly isOnLink: boolean;
}

export function createGatewayWatch(deps: GatewayWatchDeps): GatewayWatch {
  let ended = false;
  let cancel = (): void => {};
  let watched: string | null = null;
  let path: Path | null = null;
  let lost = 0;
  let good = 0;
  let isLost = false;

  const findPath = async (gateway: string): Promise<Path | null> => {
    const result = await deps.exec(['ip', '-j', 'route', 'get', gateway], { timeoutMs: PROBE_LIMIT_MS });
    return result.code === 0 ? readRoute(result.stdout) : null;
  };

  /** Null: it cannot be asked for want of a program. */
  const isThere = async (gateway: string): Promise<boolean | null> => {
    // A route may have changed while nobody answered.
    if (path === null || lost > 0) path = await findPath(gateway);
    if (path === null) return false;
    const byArp = path.isOnLink && !gateway.includes(':');
    if (!byArp && !(await deps.hasProgram('ping'))) return null;
    const argv = byArp
      ? (['arping', '-q', '-c', '1', '-w', '1', '-I', path.device, gateway] as const)
      : (['ping', '-q', '-n', '-c', '1', '-W', '1', gateway] as const);
    return (await deps.exec(argv, { timeoutMs: PROBE_LIMIT_MS })).code === 0;
  };

  const look = async (): Promise<void> => {
    const gateway = deps.gateway();
    if (gateway !== watched) {
      [watched, path, lost, good, isLost] = [gateway, null, 0, 0, false];
      deps.onVerdict(null);
    }
    if (gateway === null) return;
    const answers = await isThere(gateway);
    if (ended || gateway !== deps.gateway()) return;
    if (answers === null) {
      const how = 'install it: apt-get install iputils-ping';
      return deps.onVerdict({
        problem: `The gateway ${gateway} is not watched: that needs ping, which is missing; ${how}`,
        serving: false,
      });
    }
    good = answers ? good + 1 : 0;
    lost = answers ? 0 : lost + 1;
    if (lost >= LOST_MOST) isLost = true;
    if (good >= GOOD_LEAST) isLost = false;
    deps.onVerdict(
      isLost
        ? { problem: `The gateway ${gateway} does not answer; see: ip route get ${gateway}`, serving: true }
        : null,
    );
  };

  const next = (): void => {
    if (ended) return;
    cancel = deps.clock.after(INTERVAL_MS, () => void look().finally(next));
  };
  next();
  return {
    end() {
      ended = true;
      cancel();
    },
  };
}

/** What `ip -j route get` says. */
function readRoute(json: string): Path | null {
  try {
    const [row] = JSON.parse(json) as { dev?: unknown; gateway?: unknown; via?: unknown }[];
    if (typeof row?.dev !== 'string') return null;
    return { device: row.dev, isOnLink: row.gateway === undefined && row.via === undefined };
  } catch {
    return null;
  }
}
