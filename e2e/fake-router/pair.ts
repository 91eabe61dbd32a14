/** Two fake routers that are a cluster's pair, each behind a sshd of its own on 127.0.0.1. */
import { FakeRouter } from './router.ts';
import { type FakeSshd, newHostKey, serveRouter } from './ssh.ts';

export type PairName = 'r1' | 'r2';

interface Served {
  readonly router: FakeRouter;
  readonly port: number;
  hostKey: ReturnType<typeof newHostKey>;
  sshd: FakeSshd | null;
}

/** Of the seed that lets a console begin with them (SHOAL_SEED). */
export interface RouterSeed {
  readonly role: 'primary' | 'backup';
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly fingerprint: string;
}

export interface FakePair {
  readonly r1: FakeRouter;
  readonly r2: FakeRouter;
  readonly seeds: readonly RouterSeed[];
  /** What both do. */
  both(change: (router: FakeRouter) => void): void;
  /** Its sshd ends: it does not answer any more. */
  gone(name: PairName): void;
  /** It answers again, if wished with another host key, as after a new installation. */
  back(name: PairName, withNewKey?: boolean): Promise<void>;
  close(): void;
}

/** Serves a pair, r1 active; port 0 takes a free one. */
export async function servePair(
  ports: Readonly<Record<PairName, number>> = { r1: 0, r2: 0 },
): Promise<FakePair> {
  const r1 = new FakeRouter({ name: 'r1', configuredAs: 'primary' });
  const r2 = new FakeRouter({ name: 'r2', configuredAs: 'backup' });
  r1.partner = r2;
  r2.partner = r1;
  r1.become('active', 'the primary router keeps the service while it is well');
  r2.become('standby', 'the partner is active');
  const serve = async (router: FakeRouter, port: number): Promise<Served> => {
    const hostKey = newHostKey();
    const sshd = await serveRouter(router, port, hostKey);
    return { router, port: sshd.port, hostKey, sshd };
  };
  const served = { r1: await serve(r1, ports.r1), r2: await serve(r2, ports.r2) };
  const gone = (name: PairName): void => served[name].sshd?.close();
  return {
    r1,
    r2,
    seeds: Object.values(served).map(({ router, port, hostKey }) => ({
      role: router.options.configuredAs,
      name: router.options.name,
      address: '127.0.0.1',
      port,
      user: 'shoal',
      fingerprint: hostKey.fingerprint,
    })),
    both: (change) => {
      for (const router of [r1, r2]) change(router);
    },
    gone,
    back: async (name, withNewKey = false) => {
      gone(name);
      const one = served[name];
      if (withNewKey) one.hostKey = newHostKey();
      one.sshd = await serveRouter(one.router, one.port, one.hostKey);
    },
    close: () => {
      gone('r1');
      gone('r2');
    },
  };
}
