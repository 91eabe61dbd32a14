/**
 * Every state of the field, once: its word, its shape and its colour. Total tables: a new state does not compile
 * until it has a look.
 */
import {
  ArrowUp,
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleMinus,
  CirclePause,
  CircleSlash,
  CircleX,
  Ear,
  GitCompareArrows,
  Hourglass,
  Info,
  KeyRound,
  type LucideIcon,
  OctagonX,
  Play,
  Square,
  TriangleAlert,
  Undo2,
  Unplug,
  Upload,
} from 'lucide-react';
import type { RouterPushResult } from '#lib/console/contract.ts';
import type { LinkState, SyncState } from '#lib/protocol/live.ts';
import type { AgentEvent, HealthStatus, RouterStatus } from '#lib/protocol/messages.ts';
import { isTakenOut } from '#lib/protocol/override.ts';
import type { Tone } from '../ui/badge.tsx';

export interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly Icon: LucideIcon;
}

export const roleLook: Readonly<Record<RouterStatus['role'], Look>> = {
  active: { word: 'active', tone: 'good', Icon: Play },
  standby: { word: 'standby', tone: 'info', Icon: CirclePause },
  listening: { word: 'listening', tone: 'warn', Icon: Ear },
  stopped: { word: 'stopped', tone: 'neutral', Icon: Square },
  fault: { word: 'fault', tone: 'bad', Icon: OctagonX },
};

export const linkLook: Readonly<Record<LinkState, Look>> = {
  connecting: { word: 'connecting', tone: 'neutral', Icon: CircleDashed },
  connected: { word: 'connected', tone: 'good', Icon: CircleCheck },
  unreachable: { word: 'unreachable', tone: 'bad', Icon: Unplug },
  'key-changed': { word: 'host key changed', tone: 'bad', Icon: KeyRound },
  refused: { word: 'refused', tone: 'bad', Icon: Ban },
  'not-enrolled': { word: 'not enrolled', tone: 'warn', Icon: Hourglass },
};

export const unknownLook: Look = { word: 'unknown', tone: 'neutral', Icon: CircleHelp };

const healthLook: Readonly<Record<HealthStatus['state'], Look>> = {
  up: { word: 'up', tone: 'good', Icon: CircleCheck },
  down: { word: 'down', tone: 'bad', Icon: CircleX },
  rising: { word: 'rising', tone: 'warn', Icon: ArrowUp },
  unknown: { word: 'unknown', tone: 'neutral', Icon: CircleHelp },
  drained: { word: 'drained', tone: 'info', Icon: CirclePause },
  disabled: { word: 'not active', tone: 'neutral', Icon: CircleMinus },
};

/** An administrator took it out; not the same as a real server that is not active in the configuration. */
const takenOutLook: Look = { word: 'disabled', tone: 'info', Icon: CircleSlash };

export const lookOfHealth = (health: HealthStatus): Look =>
  isTakenOut(health) ? takenOutLook : healthLook[health.state];

export const syncLook: Readonly<Record<SyncState, Look>> = {
  'in-sync': { word: 'in sync', tone: 'good', Icon: CircleCheck },
  'never-pushed': { word: 'never pushed', tone: 'neutral', Icon: CircleDashed },
  pending: { word: 'push pending', tone: 'warn', Icon: Hourglass },
  'backup-behind': { word: 'backup behind', tone: 'warn', Icon: GitCompareArrows },
  'changed-on-router': { word: 'changed on the router', tone: 'warn', Icon: GitCompareArrows },
  unreachable: { word: 'unreachable', tone: 'bad', Icon: Unplug },
  single: { word: 'single router', tone: 'info', Icon: CircleMinus },
};

export const eventLook: Readonly<Record<AgentEvent['severity'], Look>> = {
  info: { word: 'info', tone: 'neutral', Icon: Info },
  warning: { word: 'warning', tone: 'warn', Icon: TriangleAlert },
  error: { word: 'error', tone: 'bad', Icon: CircleX },
};

export const outcomeLook: Readonly<Record<RouterPushResult['outcome'], Look>> = {
  sending: { word: 'being sent', tone: 'info', Icon: Upload },
  applied: { word: 'applied', tone: 'good', Icon: CircleCheck },
  trial: { word: 'on trial', tone: 'warn', Icon: Hourglass },
  'rolled-back': { word: 'rolled back', tone: 'neutral', Icon: Undo2 },
  unknown: { word: 'unknown', tone: 'warn', Icon: CircleHelp },
  unreachable: { word: 'unreachable', tone: 'bad', Icon: Unplug },
  refused: { word: 'refused', tone: 'bad', Icon: Ban },
  failed: { word: 'failed', tone: 'bad', Icon: CircleX },
  skipped: { word: 'skipped', tone: 'neutral', Icon: CircleMinus },
};

/** So many of so many up; none at all is an outage. */
export function upLook(up: number, all: number): Look {
  const word = `${up} of ${all} up`;
  if (all === 0) return { word: 'no real server', tone: 'neutral', Icon: CircleMinus };
  if (up === 0) return { word, tone: 'bad', Icon: CircleX };
  return up < all ? { word, tone: 'warn', Icon: TriangleAlert } : { word, tone: 'good', Icon: CircleCheck };
}
