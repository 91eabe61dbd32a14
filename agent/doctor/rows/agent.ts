/** Rows about the agent: whether it is there, runs, is the right one, and what it says itself. */
import type { DoctorFacts } from '../doctor-facts.ts';
import { error, hint, type Judgement, ok, type Row, unknown, warning } from '../judgement.ts';

const judgeInstall = ({ install, agent }: DoctorFacts): Judgement[] => {
  if (!install.hasProgram && agent.state === 'answers')
    return [
      hint(
        'The agent that runs is not in /usr/lib/shoal: whoever put it elsewhere sees to its start and upgrade',
      ),
    ];
  if (!install.hasProgram || (install.hasSystemd && !install.hasUnit))
    return [
      error(
        install.hasProgram ? 'The service shoal-agent is not installed' : 'The agent is not installed',
        'install the package shoal-agent, or unpack its tarball and run in it, as root',
        'sh install.sh',
      ),
    ];
  return [ok('The agent is installed')];
};

const judgeAnswer = ({ agent, install, isRoot }: DoctorFacts): Judgement[] => {
  if (agent.state === 'answers') return [ok(`The agent runs; this router is ${agent.role}`)];
  if (agent.state === 'forbidden')
    return [
      unknown(
        'You may not ask the agent, so what it knows is missing here',
        isRoot ? 'look at the rights of its socket' : 'be root or a member of the group shoal; run',
        isRoot ? 'ls -l /run/shoal' : 'sudo shoalctl doctor',
      ),
    ];
  if (agent.state === 'strange')
    return [
      error(
        `The agent is not understood: ${agent.message}`,
        'install the agent and shoalctl of one version',
        'sh install.sh',
      ),
    ];
  if (!install.hasProgram) return [];
  return [
    install.hasSystemd
      ? error(
          'The agent does not run',
          'start it, and look why it ended',
          'systemctl start shoal-agent',
          'journalctl -u shoal-agent -n 50',
        )
      : error('The agent does not run', 'start it', '/usr/lib/shoal/shoal-agent.mjs'),
  ];
};

/** Words that doctor has said itself are not said again in the agent's name. */
export const agentProblems = ({ agent }: DoctorFacts, said: ReadonlySet<string>): readonly Judgement[] =>
  agent.state === 'answers'
    ? agent.problems
        .filter((problem) => !said.has(problem))
        .map((problem) => warning(`The agent says: ${problem}`))
    : [];

export const agentRows: readonly Row<DoctorFacts>[] = [
  { id: 'agent-installed', topic: 'agent', judge: judgeInstall },
  { id: 'agent-runs', topic: 'agent', judge: judgeAnswer },
  {
    id: 'agent-at-boot',
    topic: 'agent',
    judge: ({ install }) => {
      if (!install.hasSystemd || !install.hasUnit) return [];
      return install.startsAtBoot
        ? [ok('The agent starts at boot')]
        : [
            warning(
              'The agent does not start at boot: after a loss of power this router serves nothing',
              'let it start',
              'systemctl enable shoal-agent',
            ),
          ];
    },
  },
  {
    id: 'agent-version',
    topic: 'agent',
    judge: ({ agent, version }) => {
      if (agent.state !== 'answers') return [];
      return agent.version === version
        ? [ok(`Agent and shoalctl are of one version, ${version}`)]
        : [
            warning(
              `The agent that runs is version ${agent.version}, shoalctl is ${version}`,
              'let the installed agent take over, without a failover',
              'systemctl kill --kill-who=main --signal=SIGUSR2 shoal-agent',
            ),
          ];
    },
  },
  {
    id: 'stopped',
    topic: 'agent',
    judge: ({ agent }) =>
      agent.state === 'answers' && agent.role === 'stopped'
        ? [hint('An administrator took this router out of the service', 'take it in again', 'shoalctl start')]
        : [],
  },
];
