/**
 * What systemd wants to know of a service (sd_notify): that it is ready, that it ends, and every so often that it
 * lives. The way there is a datagram on a unix socket, which Node.js does not have, so `systemd-notify` sends it: a
 * program of a few milliseconds, three times in a watchdog's period. It sends from a process of its own, so the unit
 * says NotifyAccess=all.
 */
import { execFile } from 'node:child_process';
import { programPath } from './exec.ts';
import type { Clock } from './types.ts';

const SEND_LIMIT_MS = 5000;
/** A beat that is lost, or late on a busy machine, must not cost the agent its life. */
const BEATS_A_PERIOD = 3;

/** Sends words such as `READY=1`; false when systemd did not get them. */
export type Send = (words: readonly string[]) => Promise<boolean>;

export interface ServiceManager {
  /** The agent serves; from now on it says that it lives. `status` is what `systemctl status` shows. */
  ready(status: () => string): void;
  /** The agent begins to end. */
  stopping(): void;
}

/** Where systemd listens and how often it wants to hear, as it tells every service it starts. */
export interface NotifyEnvironment {
  readonly NOTIFY_SOCKET?: string;
  readonly WATCHDOG_USEC?: string;
}

/** Takes the two variables out of the environment: what the agent runs must not speak in its name. */
export function takeNotifyEnvironment(env: NodeJS.ProcessEnv): NotifyEnvironment {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  return {
    ...(NOTIFY_SOCKET === undefined ? {} : { NOTIFY_SOCKET }),
    ...(WATCHDOG_USEC === undefined ? {} : { WATCHDOG_USEC }),
  };
}

/** Sends by the program `systemd-notify`. */
export const sendBySystemdNotify =
  (socket: string): Send =>
  (words) =>
    new Promise((resolve) => {
      const env = {
        PATH: programPath(),
        NOTIFY_SOCKET: socket,
        LC_ALL: 'C',
        NODE_ENV: 'production' as const,
      };
      execFile(
        'systemd-notify',
        [...words],
        { env, timeout: SEND_LIMIT_MS, killSignal: 'SIGKILL' },
        (error) => resolve(error === null),
      );
    });

/** `send` is null where no systemd asked to be told; then nothing is done. */
export function createServiceManager(
  clock: Clock,
  send: Send | null,
  { WATCHDOG_USEC }: NotifyEnvironment,
): ServiceManager {
  if (send === null) return { ready() {}, stopping() {} };
  const periodMs = Number(WATCHDOG_USEC ?? 0) / 1000;
  let isReady = false;
  let isStopping = false;
  const beat = async (status: () => string): Promise<void> => {
    // Said again until it was heard: without READY=1 the start would count as failed.
    const heard = await send([...(isReady ? [] : ['READY=1']), 'WATCHDOG=1', `STATUS=${status()}`]);
    isReady ||= heard;
    if (isStopping || (isReady && periodMs <= 0)) return;
    clock.after(isReady ? periodMs / BEATS_A_PERIOD : 1000, () => void beat(status));
  };
  return {
    ready: (status) => void beat(status),
    stopping() {
      isStopping = true;
      void send(['STOPPING=1', 'STATUS=ending']);
    },
  };
}
