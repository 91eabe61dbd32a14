/**
 * A standby goes through a takeover every few seconds, all but its commands and what others could hear: what has never
 * run, or not for long, has to be compiled first, and that takes longer than all the rest of a takeover.
 */
import { wantedAddresses } from '../dataplane/addresses.ts';
import { createAnnouncer } from '../dataplane/announcer.ts';
import { type FirstWord, sayFirst } from '../dataplane/first-word.ts';
import { changeAddresses } from '../dataplane/interfaces.ts';
import { announcingNeighbours } from '../dataplane/neighbour-news.ts';
import { keepingSecondaries } from '../dataplane/secondaries.ts';
import { createSelfRoutes } from '../dataplane/self-routes.ts';
import type { Clock, Exec } from '../runtime/types.ts';
import { ownAddresses, type Router } from './router.ts';

/** To the router itself: what sends it is compiled, and nobody hears of it. */
const silentWord: FirstWord = { from: '127.0.0.1', to: '127.0.0.1', device: 'lo' };

const succeed: Exec = async () => ({ code: 0, stdout: '', stderr: '', timedOut: false });

/** Gives no command, says nothing and changes nothing. */
export async function rehearseTakeover(router: Router): Promise<void> {
  const { running, host } = router;
  if (running === null || router.holding) return;
  router.pulse.rehearse();
  const wanted = wantedAddresses(running.config);
  const sysctl = { read: host.readTextNow, write: () => false };
  const standing = () => [...host.localAddresses(), ...wanted];
  const due: (() => void)[] = [];
  const clock: Clock = {
    ...router.clock,
    after(_, callback) {
      due.push(callback);
      return () => {};
    },
  };
  const selfRoutes = createSelfRoutes(keepingSecondaries(announcingNeighbours(succeed, sysctl), sysctl), {
    exec: succeed,
    clock,
    host,
  });
  const sendFirstWord = (): void => host.sendFirstWord(silentWord);
  const voice = { ...host, localAddresses: standing, sendFirstWord };
  const announcer = createAnnouncer({
    clock,
    exec: succeed,
    sayFirst: (places) => sayFirst(voice, places, selfRoutes.wordFrom),
    isGratuitous: () => false,
  });
  const changing = changeAddresses(
    selfRoutes.exec,
    { wanted, ours: ownAddresses(router, wanted) },
    host.localAddresses,
  );
  announcer.expect(wanted);
  await changing;
  announcer.start(wanted, 0);
  for (const happen of due) happen();
  announcer.cancel();
}
