/** Rows about settings of IPVS that decide what becomes of clients when a real server leaves. */
import { type SelfFacts, servedBy, settingCommands } from '../facts.ts';
import { hint, type Judgement, type Row } from '../judgement.ts';

const isOff = ({ settings }: SelfFacts, setting: string): boolean => settings.get(setting) === '0';

const NODEST = 'net/ipv4/vs/expire_nodest_conn';
const TEMPLATE = 'net/ipv4/vs/expire_quiescent_template';

export const balancingRows: readonly Row<SelfFacts>[] = [
  {
    id: 'expire-nodest-conn',
    topic: 'kernel',
    judge(facts): Judgement[] {
      const datagrams =
        facts.config === null ? [] : servedBy(facts.config).filter((one) => one.protocol === 'udp');
      const [first] = datagrams;
      if (first === undefined || !isOff(facts, NODEST)) return [];
      return [
        hint(
          `A client that sends from one UDP port goes on to a real server of ${first.name} that was removed, and is ` +
            'dropped until its entry times out',
          'to let it go to another one at once, run',
          ...settingCommands(NODEST, '1'),
        ),
      ];
    },
  },
  {
    id: 'expire-quiescent-template',
    topic: 'kernel',
    judge(facts): Judgement[] {
      const sticky =
        facts.config === null
          ? []
          : servedBy(facts.config).filter((one) => one.quiesce && one.persistenceSeconds > 0);
      const [first] = sticky;
      if (first === undefined || !isOff(facts, TEMPLATE)) return [];
      return [
        hint(
          `${first.name} is persistent and quiesces: a client that has been there goes back to a real server that is down`,
          'to give it another one, run',
          ...settingCommands(TEMPLATE, '1'),
        ),
      ];
    },
  },
];
