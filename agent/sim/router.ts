/**
 * One router of the simulated world: the real machine and the real codec, with a kernel that holds the addresses or
 * not, a process that can be stopped or killed, a machine that can be frozen or lose its power, and its own clock.
 */
import type { PulseConfig } from '#agent/pulse/contract.ts';
import { noMemory } from '#agent/pulse/contract.ts';
import { readDatagram } from '#agent/pulse/datagram.ts';
import type { ChannelName } from '#agent/pulse/heartbeat.ts';
import type { StepResult } from '#agent/pulse/machine.ts';
import { memoryOf, wakeAfterMs } from '#agent/pulse/machine.ts';
import { encodeHeartbeat } from '#agent/pulse/packet.ts';
import { encodeWord } from '#agent/pulse/piranha-word.ts';
import type { MachineState, PulseAction, PulseEvent } from '#agent/pulse/state.ts';
import { initialState } from '#agent/pulse/state.ts';
import type { Side } from './network.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import { toySigner, toyVerify } from './toy-mac.ts';

export type Step = (state: MachineState, event: PulseEvent, now: number) => StepResult;

export interface RouterDeps {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly step: Step;
  send(from: Side, channel: ChannelName, bytes: Uint8Array): void;
  /** Told of every action before it is carried out, with the state before the step that led to it. */
  onAction(router: SimRouter, action: PulseAction, before: MachineState): void;
}

type Effect = 'acquire' | 'release';

/** What a socket holds while nobody reads it. */
const INBOX_MOST = 200;

export class SimRouter {
  readonly side: Side;
  config: PulseConfig;
  state: MachineState;

  isPowered = false;
  /** The agent's process exists; it may be stopped, the machine frozen. */
  isRunning = false;
  isStopped = false;
  isFrozen = false;
  /** The addresses are on the interfaces. */
  isHolding = false;
  /** The kernel refuses addresses. */
  isBroken = false;
  fault: string | null = null;
  /** What of it the process has been told: while it sleeps, it cannot know. */
  toldFault: string | null = null;
  hasKey = true;
  /** On its disk. */
  memory = noMemory;
  /** Datagrams that did not reach the machine, by reason. */
  readonly rejected: Record<string, number> = {};
  /** How long putting addresses on, and taking them off, lasts. */
  effectMs = 5;
  /** An effect that takes unusually long is under way until then. */
  slowUntil = 0;
  /** Until then the machine stood still with its clock, and has not noticed. */
  stoodStillUntil = 0;
  /** What it takes in at this moment was said before it stood still. */
  hearsOldWord = false;
  /** Since then the process has not slept for a dead time or longer. */
  awakeSince = 0;
  /** Commands of administrators that wait for an answer, and since when. */
  askedAt: number | null = null;

  private readonly deps: RouterDeps;
  private readonly clockZero: number;
  private readonly clockRate: number;
  private frozenMs = 0;
  private frozenAt = 0;
  private doesClockRun = false;
  private stoppedAt = 0;
  /** Counts runs of the process, so that what an earlier one planned does not happen. */
  private run = 0;
  private cancelTick = () => {};
  private inbox: PulseEvent[] = [];
  private effects: Effect[] = [];
  private whenThawed: (() => void)[] = [];

  constructor(side: Side, config: PulseConfig, deps: RouterDeps) {
    this.side = side;
    this.config = config;
    this.deps = deps;
    this.clockZero = deps.random.between(0, 1e7);
    this.clockRate = deps.random.between(0.995, 1.005);
    this.state = initialState('0000000000000001', 0);
  }

  /** The router's own monotonic clock; it stands still while the machine is frozen. */
  clock(): number {
    const now = this.deps.timeline.now();
    const frozen = this.frozenMs + (this.isFrozen && !this.doesClockRun ? now - this.frozenAt : 0);
    return this.clockZero + (now - frozen) * this.clockRate;
  }

  isAwake(): boolean {
    return this.isPowered && this.isRunning && !this.isStopped && !this.isFrozen;
  }

  powerOn(): void {
    if (this.isPowered) return;
    this.isPowered = true;
    this.startAgent();
  }

  powerOff(): void {
    this.killAgent();
    this.thaw();
    this.isPowered = false;
    this.isHolding = false;
  }

  startAgent(): void {
    if (!this.isPowered || this.isRunning || this.isFrozen) return;
    this.isRunning = true;
    this.awakeSince = this.deps.timeline.now();
    const hex = () => this.deps.random.integer(1, 0xffffffff).toString(16).padStart(8, '0');
    this.state = initialState(hex() + hex(), this.clock());
    this.toldFault = null;
    if (this.fault !== null) this.take({ type: 'fault', problem: this.fault });
    const { config, hasKey, isHolding, memory } = this;
    this.take({ type: 'configure', config, hasKey, isAdopted: isHolding, memory });
  }

  /** kill -9: what the kernel holds stays as it is. */
  killAgent(): void {
    this.isRunning = false;
    this.isStopped = false;
    this.run += 1;
    this.cancelTick();
    this.inbox = [];
    this.effects = [];
    this.askedAt = null;
  }

  /** SIGSTOP: the clock runs on, datagrams wait in the socket. */
  stopProcess(): void {
    if (!this.isRunning || this.isStopped) return;
    this.isStopped = true;
    this.stoppedAt = this.clock();
  }

