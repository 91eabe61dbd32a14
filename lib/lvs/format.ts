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
export function formatConfig(config: ClusterConfig): string {
  const lines = [
    ...blockLines({ ...config.global, ...remarksOf(config) }, 'global', '', false),
    ...config.failoverServices.flatMap((service) => virtualLines(service, 'failover')),
    ...config.virtualServers.flatMap((service) => virtualLines(service, 'virtual')),
  ];
  return `${lines.join('\n')}\n`;
}

const remarksOf = ({ comments, unknown }: Remarks): Remarks => ({ comments, unknown });

type Settings = Readonly<Record<string, unknown>>;

/** A block that Piranha cannot hold (IPv6, SCTP …) stands on `#@` lines from its head to its brace. */
const isShoalBlock = (scope: Scope, settings: Settings): boolean =>
  directivesOf[scope].some((directive) => !holdsPlain(directive, settings[directive.key]));

function virtualLines(service: VirtualServer | FailoverService, scope: 'virtual' | 'failover'): string[] {
  const isShoal = isShoalBlock(scope, { ...service });
  const lead = isShoal ? '#@ ' : '';
  return [
    `${lead}${scope} ${encloseInside(service.name)} {`,
    ...blockLines({ ...service }, scope, DIRECTIVE_INDENT, isShoal),
    ...service.servers.flatMap((server) => serverLines(server, isShoal)),
    `${lead}}`,
  ];
}

function serverLines(server: RealServer, isInShoalBlock: boolean): string[] {
  const isShoal = isInShoalBlock || isShoalBlock('server', { ...server });
  const lead = `${DIRECTIVE_INDENT}${isShoal ? '#@ ' : ''}`;
  return [
    `${lead}server ${encloseInside(server.name)} {`,
    ...blockLines({ ...server }, 'server', SERVER_INDENT, isShoal),
    `${lead}}`,
  ];
}

function blockLines(block: Remarks & Settings, scope: Scope, indent: string, isShoal: boolean): string[] {
  const lines = [
    ...block.comments.map(commentLine),
    ...directivesOf[scope].flatMap((directive) => valueLines(directive, block[directive.key], isShoal)),
    ...block.unknown.map((text) => `#@ ${withoutBlanks(oneLine(text))}`),
  ];
  return lines.map((line) => indent + line);
}

function valueLines(directive: Directive, value: unknown, isShoalBlock: boolean): string[] {
  const { name, kind, always, piranhaFallback } = directive;
  if (!always && isSame(value, directive.default)) return [];
  const text = kind.format(value);
  if (text === null) return [];
  if (isShoalBlock || directive.dialect === 'shoal') return [`#@ ${name} = ${text}`];
  if (piranhaFallback === undefined || (kind.isPiranhaValue?.(value) ?? true)) return [`${name} = ${text}`];
  return [`${name} = ${kind.format(piranhaFallback)}`, `#@ ${name} = ${text}`];
}

const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

/** A comment as it is; one that would not be read as a comment gets a `#` in front. */
function commentLine(comment: string): string {
  const text = oneLine(comment);
  return /^#(?!@[ \t]*[^ \t])/.test(text) ? text : `# ${text}`;
}
