/**
 * Configuration → canonical text of lvs.cf, in Piranha's order and indentation (Piranha reference 1.7). Piranha
 * 0.8.6 loads every text that this makes: what it does not know stands on `#@` lines, which it takes for
 * comments.
 */
import { type Directive, holdsPlain } from './directive.ts';
import { directivesOf, type Scope } from './directives.ts';
import { withoutBlanks } from './lexer.ts';
import type { ClusterConfig, FailoverService, RealServer, Remarks, VirtualServer } from './model.ts';
import { encloseInside } from './quoting.ts';
import { isSame } from './same.ts';

const DIRECTIVE_INDENT = '     ';
const SERVER_INDENT = '         ';

/** `parseConfig(formatConfig(x)).config` equals x for every x that holds only what lvs.cf can hold. */
export const formatConfig = (config: ClusterConfig): string =>
  `${formatTop(config)}${formatBlocks(config)}` || '\n';

/** The lines before the first block: of one configuration under two numbers, only they differ. */
export function formatTop(config: ClusterConfig): string {
  const top: string[] = [];
  addValues(top, config.global, config, 'global', '', false);
  return top.map((line) => `${line}\n`).join('');
}

/** The lines of all blocks. A text for each: a list of all lines of a large file would outweigh the file. */
export function formatBlocks({ failoverServices, virtualServers }: ClusterConfig): string {
  const texts = [
    ...failoverServices.map((service) => virtualText(service, 'failover')),
    ...virtualServers.map((service) => virtualText(service, 'virtual')),
  ];
  return texts.length === 0 ? '' : `${texts.join('\n')}\n`;
}

type Settings = Readonly<Record<string, unknown>>;

/** Rows that have values for which the whole block must be hidden from Piranha. */
const hidingRows = (scope: Scope): readonly Directive[] =>
  directivesOf[scope].filter(
    ({ dialect, kind, piranhaFallback }: Directive) =>
      dialect === 'piranha' && kind.isPiranhaValue !== undefined && piranhaFallback === undefined,
  );

const hidingRowsOf = {
  virtual: hidingRows('virtual'),
  failover: hidingRows('failover'),
  server: hidingRows('server'),
} as const;

/** A block that Piranha cannot hold (IPv6, SCTP …) stands on `#@` lines from its head to its brace. */
const isShoalBlock = (scope: keyof typeof hidingRowsOf, block: object): boolean =>
  hidingRowsOf[scope].some((directive) => !holdsPlain(directive, (block as Settings)[directive.key]));

function virtualText(service: VirtualServer | FailoverService, scope: 'virtual' | 'failover'): string {
  const isShoal = isShoalBlock(scope, service);
  const lead = isShoal ? '#@ ' : '';
  const lines = [`${lead}${scope} ${encloseInside(service.name)} {`];
  addValues(lines, service, service, scope, DIRECTIVE_INDENT, isShoal);
  for (const server of service.servers) addServer(lines, server, isShoal);
  lines.push(`${lead}}`);
  return lines.join('\n');
}

function addServer(lines: string[], server: RealServer, isInShoalBlock: boolean): void {
  const isShoal = isInShoalBlock || isShoalBlock('server', server);
  const lead = `${DIRECTIVE_INDENT}${isShoal ? '#@ ' : ''}`;
  lines.push(`${lead}server ${encloseInside(server.name)} {`);
  addValues(lines, server, server, 'server', SERVER_INDENT, isShoal);
  lines.push(`${lead}}`);
}

function addValues(
  lines: string[],
  block: object,
  { comments, unknown }: Remarks,
  scope: Scope,
  indent: string,
  isShoal: boolean,
): void {
  for (const comment of comments) lines.push(indent + commentLine(comment));
  for (const directive of directivesOf[scope])
    addValue(lines, directive, (block as Settings)[directive.key], indent, isShoal);
  for (const text of unknown) lines.push(`${indent}#@ ${withoutBlanks(oneLine(text))}`);
}

function addValue(
  lines: string[],
  directive: Directive,
  value: unknown,
  indent: string,
  isShoalBlock: boolean,
): void {
  const { name, kind, always, piranhaFallback } = directive;
  if (!always && (value === directive.default || isSame(value, directive.default))) return;
  const text = kind.format(value);
  if (text === null) return;
  if (isShoalBlock || directive.dialect === 'shoal') lines.push(`${indent}#@ ${name} = ${text}`);
  else if (piranhaFallback === undefined || (kind.isPiranhaValue?.(value) ?? true))
    lines.push(`${indent}${name} = ${text}`);
  else lines.push(`${indent}${name} = ${kind.format(piranhaFallback)}`, `${indent}#@ ${name} = ${text}`);
}

const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

/** A comment as it is; one that would not be read as a comment gets a `#` in front. */
function commentLine(comment: string): string {
  const text = oneLine(comment);
  return /^#(?!@[ \t]*[^ \t])/.test(text) ? text : `# ${text}`;
}
