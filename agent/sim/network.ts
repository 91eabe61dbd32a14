/** The wire between the two routers: one path per channel and direction, each with its own faults. */
import type { ChannelName } from '#agent/pulse/heartbeat.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export type Side = 'primary' | 'backup';
export const otherSide = (side: Side): Side => (side === 'primary' ? 'backup' : 'primary');

export interface Weather {
  /** Probabilities. */
  loss: number;
  duplicate: number;
  /** In ms; more jitter than the sending interval reorders. */
  delay: number;
  jitter: number;
}

interface Recorded {
  readonly to: Side;
  readonly channel: ChannelName;
  readonly bytes: Uint8Array;
  readonly sentAt: number;
}

export interface Network {
  readonly weather: Weather;
  send(from: Side, channel: ChannelName, bytes: Uint8Array): void;
  cut(from: Side, channel: ChannelName): void;
  mend(from: Side, channel: ChannelName): void;
  mendAll(): void;
  isOpen(from: Side, channel: ChannelName): boolean;
  /** Some of what was sent, for replays. */
  readonly recorded: readonly Recorded[];
}

const RECORDED_MOST = 400;

export function createNetwork(
  timeline: Timeline,
  random: Random,
  weather: Weather,
  deliver: (to: Side, channel: ChannelName, bytes: Uint8Array) => void,
): Network {
  const isCut: Record<Side, Record<ChannelName, boolean>> = {
    primary: { public: false, private: false },
    backup: { public: false, private: false },
  };
  const recorded: Recorded[] = [];

  const arrive = (to: Side, channel: ChannelName, bytes: Uint8Array) => {
    const after = weather.delay + random.next() * weather.jitter;
    timeline.at(timeline.now() + after, () => deliver(to, channel, bytes));
  };

  return {
    weather,
    recorded,
    send(from, channel, bytes) {
      const to = otherSide(from);
      const recording = { to, channel, bytes, sentAt: timeline.now() };
      if (recorded.length < RECORDED_MOST) recorded.push(recording);
      else recorded[random.integer(0, RECORDED_MOST - 1)] = recording;
      if (isCut[from][channel] || random.chance(weather.loss)) return;
      arrive(to, channel, bytes);
      if (random.chance(weather.duplicate)) arrive(to, channel, bytes);
    },
    cut(from, channel) {
      isCut[from][channel] = true;
    },
    mend(from, channel) {
      isCut[from][channel] = false;
    },
    mendAll() {
      for (const from of ['primary', 'backup'] as const) isCut[from] = { public: false, private: false };
    },
    isOpen: (from, channel) => !isCut[from][channel],
  };
}
