/** What this machine lacks to do its work, as `shoalctl doctor` judges it. */
import { gatherSelf } from '../doctor/gather-self.ts';
import { error, examine, sentenceOf } from '../doctor/judgement.ts';
import { selfRows } from '../doctor/rows/self.ts';
import { type Router, setFindings } from './router.ts';

const notRoot = error('The agent does not run as root', 'start it with', 'systemctl start shoal-agent');

/** Looks at everything and replaces the findings of last time. Hints are for people who ask. */
export async function selfCheck(router: Router): Promise<void> {
  const facts = await gatherSelf(router.host, router.running?.config ?? null);
  const judged = [...(router.host.isRoot ? [] : [notRoot]), ...examine(selfRows, facts)];
  const found = judged.filter(({ level }) => level === 'error' || level === 'warning');
  setFindings(
    router,
    'self-check',
    found.map((judgement) => ({ problem: sentenceOf(judgement), serving: judgement.level === 'error' })),
  );
}
