/**
 * The console's kept connection to one router: SSH with a pinned host key, hello, subscription, and a new
 * attempt when it breaks. A changed host key is never tried again by itself.
 */
import 'server-only';
import type { LinkState } from '../protocol/live.ts';
import {
  type AgentEvent,
  type MethodName,
  type ParamsOf,
  PROTOCOL_VERSION,
  type ResultOf,
  type RouterStatus,
} from '../protocol/messages.ts';
import type { Answer, LinkView, RouterPort } from './router-port.ts';
import { RpcClient } from './rpc-client.ts';
import { openSsh, type SshEnd, type SshLines, type SshTarget } from './ssh-transport.ts';

export interface RouterLinkOptions {
  readonly target: SshTarget;
  /** Name of the router, for sentences. */
  readonly name: string;
  /** What to run on the router when it does not know the console's key. */
  readonly enrolCommand: string;
  /** Something in `view` changed. */
  onChange(): void;
  /** The agent said hello; its cluster key id may need care. */
  onReady(hello: ResultOf<'hello'>): void;
  readonly intervalMs?: number;
}

const STATUS_INTERVAL_MS = 1_000;
const MOST_EVENTS = 50;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;
/** Statuses that may be missing before the router counts as not answering; twice as many end the connection. */
const MISSED_STATUSES = 3;

export class RouterLink implements RouterPort {
  readonly #options: RouterLinkOptions;
  readonly #intervalMs: number;
  #lines: SshLines | null = null;
  #rpc: RpcClient | null = null;
  #view: LinkView;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #stopped = false;