  continueProcess(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    const slept = this.clock() - this.stoppedAt;
    if (slept >= this.config.deadtimeMs) this.awakeSince = this.deps.timeline.now();
    if (!this.isFrozen) this.drain();
  }

  /** The whole machine stands still; what arrives is lost. Its clock stands still too, or has run on afterwards. */
  freeze(doesClockRun: boolean): void {
    if (!this.isPowered || this.isFrozen) return;
    this.isFrozen = true;
    this.doesClockRun = doesClockRun;
    this.frozenAt = this.deps.timeline.now();
  }

  thaw(): void {
    if (!this.isFrozen) return;
    const now = this.deps.timeline.now();
    if (!this.doesClockRun) {
      this.frozenMs += now - this.frozenAt;
      this.stoodStillUntil = now;
    } else if (now - this.frozenAt >= this.config.deadtimeMs) this.awakeSince = now;
    this.isFrozen = false;
    this.drain();
    for (const happen of this.whenThawed.splice(0)) happen();
  }

  receive(channel: ChannelName, bytes: Uint8Array, isFromPartner = true): void {
    if (!this.isPowered || this.isFrozen || !this.isRunning) return;
    const reader = { verify: this.hasKey ? toyVerify : null, service: this.config.service };
    const { event, fault } = readDatagram(reader, { channel, bytes, isFromPartner });
    if (fault !== null) this.rejected[fault] = (this.rejected[fault] ?? 0) + 1;
    if (event !== null) this.take(event);
  }

  setFault(problem: string | null): void {
    this.fault = problem;
    this.take({ type: 'fault', problem });
  }

  setCutOff(isCutOff: boolean): void {
    this.take({ type: 'cut-off', isCutOff });
  }

  reconfigure(config: PulseConfig): void {
    this.config = config;
    const { hasKey, memory } = this;
    this.take({ type: 'configure', config, hasKey, isAdopted: false, memory });
  }

  /** The console gives the cluster key. */
  giveKey(): void {
    this.hasKey = true;
    this.reconfigure(this.config);
  }

  command(type: 'switchover' | 'stop' | 'start'): void {
    if (!this.isRunning) return;
    if (type !== 'start') this.askedAt ??= this.deps.timeline.now();
    this.take({ type });
  }

  private take(event: PulseEvent): void {
    if (!this.isRunning) return;
    if (!this.isAwake()) {
      if (this.inbox.length < INBOX_MOST || event.type !== 'heartbeat') this.inbox.push(event);
      return;
    }
    if (event.type === 'fault') this.toldFault = event.problem;
    const before = this.state;
    const { state, actions } = this.deps.step(before, event, this.clock());
    this.state = state;
    this.memory = memoryOf(state);
    for (const action of actions) {
      this.deps.onAction(this, action, before);
      this.perform(action);
    }
    this.armTick();
  }

  private drain(): void {
    if (!this.isRunning) return;
    const waiting = this.inbox.splice(0);
    // An event loop that wakes up sees its timers or its sockets first; nobody promises which.
    if (this.deps.random.chance(0.5)) this.take({ type: 'tick' });
    for (const event of waiting) this.take(event);
    this.take({ type: 'tick' });
  }

  private armTick(): void {
    this.cancelTick();
    const wait = wakeAfterMs(this.state, this.clock()) / this.clockRate;
    this.cancelTick = this.deps.timeline.at(this.deps.timeline.now() + wait, () => {
      if (this.isAwake()) this.take({ type: 'tick' });
    });
  }

  private perform(action: PulseAction): void {
    switch (action.type) {
      case 'send':
        this.deps.send(this.side, action.heartbeat.channel, encodeHeartbeat(action.heartbeat, toySigner));
        return;
      case 'send-plain':
        for (const { name } of this.config.channels) {
          this.deps.send(this.side, name, encodeWord(this.config.service, action.word));
        }
        return;
      case 'acquire':
      case 'release':
        this.effects.push(action.type);
        if (this.effects.length === 1) this.startEffect(action.type);
        return;
      case 'answer':
        this.askedAt = null;
        return;
      case 'log':
      case 'announce':
        return;
    }
  }

  /** One after the other. Addresses are on early and off late: the worst case for two owners. */
  private startEffect(effect: Effect): void {
    const isRefused = this.isBroken && effect === 'acquire';
    const isPartial = this.deps.random.chance(0.5);
    if (this.effectMs > this.config.keepaliveMs / 4)
      this.slowUntil = this.deps.timeline.now() + this.effectMs;
    this.later(this.effectMs / 10, () => {
      if (effect === 'acquire' && (!isRefused || isPartial)) this.isHolding = true;
    });
    this.later(this.effectMs, () => {
      if (effect === 'release') this.isHolding = false;
      this.effects.shift();
      if (effect === 'acquire') this.take({ type: 'acquired', ok: !isRefused });
      else this.take({ type: 'released' });
      const [next] = this.effects;
      if (next !== undefined) this.startEffect(next);
    });
  }

  private later(afterMs: number, happen: () => void): void {
    const { run } = this;
    const happenUnlessOver = () => {
      if (run !== this.run) return;
      if (this.isFrozen) this.whenThawed.push(happenUnlessOver);
      else happen();
    };
    this.deps.timeline.at(this.deps.timeline.now() + afterMs, happenUnlessOver);
  }
}
