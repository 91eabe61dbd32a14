/**
 * Whether this router could serve what it is to take. Its self-check says so once the configuration runs, and by then
 * a push has made both routers of a pair unfit.
 */
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { FORWARDING_SETTING } from '../doctor/facts.ts';
import { readSettings } from '../doctor/gather-self.ts';
import { sentenceOf } from '../doctor/judgement.ts';
import { judgeForwarding } from '../doctor/rows/network.ts';
import type { Router } from './router.ts';

/**
 * What the kernel of this router does not do for a configuration, with the command that makes it. An error where the
 * router can serve now and could not any more; a warning where nothing is lost, because it serves nothing yet or has
 * the same fault already.
 */
export async function unfitFor(router: Router, config: ClusterConfig): Promise<Diagnostic[]> {
  const settings = await readSettings(router.host, Object.values(FORWARDING_SETTING));
  const faultsOf = (of: ClusterConfig): string[] =>
    judgeForwarding({ config: of, settings })
      .filter(({ level }) => level === 'error')
      .map(sentenceOf);
  const { running } = router;
  const before = running === null ? null : faultsOf(running.config);
  return faultsOf(config).map((fault) => {
    const isNew = before !== null && !before.includes(fault);
    const consequence = isNew ? 'It serves now and could not any more' : 'It cannot serve until then';
    return {
      code: 'router-unfit',
      severity: isNew ? 'error' : 'warning',
      message: `${fault}. ${consequence}`,
    };
  });
}
