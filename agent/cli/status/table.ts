/** The virtual servers of the picture, in as many lines as there are; the less room, the more is put together. Pure. */
import { pad, printable, textWidth } from '../terminal-text.ts';
import { duration, type Showing } from './head.ts';
import type { Picture, ServerLine, ServiceBlock } from './picture.ts';
import { lookOf, type Signs } from './symbols.ts';

export interface TableShowing extends Showing {
  readonly signs: Signs;
}

interface Columns {
  readonly name: number;
  readonly endpoint: number;
  readonly evidence: number;
}

const STATE = 11;
const WEIGHT = 6;
const COUNT = 7;
const AGE = 7;
/** Blanks between the columns and in front. */
const FIXED = 2 + 1 + STATE + WEIGHT + COUNT + COUNT + AGE + 2;
const LEAST_EVIDENCE = 10;
/** Beyond this, what stands at the right edge is too far from what it belongs to. */
const MOST_HEAD = 110;

const isFine = ({ state }: ServerLine): boolean => state === 'up' || state === 'foreign';
/** Real servers that are meant to serve. */
const meant = ({ servers }: ServiceBlock): readonly ServerLine[] =>
  servers.filter(({ state }) => state !== 'disabled' && state !== 'sorry' && state !== 'foreign');

/** Names and addresses as wide as they are, as long as something is left for the evidence. */
function columnsFor(blocks: readonly ServiceBlock[], width: number): Columns {
  let name = 4;
  let endpoint = 11;
  for (const { servers } of blocks)
    for (const server of servers) {
      name = Math.max(name, Math.min(24, textWidth(server.name)));
      endpoint = Math.max(endpoint, server.endpoint.length);
    }
  const room = Math.max(width - FIXED - LEAST_EVIDENCE, 20);
  const shownEndpoint = Math.min(endpoint, Math.max(12, room - 6));
  const shownName = Math.min(name, Math.max(4, room - shownEndpoint));
  return {
    name: shownName,
    endpoint: shownEndpoint,
    evidence: Math.max(0, width - FIXED - shownName - shownEndpoint),
  };
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A fixed weight is told by its sign. */
const weightText = ({ weight, isWeightFixed }: ServerLine): string =>
  isWeightFixed && weight !== null ? `=${weight}` : numberText(weight);

/** Who decided what and when, then what the last check found. */
const evidenceText = ({ overrides, evidence }: ServerLine): string =>
  [
    ...overrides.map(({ text, age }) => (age === null ? text : `${text} ${duration(age)} ago`)),
    evidence,
  ].join('; ');

const numberText = (value: number | null): string => (value === null ? '-' : String(value));

function serverLine(
  server: ServerLine,
  columns: Columns,
  { paint, signs, more, width }: TableShowing,
): string {
  const look = lookOf(server.state);
  const state = pad(`${signs.stateSign(server.state)} ${look.word}`, STATE - 1, 'left', more);
  const age = server.age === null ? '' : duration(server.age).replace(' days', ' d');
  const before = [
    '  ',
    pad(printable(server.name), columns.name, 'left', more),
    ' ',
    pad(printable(server.endpoint), columns.endpoint, 'left', more),
    ' ',
  ].join('');
  const after = [
    pad(weightText(server), WEIGHT, 'right', more),
    pad(numberText(server.active), COUNT, 'right', more),
    pad(numberText(server.inactive), COUNT, 'right', more),
    pad(age, AGE, 'right', more),
    '  ',
    pad(printable(evidenceText(server)), columns.evidence, 'left', more),
  ].join('');
  const rest = pad(after, Math.max(0, width - textWidth(before) - STATE + 1), 'left', more).trimEnd();
  return `${before}${paint(state, look.colour)}${rest}`;
}

const columnHeads = (columns: Columns, { width, paint, more }: TableShowing): string => {
  const text = [
    ' '.repeat(4 + columns.name + columns.endpoint),
    'state'.padEnd(STATE - 1),
    'weight'.padStart(WEIGHT),
    'active'.padStart(COUNT),
    'inact'.padStart(COUNT),
    'for'.padStart(AGE),
    '  last check',
  ].join('');
  return paint(pad(text, width, 'left', more).trimEnd(), 'dim');
};

/** `2 of 3 up`, and what of the rest there is to say. */
function countText(block: ServiceBlock): string {
  const servers = meant(block);
  const up = servers.filter(({ state }) => state === 'up').length;
  if (block.isForeign) return plural(block.servers.length, 'destination');
  return servers.length === 0 ? 'no real server' : `${up} of ${servers.length} up`;
}

const activeOf = ({ servers }: ServiceBlock): number =>
  servers.reduce((sum, { active }) => sum + (active ?? 0), 0);

/** Whether somebody has to look: nobody is served, or not by all that should. */
export const isTroubled = (block: ServiceBlock): boolean =>
  block.isMissing ||
  (!block.isForeign && !block.isInactive && meant(block).length === 0) ||
  !block.servers.every((server) => isFine(server) || server.state === 'disabled');

function blockState(block: ServiceBlock): { readonly word: string; readonly state: ServerLine['state'] } {
  const servers = meant(block);
  const up = servers.filter(({ state }) => state === 'up').length;
  if (block.isForeign) return { word: 'not ours', state: 'foreign' };
  if (block.isMissing) return { word: 'NOT IN THE KERNEL', state: 'down' };
  if (block.servers.some(({ state }) => state === 'sorry')) return { word: 'SORRY SERVER', state: 'sorry' };
  if (up === 0 && !servers.some(({ state }) => state === 'unknown'))
    return { word: 'NOBODY SERVES', state: 'down' };
  return up === servers.length ? { word: '', state: 'up' } : { word: '', state: 'rising' };
}

function headLine(block: ServiceBlock, { width, paint, signs, more }: TableShowing): string {
  const { word, state } = blockState(block);
  const what = [
    block.service,
    block.scheduler,
    ...(block.persistence === null ? [] : [`persistent ${block.persistence} s`]),
  ]
    .filter((part) => part !== '')
    .join('  ');
  const right = [countText(block), ...(activeOf(block) > 0 ? [`${activeOf(block)} active`] : []), word]
    .filter((part) => part !== '')
    .join(', ');
  const name = block.name === '' ? '' : `${printable(block.name)}  `;
  const room = Math.min(width, MOST_HEAD) - 2 - textWidth(right) - 2;
  const left = pad(`${name}${printable(what)}`, Math.max(0, room), 'left', more);
  const shownName = name.trimEnd();
  const shownLeft =
    shownName !== '' && left.startsWith(shownName)
      ? paint(shownName, 'bold') + left.slice(shownName.length)
      : left;
  const look = lookOf(state);
  const shownRight = word === '' ? right : right.replace(word, (text) => paint(text, 'bold', look.colour));
  return `${paint(signs.stateSign(state), look.colour)} ${shownLeft}  ${shownRight}`;
}

/** Each virtual server with all its real servers. */
const everything = (block: ServiceBlock, columns: Columns, showing: TableShowing): string[] => [
  headLine(block, showing),
  ...block.servers.map((server) => serverLine(server, columns, showing)),
];

/** The line of the virtual server and no more than `most` of the real servers that are not up. */
function troubles(block: ServiceBlock, most: number, columns: Columns, showing: TableShowing): string[] {
  const troubled = block.servers.filter((server) => !isFine(server) && server.state !== 'disabled');
  // A line that says "and 1 more" may as well show that one.
  const isCut = troubled.length > most + (most > 0 ? 1 : 0);
  const shown = isCut ? troubled.slice(0, most) : troubled;
  const left = troubled.length - shown.length;
  return [
    headLine(block, showing),
    ...shown.map((server) => serverLine(server, columns, showing)),
    ...(left > 0 && most > 0
      ? [showing.paint(`  ${showing.more} and ${left} more that are not up`, 'yellow')]
      : []),
  ];
}

/** What is not shown, in one line. */
function restLine(blocks: readonly ServiceBlock[], { paint, more, width }: TableShowing): string {
  const servers = blocks.reduce((sum, block) => sum + meant(block).length, 0);
  const up = blocks.reduce(
    (sum, block) => sum + meant(block).filter(({ state }) => state === 'up').length,
    0,
  );
  const troubled = blocks.filter(isTroubled).length;
  const what =
    troubled === 0
      ? `${plural(blocks.length, 'virtual server')} with ${plural(servers, 'real server')}, all up`
      : `${plural(blocks.length, 'virtual server')}, ${up} of ${plural(servers, 'real server')} up, ${troubled} in trouble`;
  const text = `${more} and ${what} (status --all)`;
  return paint(pad(text, width, 'left', more).trimEnd(), troubled === 0 ? 'dim' : 'yellow');
}

/** How urgent: nobody serves, somebody is missing, nothing. */
function urgency(block: ServiceBlock): number {
  const { word } = blockState(block);
  return block.isForeign || !isTroubled(block) ? 2 : word === '' ? 1 : 0;
}

/** Numbers of real servers that are shown of each virtual server in trouble, tried one after the other. */
const MOST_SHOWN: readonly number[] = [Number.POSITIVE_INFINITY, 8, 4, 2, 1, 0];

/** What somebody has to look at first, the rest as far as it goes; the last line tells what is left out. */
function shortened(
  blocks: readonly ServiceBlock[],
  height: number,
  columns: Columns,
  showing: TableShowing,
): string[] {
  const order = [...blocks].sort((a, b) => urgency(a) - urgency(b));
  const sizeAt = (most: number): number =>
    order.filter(isTroubled).reduce((sum, block) => sum + troubles(block, most, columns, showing).length, 0);
  const most = MOST_SHOWN.find((each) => sizeAt(each) < height) ?? 0;
  const lines: string[] = [];
  for (const [index, block] of order.entries()) {
    const part = troubles(block, most, columns, showing);
    const isLast = index === order.length - 1;
    if (lines.length + part.length + (isLast ? 0 : 1) > height)
      return [...lines, restLine(order.slice(index), showing)];
    lines.push(...part);
  }
  return lines;
}

/** Null for `height`: all lines, whatever their number. */
export function tableLines(picture: Picture, height: number | null, showing: TableShowing): string[] {
  const blocks = picture.blocks.filter(({ isInactive }) => !isInactive);
  const inactive = picture.blocks.filter(({ isInactive }) => isInactive).map(({ name }) => name);
  const last =
    inactive.length === 0
      ? []
      : [
          showing.paint(
            pad(
              `not active: ${inactive.map(printable).join(', ')}`,
              showing.width,
              'left',
              showing.more,
            ).trimEnd(),
            'dim',
          ),
        ];
  if (blocks.length === 0) return ['no virtual servers', ...last];
  const columns = columnsFor(blocks, showing.width);
  const head = columnHeads(columns, showing);
  const full = blocks.map((block) => everything(block, columns, showing));
  const size = full.reduce((sum, part) => sum + part.length, 0) + 1 + last.length;
  if (height === null || size <= height) return [head, ...full.flat(), ...last];
  return [head, ...shortened(blocks, height - 1, columns, showing)];
}
