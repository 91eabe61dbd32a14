/** What doctor found, for people. Pure. */
import { type Finding, type Level, topics } from '../doctor/judgement.ts';
import type { Advice } from '../doctor/real-servers.ts';
import type { Colour, Paint } from './paint.ts';
import { printable, wrap } from './terminal-text.ts';

const WIDTH = 100;
const INDENT = 14;

const looks: Readonly<Record<Level, { readonly word: string; readonly colours: readonly Colour[] }>> = {
  ok: { word: 'ok', colours: ['green'] },
  hint: { word: 'hint', colours: ['cyan'] },
  warning: { word: 'warning', colours: ['bold', 'yellow'] },
  error: { word: 'ERROR', colours: ['bold', 'red'] },
  unknown: { word: 'unknown', colours: ['dim'] },
};

const indented = (text: string, by: number): string[] =>
  wrap(printable(text), WIDTH - by).map((line) => `${' '.repeat(by)}${line}`);

function findingLines({ level, text, mending }: Finding, paint: Paint): string[] {
  const { word, colours } = looks[level];
  const [first = '', ...rest] = indented(text, INDENT);
  const head = `  ${paint(word, ...colours)}${' '.repeat(INDENT - 2 - word.length)}${first.trimStart()}`;
  if (mending === undefined) return [head, ...rest];
  const { how, commands } = mending;
  return [
    head,
    ...rest,
    ...indented(`${how}${commands.length === 0 ? '' : ':'}`, INDENT),
    ...commands.map((command) => `${' '.repeat(INDENT + 2)}${paint(printable(command), 'bold')}`),
  ];
}

function adviceLines({ title, servers, steps }: Advice, paint: Paint): string[] {
  return [
    ...wrap(`${title}: ${servers.join(', ')}`, WIDTH - 2).map(
      (line, index) => `${index === 0 ? '  ' : '    '}${line}`,
    ),
    ...steps.flatMap(({ why, commands }) => [
      `    ${paint(`# ${why}`, 'dim')}`,
      ...commands.map((command) => `    ${paint(command, 'bold')}`),
    ]),
  ];
}

const count = (findings: readonly Finding[], level: Level, word: string): string[] => {
  const number = findings.filter((finding) => finding.level === level).length;
  return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
};

function summary(findings: readonly Finding[]): string {
  const counted = [
    ...count(findings, 'error', 'error'),
    ...count(findings, 'warning', 'warning'),
    ...count(findings, 'hint', 'hint'),
  ].join(', ');
  if (findings.some(({ level }) => level === 'error'))
    return `${counted}: this router cannot serve like this`;
  return counted === '' ? 'nothing is missing' : `${counted}; nothing keeps this router from serving`;
}

export function doctorText(findings: readonly Finding[], advice: readonly Advice[], paint: Paint): string {
  const parts = Object.entries(topics).flatMap(([topic, title]) => {
    const about = findings.filter((finding) => finding.topic === topic);
    return about.length === 0
      ? []
      : ['', paint(title, 'bold'), ...about.flatMap((finding) => findingLines(finding, paint))];
  });
  const told =
    advice.length === 0
      ? []
      : [
          '',
          paint('real servers: what each of them needs, now and at its next boot', 'bold'),
          ...advice.flatMap((one) => adviceLines(one, paint)),
        ];
  return [...parts.slice(1), ...told, '', summary(findings)].join('\n');
}
