/** Texts from texts: what a slip of the finger, a broken disk or an enemy makes of a configuration. */
import type { Random } from '#agent/sim/random.ts';
import { directivesOf } from '#lib/lvs/directives.ts';

const names = [...new Set(Object.values(directivesOf).flatMap((rows) => rows.map(({ name }) => name)))];
const words = [
  ...names,
  ...['virtual', 'failover', 'server', 'x', '{', '}', '=', '[', ']', '#', '#@', '"', "'", '\\', '*', '%h'],
  ...['0', '1', '-1', '010', '0x1f', '65536', '4294967296', '99999999999999999999', '1.5', '', 'http'],
  ...['192.0.2.1', '10.1', '0.0.0.0', '255.0.255.0', '2001:db8::1', '::', '1::2::3', 'eth0:1', '/64', 'lb1'],
  ...['\n', '\r', '\r\n', '\t', ' ', '\0', '\uFEFF', '\u2028', 'é', '😀', '\n#@ ', ' {\n', '\n}\n'],
] as [string, ...string[]];

type Mutation = (text: string, random: Random, other: string) => string;

const cut = (text: string, at: number, removed: number, added: string): string =>
  text.slice(0, at) + added + text.slice(at + removed);

const place = (text: string, random: Random): number => random.integer(0, text.length);

function onLines(change: (lines: string[], random: Random) => void): Mutation {
  return (text, random) => {
    const lines = text.split('\n');
    change(lines, random);
    return lines.join('\n');
  };
}

const mutations: readonly [Mutation, ...Mutation[]] = [
  (text, random) => cut(text, place(text, random), random.integer(0, 20), ''),
  (text, random) => cut(text, place(text, random), random.integer(0, 3), random.pick(words)),
  (text, random) => cut(text, place(text, random), 0, ` ${random.pick(words)} = ${random.pick(words)}`),
  (text, random) => cut(text, place(text, random), 1, String.fromCharCode(random.integer(0, 255))),
  (text, random) => cut(text, place(text, random), 0, random.pick(words).repeat(random.integer(2, 40))),
  (text, random, other) => text.slice(0, place(text, random)) + other.slice(place(other, random)),
  onLines((lines, random) => {
    const [line = ''] = lines.splice(random.integer(0, lines.length - 1), 1);
    lines.splice(random.integer(0, lines.length), 0, line);
  }),
  onLines((lines, random) => {
    const at = random.integer(0, lines.length - 1);
    lines.splice(at, 0, lines[random.integer(0, lines.length - 1)] ?? '');
  }),
  onLines((lines, random) => {
    const at = random.integer(0, lines.length - 1);
    lines[at] = `#@ ${lines[at]}`;
  }),
  onLines((lines, random) => {
    const at = random.integer(0, lines.length - 1);
    lines[at] = (lines[at] ?? '').replace(/^\s*#@ ?/, '');
  }),
  onLines((lines, random) => {
    lines.splice(random.integer(0, lines.length), 0, `${random.pick(words)} = ${random.pick(words)}`);
  }),
];

const MAX_LENGTH = 8192;

/** One to four mutations of a text. */
export function mutate(text: string, random: Random, other: string): string {
  let mutated = text;
  for (let count = random.integer(1, 4); count > 0; count -= 1)
    mutated = random.pick(mutations)(mutated, random, other);
  return mutated.slice(0, MAX_LENGTH);
}
