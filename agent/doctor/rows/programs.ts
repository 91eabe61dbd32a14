/** Rows about the programs that the agent starts. */
import { isIpv6 } from '#lib/lvs/address.ts';
import { balances, type SelfFacts, servedBy } from '../facts.ts';
import { error, type Judgement, ok, type Row, warning } from '../judgement.ts';
import { installCommand, type Program } from '../packages.ts';

const present =
  (program: Program, missing: (text: string, how: string, command: string) => Judgement, without: string) =>
  ({ programs, packages }: SelfFacts): Judgement[] => [
    programs.has(program)
      ? ok(`${program} is installed`)
      : missing(`${program} is missing${without}`, 'install it', installCommand(packages, program)),
  ];

export const programRows: readonly Row<SelfFacts>[] = [
  {
    id: 'ipvsadm',
    topic: 'programs',
    judge: (facts) => (balances(facts) ? present('ipvsadm', error, '')(facts) : []),
  },
  { id: 'ip', topic: 'programs', judge: present('ip', error, '') },
  {
    id: 'arping',
    topic: 'programs',
    judge: present('arping', warning, ', so a takeover is not announced on the network'),
  },
  {
    id: 'ndptool',
    topic: 'programs',
    judge(facts) {
      const [first] =
        facts.config === null ? [] : servedBy(facts.config).filter(({ vip }) => isIpv6(vip?.address ?? ''));
      if (first === undefined) return [];
      const why = `, so the IPv6 address of virtual server ${first.name} is announced once, when it is put on, and not again`;
      return present('ndptool', warning, why)(facts);
    },
  },
  {
    id: 'nft',
    topic: 'programs',
    judge(facts) {
      const marking =
        facts.config === null ? [] : servedBy(facts.config).filter(({ markPorts }) => markPorts !== null);
      const [first] = marking;
      if (first === undefined) {
        const isPair =
          facts.config?.global.backupEnabled === true && facts.config.global.serviceKind === 'lvs';
        return isPair ? present('nft', warning, ', so a switchover cuts off requests in flight')(facts) : [];
      }
      const why = `, and virtual server ${first.name} needs it to mark the packets of its ports`;
      return present('nft', error, why)(facts);
    },
  },
];
