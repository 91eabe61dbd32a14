/**
 * What is known of a partner that speaks Piranha's heartbeat. A word proves nothing but that somebody at the
 * partner's address lives: it carries no number and no echo, so the moments at which words were said and heard must
 * do. Pure.
 */
import type { ChannelName, Heartbeat } from './heartbeat.ts';
import { isOwner } from './heartbeat.ts';
import type { PlainWord } from './piranha-word.ts';

export interface PlainLink {
  /** What the partner said last; `present`: it lives, and nothing follows from it. Null: silent. */
  readonly word: 'running' | 'stopped' | 'present' | null;
  /** The word was read from a signed heartbeat, which this router without a key cannot check. */
  readonly isUnchecked: boolean;
  /** Not only `running`: a Piranha of failover services asks this router to stop. */
  readonly isDemand: boolean;
  /** `stopped`, and the word before was `running`: no `stopped` of mine can have crossed it. */
  readonly hasReleased: boolean;
  readonly heard: Readonly<Record<ChannelName, number | null>>;
  readonly heardAt: number;
  readonly saidStoppedAt: number;
  /** The partner may be taking the service on my last word: say nothing until then, so that its next word counts. */
  readonly quietUntil: number;
}

export const silentLink: PlainLink = {
  word: null,
  isUnchecked: false,
  isDemand: false,
  hasReleased: false,
  heard: { public: null, private: null },
  heardAt: Number.NEGATIVE_INFINITY,
  saidStoppedAt: Number.NEGATIVE_INFINITY,
  quietUntil: Number.NEGATIVE_INFINITY,
};

export function hearWord(link: PlainLink, channel: ChannelName, word: PlainWord, now: number): PlainLink {
  const said = word === 'stop-me' ? 'running' : word === 'hold' ? (link.word ?? 'present') : word;
  return note(link, channel, { word: said, isUnchecked: false, isDemand: word === 'stop-me' }, now);
}

/** The state in a heartbeat that nobody can check here: as much as a word, and no more. */
export function hearUnchecked(
  link: PlainLink,
  channel: ChannelName,
  heartbeat: Heartbeat,
  now: number,
): PlainLink {
  const idle = heartbeat.flags.ready ? 'present' : 'stopped';
  const word = isOwner(heartbeat.state) ? 'running' : idle;
  return note(link, channel, { word, isUnchecked: true, isDemand: false }, now);
}

/** The dead time is over, or this router slept: what was said before counts for nothing. */
export function forgetWords(link: PlainLink): PlainLink {
  return { ...silentLink, heard: link.heard, heardAt: link.heardAt, saidStoppedAt: link.saidStoppedAt };
}

function note(
  link: PlainLink,
  channel: ChannelName,
  said: Pick<PlainLink, 'word' | 'isUnchecked' | 'isDemand'>,
  now: number,
): PlainLink {
  const isRepeated = said.word === 'stopped' && link.word === 'stopped';
  return {
    ...link,
    ...said,
    hasReleased: said.word === 'stopped' && (link.word === 'running' || (isRepeated && link.hasReleased)),
    heard: { ...link.heard, [channel]: now },
    heardAt: now,
    quietUntil: said.word === 'stopped' ? link.quietUntil : Number.NEGATIVE_INFINITY,
  };
}

/** How long a word may be under way. */
export function crossingMs(keepaliveMs: number): number {
  return keepaliveMs / 2;
}

/**
 * Whether the partner's `stopped` was said in the knowledge of my own: then it will not take the service itself.
 * A Piranha that hears `stopped` takes the service at once, unless its link or its lvsd is down; two routers that
 * both answered the other's `stopped` would both become active.
 */
export function knowsMine(link: PlainLink, keepaliveMs: number): boolean {
  const since = link.heardAt - link.saidStoppedAt;
  return since > 0 && (link.hasReleased || since > crossingMs(keepaliveMs));
}
