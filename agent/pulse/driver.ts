/**
 * The edge around the machine: sockets, timers, keys and the data plane. It decides nothing: each datagram, timer,
 * command and result becomes an event, and the machine's actions are carried out in order. `acquire` and `release`
 * run one after the other, never side by side.
 */

import { makeSigner, makeVerify, randomSession } from '#agent/runtime/heartbeat-mac.ts';
import { createSerialQueue } from '#agent/runtime/queue.ts';
import type { Clock, Log } from '#agent/runtime/types.ts';
import type { OpenUdpSocket } from '#agent/runtime/udp.ts';
import { openUdpSocket } from '#agent/runtime/udp.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { createChannels } from './channels.ts';
import type { Pulse, PulseEffects, PulseMemory } from './contract.ts';
import { noMemory } from './contract.ts';
import { readDatagram } from './datagram.ts';
import type { ChannelName } from './heartbeat.ts';
import { memoryOf, step, wakeAfterMs } from './machine.ts';
import type { Signer, Verify } from './packet.ts';
import { encodeHeartbeat } from './packet.ts';
import { encodeWord } from './piranha-word.ts';
import { isDoubtful } from './rules.ts';
import type { MachineState, PulseAction, PulseEvent } from './state.ts';
import { initialState } from './state.ts';
import { describePeer, describeProblems, describeReason, roleOf } from './status.ts';

export interface PulseDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openSocket?: OpenUdpSocket;
  /** 16 hexadecimal digits, new at each start. */
  readonly newSession?: () => string;
}

export interface PulseDriver extends Pulse {
  /** Health of the real servers, told to the partner in each heartbeat. */
  setHealth(up: number, total: number): void;
}

type Answer = { readonly done: boolean; readonly message: string };
type Command = 'switchover' | 'stop';

const isClaimed = ({ role }: MachineState): boolean => role.name === 'acquiring' || role.name === 'active';

const isAcquire = ({ type }: PulseAction): boolean => type === 'acquire';

