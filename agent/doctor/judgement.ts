/** What was found about one thing that this machine needs. Pure. */

/**
 * error: it keeps this router from serving. warning: it serves, and something is lost. hint: look whether it is meant.
 * unknown: it could not be looked at.
 */
export type Level = 'ok' | 'hint' | 'warning' | 'error' | 'unknown';

export interface Mending {
  /** What the commands do, or what else is to be done: "install it". */
  readonly how: string;
  /** To be run as root on this router. */
  readonly commands: readonly string[];
}

export interface Judgement {
  readonly level: Level;
  /** What was found, without a full stop. */
  readonly text: string;
  readonly mending?: Mending;
}

const judgementOf =
  (level: Level) =>
  (text: string, how?: string, ...commands: readonly string[]): Judgement =>
    how === undefined ? { level, text } : { level, text, mending: { how, commands } };

export const ok = judgementOf('ok');
export const hint = judgementOf('hint');
export const warning = judgementOf('warning');
export const error = judgementOf('error');
export const unknown = judgementOf('unknown');

/** In one sentence, with the first command that mends it; the agent's problems are told so. */
export function sentenceOf({ text, mending }: Judgement): string {
  if (mending === undefined) return text;
  const [command] = mending.commands;
  return `${text}; ${mending.how}${command === undefined ? '' : `: ${command}`}`;
}

/** What is looked at together. */
export const topics = {
  kernel: 'kernel',
  programs: 'programs',
  network: 'network',
  configuration: 'configuration',
  agent: 'agent',
  console: 'console',
} as const;
export type Topic = keyof typeof topics;

/** One row: judges facts; an empty list says that this is of no concern here. */
export interface Row<Facts> {
  /** Kebab-case, stable. */
  readonly id: string;
  readonly topic: Topic;
  judge(facts: Facts): readonly Judgement[];
}

export interface Finding extends Judgement {
  readonly id: string;
  readonly topic: Topic;
}

/** All that the rows find. */
export const examine = <Facts>(rows: readonly Row<Facts>[], facts: Facts): Finding[] =>
  rows.flatMap(({ id, topic, judge }) => judge(facts).map((judgement) => ({ id, topic, ...judgement })));