  constructor(options: RouterLinkOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? STATUS_INTERVAL_MS;
    this.#view = {
      link: 'connecting',
      message: 'Connecting',
      since: new Date().toISOString(),
      status: null,
      lastSeenAt: null,
      events: [],
    };
  }

  get view(): LinkView {
    return this.#view;
  }

  /** Begins to connect. */
  start(): void {
    this.#connect();
  }

  /** Ends the link for good. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#drop('the console closed the connection');
  }

  request<Name extends MethodName>(
    method: Name,
    params: ParamsOf<Name>,
    limitMs?: number,
  ): Promise<Answer<ResultOf<Name>>> {
    if (this.#rpc === null || this.#view.link !== 'connected') {
      const message = this.#view.message ?? 'there is no connection';
      return Promise.resolve({ ok: false, code: 'unreachable', message });
    }
    return this.#rpc.request(method, params, limitMs);
  }

  #connect(): void {
    if (this.#stopped) return;
    // A late callback of an earlier connection must not touch the present one.
    const isCurrent = (): boolean => this.#lines === lines;
    const rpc = new RpcClient((line) => lines.send(line), {
      onStatus: (status) => isCurrent() && this.#heard(status),
      onEvent: (event) => isCurrent() && this.#setEvents([event]),
      onBroken: (reason) => isCurrent() && this.#fail({ kind: 'unreachable', reason }),
    });
    const lines: SshLines = openSsh(this.#options.target, {
      onOpen: () => isCurrent() && void this.#greet(rpc),
      onLine: (line) => isCurrent() && rpc.receive(line),
      onEnd: (end) => isCurrent() && this.#fail(end),
    });
    this.#lines = lines;
    this.#rpc = rpc;
  }

  /** hello, subscribe, first status: only then is the router connected. */
  async #greet(rpc: RpcClient): Promise<void> {
    const hello = await rpc.request('hello', { protocol: PROTOCOL_VERSION, client: 'shoal console' }, 15_000);
    if (this.#rpc !== rpc) return;
    if (!hello.ok) return this.#refuse(hello);
    if (hello.result.protocol !== PROTOCOL_VERSION) {
      const theirs = `protocol ${hello.result.protocol} (agent ${hello.result.version})`;
      return this.#refuse({
        code: 'protocol-version',
        message: `it speaks ${theirs}, this console speaks protocol ${PROTOCOL_VERSION}`,
      });
    }
    const subscribed = await rpc.request('subscribe', { intervalMs: this.#intervalMs });
    if (this.#rpc !== rpc) return;
    if (!subscribed.ok) return this.#refuse(subscribed);
    this.#setEvents(subscribed.result.events);
    const status = await rpc.request('status', {});
    if (this.#rpc !== rpc) return;
    if (!status.ok) return this.#refuse(status);
    this.#failures = 0;
    this.#heard(status.result);
    this.#options.onReady(hello.result);
  }

  #heard(status: RouterStatus): void {
    this.#heardAt = performance.now();
    this.#set({ link: 'connected', message: null, status, lastSeenAt: new Date().toISOString() });
    // After a look at the sockets: what came while this process stood still is no silence.
    this.#watch ??= setInterval(() => setImmediate(() => this.#checkSilence()), this.#intervalMs / 4);
  }

  /**
   * A dead machine closes nothing. Its state is unknown at once; the connection gets as long again to recover,
   * because a new one costs the router more than a late answer.
   */
  #checkSilence(): void {
    if (this.#watch === undefined) return;
    const silentMs = performance.now() - this.#heardAt;
    const limitMs = this.#intervalMs * MISSED_STATUSES;
    if (silentMs > 2 * limitMs) {
      this.#fail({ kind: 'unreachable', reason: 'the machine went silent' });
    } else if (silentMs > limitMs && this.#view.link === 'connected') {
      this.#set({ link: 'unreachable', message: this.#sentence('it went silent'), status: null });
    }
  }

  #fail(end: SshEnd): void {
    const { name, target, enrolCommand } = this.#options;
    this.#drop(end.kind === 'unreachable' ? end.reason : end.kind);
    if (end.kind === 'key-changed') {
      this.#set({
        link: 'key-changed',
        status: null,
        message: `The host key of ${name} (${target.address}) has changed: accepted was ${target.fingerprint}, now it shows ${end.seen}. Nothing is sent to it. If the router was installed anew, compare the new fingerprint on its own screen (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and accept it; if not, somebody else may be answering in its place`,
      });
      return;
    }
    if (end.kind === 'not-authorized') {
      this.#set({
        link: 'refused',
        status: null,
        message: `${name} does not accept the console's key for the user ${target.user}. Run on it as root: ${enrolCommand}`,
      });
    } else {
      this.#set({ link: 'unreachable', status: null, message: this.#sentence(end.reason) });
    }
    this.#scheduleRetry();
  }

  /** The agent answered, but not as needed: tried again slowly, because only a person can mend it. */
  #refuse(answer: { readonly code: string; readonly message: string }): void {
    if (answer.code === 'lost' || answer.code === 'timeout') {
      this.#fail({ kind: 'unreachable', reason: answer.message });
      return;
    }
    this.#drop(answer.message);
    this.#set({
      link: 'refused',
      status: null,
      message: `The agent of ${this.#options.name} refuses the console: ${answer.message}. Install the same version of Shoal on both`,
    });
    this.#failures = 10;
    this.#scheduleRetry();
  }

  #sentence(reason: string): string {
    const { name, target } = this.#options;
    return `${name} (${target.address} port ${target.port}) cannot be reached: ${reason}. The console keeps trying`;
  }

  #scheduleRetry(): void {
    if (this.#stopped) return;
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, this.#failures - 1));
    this.#failures += 1;
    clearTimeout(this.#retry);
    // Jitter: sshd drops some of many connections that come at once.
    this.#retry = setTimeout(() => this.#connect(), delay * (0.8 + Math.random() * 0.4));
  }

  #drop(reason: string): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    const lines = this.#lines;
    const rpc = this.#rpc;
    this.#lines = null;
    this.#rpc = null;
    lines?.close();
    rpc?.lose(reason);
  }

  #set(change: {
    link: LinkState;
    message: string | null;
    status: RouterStatus | null;
    lastSeenAt?: string;
  }): void {
    const since = change.link === this.#view.link ? this.#view.since : new Date().toISOString();
    this.#view = { ...this.#view, ...change, since };
    if (!this.#stopped) this.#options.onChange();
  }

  #setEvents(fresh: readonly AgentEvent[]): void {
    const known = new Set(fresh.map(identityOf));
    const events = [...fresh, ...this.#view.events.filter((event) => !known.has(identityOf(event)))]
      .sort((a, b) => b.at.localeCompare(a.at) || b.sequence - a.sequence)
      .slice(0, MOST_EVENTS);
    this.#view = { ...this.#view, events };
    if (!this.#stopped) this.#options.onChange();
  }
}

/** `sequence` begins anew when an agent restarts, so that the time belongs to it. */
const identityOf = (event: AgentEvent): string => `${event.at} ${event.sequence} ${event.kind}`;