export function createPulse(deps: PulseDeps, effects: PulseEffects): PulseDriver {
  const { clock, log } = deps;
  const openSocket = deps.openSocket ?? openUdpSocket;
  let state = initialState((deps.newSession ?? randomSession)(), clock.now());
  let roleSince = clock.wall();
  let signer: Signer | null = null;
  let verify: Verify | null = null;
  let isClosed = false;
  let partnerKeyId: string | null = null;
  let remembered = noMemory;
  let cancelTick = () => {};
  const effectQueue = createSerialQueue();
  const rejected: Record<string, number> = {};
  const waiting: Record<Command, ((answer: Answer) => void)[]> = { switchover: [], stop: [] };
  const queue: PulseEvent[] = [];
  let isStepping = false;
  let wasDoubtful = false;

  const channels = createChannels({ clock, log, openSocket }, receive, (open) =>
    dispatch({ type: 'channels', open }),
  );

  function dispatch(event: PulseEvent) {
    if (isClosed) return;
    queue.push(event);
    if (isStepping) return;
    isStepping = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) runStep(next);
    } finally {
      isStepping = false;
    }
    getReady();
    armTick();
  }

  /** Once in each silence. */
  function getReady() {
    const isNow = isDoubtful(state);
    if (isNow && !wasDoubtful) effects.getReady();
    wasDoubtful = isNow;
  }

  function runStep(event: PulseEvent) {
    const before = state.role.name;
    const result = step(state, event, clock.now());
    state = result.state;
    if (roleOf(before) !== roleOf(state.role.name)) roleSince = clock.wall();
    // What takes over begins before it is told: on a slow machine a line of the log is as long as `ip`.
    const inOrder = [...result.actions].sort((a, b) => Number(isAcquire(b)) - Number(isAcquire(a)));
    for (const action of inOrder) perform(action);
    if (state.config !== null) remember(memoryOf(state));
  }

  function remember(memory: PulseMemory) {
    if (memory.pinned === remembered.pinned && memory.proven === remembered.proven) return;
    remembered = memory;
    effects.remember(memory);
  }

  /** A late timer must not judge before the datagrams that wait in the sockets: they are read between the two. */
  function armTick() {
    cancelTick();
    cancelTick = clock.after(wakeAfterMs(state, clock.now()), () => {
      cancelTick = clock.after(0, () => dispatch({ type: 'tick' }));
    });
  }

  function receive(channel: ChannelName, bytes: Uint8Array, fromAddress: string) {
    if (isClosed) return;
    const isFromPartner =
      state.config?.channels.some(({ peerAddress }) => peerAddress === fromAddress) === true;
    const reader = { verify, service: state.config?.service ?? 'lvs' };
    const { event, fault: dropped } = readDatagram(reader, { channel, bytes, isFromPartner });
    if (dropped !== null) {
      rejected[dropped] = (rejected[dropped] ?? 0) + 1;
      logRejection(dropped, rejected[dropped] ?? 1, fromAddress);
    }
    if (event === null) return;
    const before = state.rejected;
    dispatch(event);
    for (const [fault, count] of Object.entries(state.rejected)) {
      if (count !== Object.entries(before).find(([name]) => name === fault)?.[1]) {
        logRejection(fault, count, fromAddress);
      }
    }
  }

  /** The first, the tenth, the hundredth …: a flood of forgeries must not become a flood of events. */
  function logRejection(fault: string, count: number, fromAddress: string) {
    if (!Number.isInteger(Math.log10(count))) return;
    log.event(
      'warning',
      'heartbeat-rejected',
      `heartbeat from ${fromAddress} rejected: ${fault} (${count} so far)`,
    );
  }

  function perform(action: PulseAction) {
    switch (action.type) {
      case 'send':
        if (signer !== null)
          channels.send(action.heartbeat.channel, encodeHeartbeat(action.heartbeat, signer));
        return;
      case 'send-plain':
        return sendToAll(encodeWord(state.config?.service ?? 'lvs', action.word));
      case 'acquire':
        return runEffect(async () => dispatch({ type: 'acquired', ok: await acquire() }));
      case 'release':
        return runEffect(async () => {
          await release(action.isPlanned);
          dispatch({ type: 'released' });
        });
      case 'announce':
        return effects.announce();
      case 'log':
        return log.event(action.severity, action.kind, action.message);
      case 'answer':
        return answer(action.command, { done: action.done, message: action.message });
    }
  }

  function sendToAll(bytes: Uint8Array) {
    for (const { name } of state.config?.channels ?? []) channels.send(name, bytes);
  }

  /** At once if none is under way: what else this step says and sends can wait. */
  const runEffect = (effect: () => Promise<void>): void => void effectQueue.runAtOnce(effect);

  async function acquire(): Promise<boolean> {
    try {
      return await effects.becomeActive(() => isClaimed(state));
    } catch (error) {
      log.event('error', 'became-active-failed', `taking the addresses failed: ${reasonOf(error)}`);
      return false;
    }
  }

  /** The contract says that it succeeds or keeps trying; a broken one must not leave the machine waiting. */
  async function release(isPlanned: boolean): Promise<void> {
    try {
      await effects.becomeStandby(isPlanned);
    } catch (error) {
      log.event('error', 'became-standby-failed', `taking the addresses off failed: ${reasonOf(error)}`);
    }
  }

  function answer(command: Command, result: Answer) {
    for (const resolve of waiting[command].splice(0)) resolve(result);
  }

  function ask(command: Command): Promise<Answer> {
    if (isClosed) return Promise.resolve({ done: false, message: 'the agent is ending' });
    return new Promise((resolve) => {
      waiting[command].push(resolve);
      dispatch({ type: command });
    });
  }

  return {
    configure(config, keys, adopted, memory = noMemory) {
      if (state.config === null) remembered = memory;
      const [first] = keys;
      signer = first === undefined ? null : makeSigner(first);
      verify =
        first === undefined
          ? null
          : makeVerify(keys, (keyId) => {
              partnerKeyId = keyId;
            });
      const hasKey = first !== undefined;
      channels.set(config.hasBackup ? config.channels : [], config.port);
      dispatch({ type: 'configure', config, hasKey, isAdopted: adopted, memory });
    },
    setFault(problem) {
      if (isStepping || problem !== state.fault) dispatch({ type: 'fault', problem });
    },
    setCutOff: (isCutOff) => dispatch({ type: 'cut-off', isCutOff }),
    setHealth: (up, total) => dispatch({ type: 'health', up, total }),
    switchover: () => ask('switchover'),
    stop: () => ask('stop'),
    start: () => dispatch({ type: 'start' }),
    status: () => ({
      role: roleOf(state.role.name),
      roleSince,
      roleReason: describeReason(state),
      peer: describePeer(state, clock.now(), rejected),
      partnerKeyId,
      problems: describeProblems(state, clock.now()),
    }),
    close() {
      isClosed = true;
      cancelTick();
      channels.close();
      for (const command of ['switchover', 'stop'] as const) {
        answer(command, { done: false, message: 'the agent is ending' });
      }
    },
  };
}
