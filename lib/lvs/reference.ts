/** The reference of all directives as Markdown, from the table of directives: docs/lvs.cf.md is its output. */
import type { Directive, DirectiveStatus } from './directive.ts';
import { directivesOf, type Scope } from './directives.ts';
import { schedulers } from './schedulers.ts';

const effects: Readonly<Record<DirectiveStatus, string>> = {
  used: 'used',
  kept: 'obsolete; kept, no effect',
  ignored: 'accepted and kept, no effect (nor in Piranha)',
};

const chapters: readonly { readonly scope: Scope; readonly title: string; readonly about: string }[] = [
  { scope: 'global', title: 'Top level', about: 'One directive a line: `name = value`.' },
  {
    scope: 'virtual',
    title: 'In `virtual NAME { }` and `failover NAME { }`',
    about: 'Both kinds of blocks take the same directives.',
  },
  { scope: 'server', title: 'In `server NAME { }`', about: 'Stands inside a virtual server.' },
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*');

function defaultOf(directive: Directive): string {
  const text = directive.default === null ? null : directive.kind.format(directive.default);
  return text === null ? '–' : `\`${text}\``;
}

function rowOf(directive: Directive): string {
  const name = directive.dialect === 'shoal' ? `#@ ${directive.name}` : directive.name;
  return `| \`${name}\` | ${cell(directive.kind.expected)} | ${defaultOf(directive)} | ${effects[directive.status]} | **${cell(directive.label)}.** ${cell(directive.help)} |`;
}

/** The whole page, ending in a newline. */
export function referenceMarkdown(): string {
  const lines = [
    '# lvs.cf',
    '',
    'Every directive, its value, the value that counts when it is absent, and what Shoal does with it. Lines that',
    "start with `#@` are Shoal's own: Piranha takes them for comments, so every file that Shoal writes loads there.",
    'A comment is a line that starts with `#`. `=`, `{` and `}` stand alone, with blanks around them.',
  ];
  for (const { scope, title, about } of chapters) {
    lines.push(
      '',
      `## ${title}`,
      '',
      about,
      '',
      '| directive | value | default | effect | meaning |',
      '| --- | --- | --- | --- | --- |',
    );
    lines.push(...directivesOf[scope].map(rowOf));
  }
  lines.push('', '## Schedulers', '', '| name | in Piranha | what it does |', '| --- | --- | --- |');
  for (const scheduler of schedulers) {
    lines.push(
      `| \`${scheduler.name}\` | ${scheduler.piranha ? 'yes' : 'no: written as `#@ scheduler`, with `wlc` for Piranha'} | **${scheduler.label}.** ${scheduler.help} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}
