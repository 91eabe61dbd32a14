/** A router of the simulated world that runs Piranha: the double of its pulse, and a kernel that holds the addresses. */
import type { PulseConfig } from '#agent/pulse/contract.ts';
import type { ChannelName } from '#agent/pulse/heartbeat.ts';
import type { Side } from './network.ts';
import { PiranhaDouble } from './piranha-double.ts';
import type { Timeline } from './timeline.ts';

export interface PiranhaDeps {
  readonly timeline: Timeline;
  send(from: Side, channel: ChannelName, bytes: Uint8Array): void;
  say(side: Side, what: string): void;
}

export class PiranhaRouter {
  readonly side: Side;
  readonly config: PulseConfig;
  pulse: PiranhaDouble | null = null;
  isHolding = false;
  /** How long bringing the aliases up, or lvsd's end, lasts. */
  effectMs = 20;
  announcements = 0;
  private readonly deps: PiranhaDeps;
  private run = 0;
  private cancelTurn = () => {};

  constructor(side: Side, config: PulseConfig, deps: PiranhaDeps) {
    this.side = side;
    this.config = config;
    this.deps = deps;
  }

  /** Pulse is started, on a machine without any VIP. */
  start(): void {
    if (this.pulse !== null) return;
    this.run += 1;
    const { keepaliveMs, deadtimeMs } = this.config;
    const isMaster = this.side === 'primary';
    const host = {
      send: (word: number) => this.send(word),
      activate: () => this.later(this.effectMs / 10, () => this.setHolding(true)),
      deactivate: () => this.later(this.effectMs, () => this.endDeactivation()),
      getReady: () => {},
      announce: () => {
        this.announcements += 1;
        this.deps.say(this.side, '→ announce');
      },
      log: (message: string) => this.deps.say(this.side, message),
    };
    this.pulse = new PiranhaDouble({ isMaster, keepaliveMs, deadtimeMs }, host, this.deps.timeline.now());
    this.arm();
  }

  /** The machine dies, or pulse ends by SIGTERM, which takes the aliases off and says nothing. */
  end(): void {
    this.run += 1;
    this.cancelTurn();
    this.pulse = null;
    this.setHolding(false);
  }

  receive(_channel: ChannelName, bytes: Uint8Array): void {
    this.pulse?.receive(bytes, this.deps.timeline.now());
    this.arm();
  }

  childDies(): void {
    this.pulse?.childDies();
    this.arm();
  }

  linkIs(isUp: boolean): void {
    this.pulse?.linkIs(isUp);
    this.arm();
  }

  canServe(): boolean {
    return this.pulse !== null && !this.pulse.hasChildFail && !this.pulse.hasLinkFail;
  }

  private send(word: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, word, true);
    for (const { name } of this.config.channels) this.deps.send(this.side, name, bytes);
  }

  private endDeactivation(): void {
    this.setHolding(false);
    this.pulse?.deactivated(this.deps.timeline.now());
    this.arm();
  }

  /** A takeover that was overtaken by its end brings no alias up: that fault of Piranha's is not played. */
  private setHolding(isHolding: boolean): void {
    if (isHolding && this.pulse?.isActive !== true) return;
    if (isHolding !== this.isHolding) this.deps.say(this.side, isHolding ? '→ aliases up' : '→ aliases down');
    this.isHolding = isHolding;
  }

  private arm(): void {
    this.cancelTurn();
    const wakeAt = this.pulse?.wakeAt() ?? Number.POSITIVE_INFINITY;
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.cancelTurn = this.deps.timeline.at(wakeAt, () => {
      this.pulse?.turn(this.deps.timeline.now());
      this.arm();
    });
  }

  private later(afterMs: number, happen: () => void): void {
    const { run } = this;
    this.deps.timeline.at(this.deps.timeline.now() + afterMs, () => {
      if (run === this.run) happen();
    });
  }
}
