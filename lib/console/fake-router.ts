/** For tests: a router in memory that answers the protocol. It keeps a text, runs it, and can misbehave. */
import type { Answer, LinkView, RouterPort } from '#lib/platform/router-port.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import type { LinkState } from '#lib/protocol/live.ts';
import type {
  ApplyResult,
  MethodName,
  methods,
  ParamsOf,
  ResultOf,
  RouterStatus,
} from '#lib/protocol/messages.ts';

type Handlers = { [Name in keyof typeof methods]?: (params: ParamsOf<Name>) => ResultOf<Name> };

const empty: ApplyResult = {
  applied: false,
  dryRun: false,
  diagnostics: [],
  commands: [],
  addressCommands: [],
  table: [],
  serial: null,
  hash: null,
  failure: null,
  durationMs: 1,
};

const serialIn = (text: string): number | null => {
  const found = /^serial_no = (\d+)$/m.exec(text);
  return found ? Number(found[1]) : null;
};

export class FakeRouter implements RouterPort {
  readonly name: string;
  link: LinkState = 'connected';
  message: string | null = null;
  role: RouterStatus['role'] = 'standby';
  /** What it runs. */
  text: string | null = null;
  /** What stands on its disk, when somebody edited it. */
  fileText: string | null = null;
  /** Sentence with which it refuses every configuration. */
  refuses: string | null = null;
  /** What it says of every configuration besides. */
  remarks: ApplyResult['diagnostics'] = [];
  /** Step that fails on it. */
  fails: string | null = null;
  clusterKeyId: string | null = null;
  stagedKeyId: string | null = null;
  /** What returns when a push on trial is not kept; undefined: none is on trial. */
  trialReturnsTo: string | undefined;
  /** How often it refuses to retire the old key. */
  hearsOldKey = 0;
  /** Called after each request that it answered. */
  afterRequest: (method: MethodName) => void = () => {};
  /** Names of what it was asked, in order, with the time at which it was asked. */
  readonly asked: string[] = [];
  readonly #journal: string[];

  /** `journal` gets a line per applied configuration, over all routers that share it. */
  constructor(name: string, journal: string[] = []) {
    this.name = name;
    this.#journal = journal;
  }

  get status(): RouterStatus {
    const hash = this.text === null ? null : textHash(this.text);
    const at = new Date(0).toISOString();
    return {
      at,
      runId: this.name,
      hostname: this.name,
      version: '0.1.0',
      uptimeSeconds: 1,
      memoryBytes: 1,
      configuredAs: null,
      role: this.role,
      roleSince: at,
      roleReason: '',
      peer: {
        state: 'none',
        role: null,
        lastHeardMsAgo: null,
        serial: null,
        configHash: null,
        channels: [],
        authenticated: false,
        rejected: {},
      },
      config: {
        serial: this.text === null ? null : serialIn(this.text),
        hash,
        appliedAt: null,
        fileHash: this.fileText === null ? hash : textHash(this.fileText),
        confirmSecondsLeft: this.trialReturnsTo === undefined ? null : 30,
      },
      addresses: [],
      services: [],
      health: [],
      problems: [],
    };
  }

  get view(): LinkView {
    const isConnected = this.link === 'connected';
    return {
      link: this.link,
      message: isConnected ? null : (this.message ?? `${this.name} cannot be reached`),
      since: new Date(0).toISOString(),
      status: isConnected ? this.status : null,
      lastSeenAt: null,
      events: [],
    };
  }

  /** The time of the trial is over. */
  expire(): void {
    if (this.trialReturnsTo === undefined) return;
    this.text = this.trialReturnsTo;
    this.trialReturnsTo = undefined;
    this.#journal.push(`${this.name} rolled back`);
  }

  async request<Name extends MethodName>(
    method: Name,
    params: ParamsOf<Name>,
  ): Promise<Answer<ResultOf<Name>>> {
    const answer = this.#answer(method, params);
    this.afterRequest(method);
    return answer;
  }

  #answer<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Answer<ResultOf<Name>> {
    if (this.link !== 'connected') {
      return { ok: false, code: 'unreachable', message: this.view.message ?? '' };
    }
    this.asked.push(method);
    const handlers: Handlers = {
      status: () => this.status,
      'config.get': () => ({
        text: this.text,
        serial: null,
        hash: this.text === null ? null : textHash(this.text),
        fileText: this.fileText,
      }),
      'cluster.setKey': ({ keyId }) => {
        this.clusterKeyId = keyId;
        this.#journal.push(`${this.name} got the key`);
        return { done: true, message: '' };
      },
      'cluster.stageKey': ({ keyId }) => {
        this.#journal.push(`${this.name} accepts the new key`);
        this.stagedKeyId = keyId;
        return { done: true, message: '' };
      },
      'cluster.useKey': ({ keyId }) => {
        this.clusterKeyId = keyId;
        this.#journal.push(`${this.name} uses the new key`);
        return { done: keyId === this.stagedKeyId, message: 'no such key' };
      },
      'cluster.retireKeys': () => {
        if (this.hearsOldKey-- > 0)
          return { done: false, message: 'The partner does not sign with this key yet' };
        this.#journal.push(`${this.name} retires the old key`);
        return { done: true, message: '' };
      },
      'config.confirm': () => {
        const done = this.trialReturnsTo !== undefined;
        this.trialReturnsTo = undefined;
        return { done, message: done ? 'it stays' : 'No push is on trial' };
      },
      'config.rollback': () => {
        this.expire();
        return { ...empty, applied: true };
      },
      'server.drain': () => ({ done: true, message: 'drained' }),
      'server.setWeight': ({ weight }) => ({ done: weight !== 9, message: `weight ${weight}` }),
      switchover: () => ({ done: true, message: `${this.name} hands over` }),
    };
    if (method === 'config.apply') {
      // The parameter type follows from the method's name.
      return this.#apply(params as ParamsOf<'config.apply'>) as Answer<ResultOf<Name>>;
    }
    const handler = handlers[method];
    if (!handler) return { ok: false, code: 'unknown-method', message: method };
    return { ok: true, result: (handler as (given: ParamsOf<Name>) => ResultOf<Name>)(params) };
  }

  #apply(params: ParamsOf<'config.apply'>): Answer<ApplyResult> {
    const { text, dryRun = false, expectedHash, confirmWithinSeconds } = params;
    if (expectedHash !== undefined && expectedHash !== this.status.config.hash) {
      return { ok: false, code: 'conflict', message: `${this.name} runs something else by now` };
    }
    if (this.refuses !== null) {
      const error = { code: 'no', severity: 'error' as const, message: this.refuses };
      return { ok: true, result: { ...empty, dryRun, diagnostics: [...this.remarks, error] } };
    }
    if (this.fails !== null) return { ok: true, result: { ...empty, dryRun, failure: this.fails } };
    const commands = text === this.text ? [] : ['-A -t 192.0.2.100:80 -s wlc'];
    if (dryRun) return { ok: true, result: { ...empty, dryRun, commands, diagnostics: this.remarks } };
    this.trialReturnsTo = confirmWithinSeconds === undefined ? undefined : (this.text ?? undefined);
    this.text = text;
    this.fileText = null;
    this.#journal.push(`${this.name} applied ${serialIn(text)}`);
    return { ok: true, result: { ...empty, applied: true, commands, hash: textHash(text) } };
  }
}
