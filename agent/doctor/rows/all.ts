/** THE TABLE of what `shoalctl doctor` looks at, in the order in which it is told. */
import type { DoctorFacts } from '../doctor-facts.ts';
import { examine, type Finding, type Row, sentenceOf, topics } from '../judgement.ts';
import { agentProblems, agentRows } from './agent.ts';
import { balancingRows } from './balancing.ts';
import { clusterRows } from './cluster.ts';
import { consoleRows } from './console.ts';
import { isLinux, machineRows } from './machine.ts';
import { routeRows } from './routes.ts';
import { selfRows } from './self.ts';

export const doctorRows: readonly Row<DoctorFacts>[] = [
  ...machineRows,
  ...selfRows,
  ...balancingRows,
  ...routeRows,
  ...clusterRows,
  ...agentRows,
  ...consoleRows,
];

/** Everything that is found, topic by topic. A machine without Linux is told that alone. */
export function diagnose(facts: DoctorFacts): readonly Finding[] {
  if (facts.platform !== 'linux') return examine([isLinux], facts);
  const found = examine(doctorRows, facts);
  const said = new Set(found.map(sentenceOf));
  const theirs = agentProblems(facts, said).map((judgement) => ({
    id: 'agent-problem',
    topic: 'agent' as const,
    ...judgement,
  }));
  const order = Object.keys(topics);
  return [...found, ...theirs].sort((a, b) => order.indexOf(a.topic) - order.indexOf(b.topic));
}
