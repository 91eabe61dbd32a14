/** docs/measurements-peers.md: one section a part, each replaced when its part is measured anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#e2e/lab/places.ts';

const file = join(projectRoot, 'docs/measurements-peers.md');

const head = `# Against the peers

Written by \`node lib/bootstrap/run.mjs bench:peers [PART]\`: Shoal beside keepalived, ldirectord and plain ipvsadm from
Debian, in one lab and one run. The routers are virtual machines, emulated without hardware acceleration: starting a
program takes 50 to 400 ms there, and everything is slower by ten or more, a program in JavaScript by more than one in C.
Parts that say so are measured at the speed of this machine.
`;

export interface Section {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Below the table, one paragraph. */
  readonly notes: readonly string[];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function textOf({ title, header, rows, notes }: Section): string {
  const [load = 0] = loadavg();
  return [
    `## ${title}`,
    '',
    row(header),
    row(header.map(() => '---')),
    ...rows.map(row),
    '',
    notes.join(' '),
    '',
    `Measured on ${cpus().length} cores, Node.js ${process.version}; load average at the end ${load.toFixed(1)}.`,
    '',
  ].join('\n');
}

/** Puts the section in the place of the one with its title, or at the end. Returns its text. */
export function writeSection(section: Section): string {
  const text = textOf(section);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const sections = before.split(/^(?=## )/m).slice(1);
  const isSame = (other: string): boolean => other.startsWith(`## ${section.title}\n`);
  const kept = sections.some(isSame)
    ? sections.map((other) => (isSame(other) ? text : other))
    : [...sections, text];
  writeFileSync(file, `${[head, ...kept].map((part) => part.trim()).join('\n\n')}\n`);
  return text;
}
