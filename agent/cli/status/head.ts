/** The head of the picture: router, role, partner, configuration, addresses. Pure. */
import type { RouterStatus } from '#lib/protocol/messages.ts';
import type { Paint } from '../paint.ts';
import { cut, printable, textWidth } from '../terminal-text.ts';
import { secondsSince } from './picture.ts';
import { roleColour } from './symbols.ts';

/** `45 s`, `12 min`, `3 h`, `9 days`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

/** `2024-01-01 10:03:12Z`, whatever the fractions. */
export const timeText = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z');

/** As many of the words as pad, and how many more there are. */
export function listed(words: readonly string[], width: number): string {
  const all = words.join(', ');
  if (textWidth(all) <= width) return all;
  for (let shown = words.length - 1; shown > 0; shown -= 1) {
    const text = `${words.slice(0, shown).join(', ')} and ${words.length - shown} more`;
    if (textWidth(text) <= width) return text;
  }
  return cut(`${words.length} of them`, width);
}

function partnerText({ peer, config }: RouterStatus): string {
  if (peer.state === 'none') return 'none: this router serves alone';
  const words = {
    alive: `${peer.role ?? 'role unknown'}`,
    silent: 'SILENT',
    'never-heard': 'NEVER HEARD',
  } as const;
  const heard = peer.lastHeardMsAgo === null ? [] : [`heard ${heardText(peer.lastHeardMsAgo)} ago`];
  const links = peer.channels.map(({ name, twoWay }) => `${name} ${twoWay ? 'both ways' : 'NOT both ways'}`);
  const differs =
    peer.configHash !== null && config.hash !== null && peer.configHash !== config.hash
      ? [`OTHER CONFIGURATION (serial ${peer.serial ?? 'none'})`]
      : [];
  const rejected = Object.values(peer.rejected).reduce((sum, count) => sum + count, 0);
  return [
    words[peer.state],
    ...differs,
    ...heard,
    ...links,
    ...(peer.authenticated ? [] : ['NOT authenticated']),
    ...(rejected === 0 ? [] : [`${rejected} datagrams refused`]),
  ].join(', ');
}

const heardText = (ms: number): string =>
  ms < 2000 ? `${Math.round(ms)} ms` : duration(Math.round(ms / 1000));

function configText(status: RouterStatus): string {
  const { serial, hash, appliedAt } = status.config;
  const age = appliedAt === null ? '' : `, applied ${duration(secondsSince(status, appliedAt))} ago`;
  const config = serial === null ? 'none' : `serial ${serial}, ${hash?.slice(0, 12)}${age}`;
  const memory = Math.round(status.memoryBytes / 1024 / 1024);
  return `${config}; agent ${status.version}, up ${duration(status.uptimeSeconds)}, ${memory} MB`;
}

export interface Showing {
  readonly width: number;
  readonly paint: Paint;
  readonly more: string;
}

/** Whatever happens to the rest of the screen, these lines stand. */
export function headLines(status: RouterStatus, { width, paint, more }: Showing): string[] {
  const { config, roleSince, roleReason, role, addresses } = status;
  const router = `${status.hostname} (${status.configuredAs ?? 'not in the configuration'})`;
  const since = `for ${duration(secondsSince(status, roleSince))}, since ${timeText(roleSince)}`;
  const first = cut(printable(`${router}  ${role.toUpperCase()} ${since}`), width, more)
    .replace(role.toUpperCase(), (word) => paint(word, 'bold', roleColour(role)))
    .replace(status.hostname, (word) => paint(word, 'bold'));
  const row = (label: string, text: string): string =>
    `${paint(label.padEnd(9), 'dim')}${cut(printable(text), width - 9, more)}`;
  const alarm = (label: string, text: string): string =>
    paint(cut(`${label.padEnd(9)}${printable(text)}`, width, more), 'bold', 'yellow');
  return [
    first,
    row('why', roleReason),
    row('partner', partnerText(status)),
    row('config', configText(status)),
    ...(config.confirmSecondsLeft === null
      ? []
      : [alarm('ON TRIAL', `returns in ${config.confirmSecondsLeft} s unless: shoalctl confirm`)]),
    ...(config.fileHash === config.hash
      ? []
      : [alarm('file', 'lvs.cf on disk differs from what runs; take it in: shoalctl reload')]),
    row('VIPs', addresses.length === 0 ? 'none on this router' : listed(addresses, width - 9)),
  ];
}
