/** What may be asked of the routers now, and the reason when not: one table for buttons and their explanations. */
import type { LiveRouter, LiveSnapshot } from '#lib/protocol/live.ts';

/** null = it may; otherwise why not, in a sentence. */
type Refusal = string | null;

export const activeRouter = (snapshot: LiveSnapshot): LiveRouter | null =>
  snapshot.routers.find(({ status }) => status?.role === 'active') ?? null;

export const standbyRouter = (snapshot: LiveSnapshot): LiveRouter | null =>
  snapshot.routers.find(({ status }) => status?.role === 'standby') ?? null;

const notAsked = (router: LiveRouter): Refusal =>
  router.status === null ? `${router.name} cannot be asked: it is not connected.` : null;

export const refusal = {
  switchover: (snapshot: LiveSnapshot): Refusal => {
    if (snapshot.routers.length < 2) return 'There is only one router.';
    if (activeRouter(snapshot) === null) return 'No router that can be asked is active.';
    return standbyRouter(snapshot) === null ? 'No router that can be asked is standby.' : null;
  },
  syncToBackup: (snapshot: LiveSnapshot): Refusal => {
    if (snapshot.sync.state === 'single') return 'There is no backup router.';
    if (snapshot.sync.state === 'never-pushed') return 'Nothing was pushed yet: review and push first.';
    const missing = snapshot.routers.find(({ status }) => status === null);
    return missing ? notAsked(missing) : null;
  },
  stopService: (router: LiveRouter): Refusal =>
    router.status?.role === 'stopped'
      ? `The service on ${router.name} is stopped already.`
      : notAsked(router),
  startService: notAsked,
} as const;

/** Routers that run or store something else than the last revision. */
export const changedRouters = ({ routers, revision }: LiveSnapshot): readonly LiveRouter[] =>
  routers.filter(({ status }) => {
    if (status === null || status.config.hash === null) return false;
    const { hash, fileHash } = status.config;
    return hash !== (revision?.hash ?? null) || (fileHash !== null && fileHash !== hash);
  });
