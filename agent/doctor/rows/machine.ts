/** Rows about the machine and what it has beside the agent. */
import type { DoctorFacts } from '../doctor-facts.ts';
import { error, ok, type Row, warning } from '../judgement.ts';
import { installCommand } from '../packages.ts';

const OLDEST_NODE = 18;

/** Programs that do what the agent does, and how they are stopped. */
const rivals: Readonly<Record<string, { readonly whose: string; readonly unit: string }>> = {
  keepalived: { whose: 'keepalived', unit: 'keepalived' },
  pulse: { whose: 'Piranha', unit: 'pulse' },
  lvsd: { whose: 'Piranha', unit: 'pulse' },
  nanny: { whose: 'Piranha', unit: 'pulse' },
  ldirectord: { whose: 'ldirectord', unit: 'ldirectord' },
};
export const rivalNames = Object.keys(rivals);

export const isLinux: Row<DoctorFacts> = {
  id: 'linux',
  topic: 'kernel',
  judge: ({ platform }) => [
    platform === 'linux'
      ? ok('This is Linux')
      : error(
          `This is ${platform}, and IPVS is a part of Linux: no router can be made of this machine`,
          'files can be checked, planned and compared here all the same',
        ),
  ],
};

export const machineRows: readonly Row<DoctorFacts>[] = [
  isLinux,
  {
    id: 'node',
    topic: 'programs',
    judge: ({ nodeVersion, packages }) => [
      Number(nodeVersion.split('.')[0]) >= OLDEST_NODE
        ? ok(`Node.js ${nodeVersion} runs`)
        : error(
            `Node.js ${nodeVersion} is too old; the agent needs ${OLDEST_NODE} or newer`,
            'install a newer one',
            installCommand(packages, 'node'),
          ),
    ],
  },
  {
    id: 'arping-kind',
    topic: 'programs',
    judge: ({ programs, arping, packages }) =>
      programs.has('arping') && arping === 'other'
        ? [
            warning(
              'The arping of this machine is not the one of iputils: it does not know -U and -A, so a takeover is not announced on the network',
              'install the other one in its place',
              installCommand(packages, 'arping'),
            ),
          ]
        : [],
  },
  {
    id: 'rivals',
    topic: 'agent',
    judge: (facts) => {
      const units = new Map(
        facts.rivals.map((name) => [rivals[name]?.unit ?? name, rivals[name]?.whose ?? name]),
      );
      return [...units].map(([unit, whose]) =>
        warning(
          `${whose} runs on this router and changes the same routing table and addresses: each undoes what the other does`,
          'take it out of service when this router is to be served by Shoal',
          `systemctl disable --now ${unit}`,
        ),
      );
    },
  },
];
