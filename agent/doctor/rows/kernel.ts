/** Rows about the kernel. */
import { schedulers } from '#lib/lvs/schedulers.ts';
import { balances, FTP_MODULE, neededModules, type SelfFacts, schedulerModule, servedBy } from '../facts.ts';
import { error, type Judgement, ok, type Row, unknown, warning } from '../judgement.ts';

const loadCommands = (module: string): readonly [string, string] => [
  `modprobe ${module}`,
  `echo ${module} >> /etc/modules-load.d/shoal.conf`,
];

function judgeIpvs({ hasIpvsTable, modules, kernelRelease }: SelfFacts): Judgement {
  if (hasIpvsTable) return ok('The kernel has IPVS');
  if (modules.get('ip_vs') === 'missing')
    return error(
      `This kernel (${kernelRelease}) has no module ip_vs, so it cannot balance anything`,
      'boot a kernel that has it: the full one of your distribution, not one that was cut down for containers or the cloud',
    );
  return error('The kernel has no IPVS table', 'load the module', ...loadCommands('ip_vs'));
}

/** The kernel loads the module of a scheduler itself when a service asks for it; it must only be there. */
function judgeScheduler({ modules, kernelRelease }: SelfFacts, scheduler: string): Judgement[] {
  const state = modules.get(schedulerModule(scheduler)) ?? 'unknown';
  const label = schedulers.find(({ name }) => name === scheduler)?.label ?? scheduler;
  if (state === 'missing')
    return [
      error(
        `This kernel (${kernelRelease}) has no scheduler ${scheduler} (${label}), which the configuration uses`,
        `boot a kernel with the module ${schedulerModule(scheduler)}, or choose another scheduler`,
      ),
    ];
  return state === 'unknown' ? [] : [ok(`The kernel has the scheduler ${scheduler}`)];
}

export const kernelRows: readonly Row<SelfFacts>[] = [
  { id: 'ip-vs', topic: 'kernel', judge: (facts) => (balances(facts) ? [judgeIpvs(facts)] : []) },
  {
    id: 'schedulers',
    topic: 'kernel',
    judge(facts) {
      if (facts.config === null || !facts.hasIpvsTable) return [];
      const used = new Set(servedBy(facts.config).map(({ scheduler }) => scheduler));
      return [...used].flatMap((scheduler) => judgeScheduler(facts, scheduler));
    },
  },
  {
    id: 'ftp',
    topic: 'kernel',
    judge({ config, modules, hasIpvsTable }) {
      if (config === null || !hasIpvsTable || !neededModules(config).includes(FTP_MODULE)) return [];
      const state = modules.get(FTP_MODULE) ?? 'unknown';
      if (state === 'loaded') return [ok(`The kernel helps FTP through NAT (${FTP_MODULE})`)];
      if (state === 'unknown') return [unknown(`Whether ${FTP_MODULE} is loaded cannot be seen`)];
      return [
        warning(
          `A virtual server on port 21 works by NAT, and the module ${FTP_MODULE} is not loaded: passive FTP fails`,
          'load it',
          ...loadCommands(FTP_MODULE),
        ),
      ];
    },
  },
];
