/**
 * Decisions about real servers, and the routers that could not be told: what is owed to one is sent when it answers
 * again. It stands in the database, so that the console may end meanwhile.
 */
import 'server-only';
import { type Database, database } from '#lib/platform/database.ts';
import { log } from '#lib/platform/log.ts';
import { singleton } from '#lib/platform/singleton.ts';
import { consoleActor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { ActionResult } from '../contract.ts';
import { liveHub } from '../live/hub.ts';
import { type OverrideMethod, overrideServer, whyNotReachable } from '../routers/commands.ts';
import { type ClusterMember, type Ports, readMembers } from '../routers/data.ts';
import { dropOwed, readDebt, readOwed, replaceOwed } from './debts.ts';
import { askFor, type Owed, type ServerNames, serverIn, stepFor, wantedBy, wantedText } from './owed.ts';

export interface DebtDeps {
  readonly db: Database;
  readonly ports: Ports;
  /** What is owed to the routers of a cluster has changed. */
  readonly onChange: (clusterId: string) => void;
  /** ms; only differences count. */
  readonly now: () => number;
}

/** A router that refused is not asked again each second. */
const RETRY_MS = 15_000;

export interface Decision extends ServerNames {
  readonly clusterId: string;
  readonly method: OverrideMethod;
  readonly weight: number | null;
  readonly by: string;
}

const gone = { ok: false, message: 'That is not owed any more' } as const;

export class DebtWatch {
  readonly #deps: DebtDeps;
  readonly #owed = new Map<string, Promise<readonly Owed[]>>();
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #noticed = new Set<string>();
  /** By debt: when the router refused it. */
  readonly #refused = new Map<string, number>();

  constructor(deps: DebtDeps) {
    this.#deps = deps;
  }

  /** Tells every router; what one could not be told is owed to it. */
  decide(decision: Decision): Promise<ActionResult> {
    const { clusterId, method, weight, virtualServer, realServer, by } = decision;
    return this.#inTurn(clusterId, async () => {
      const { db, ports } = this.#deps;
      const at = new Date();
      const members = await readMembers(db, ports, clusterId);
      const target = { virtualServer, realServer, weight, by };
      const { result, untold } = await overrideServer(members, method, target);
      if (!result.ok) return result;
      const wanted = wantedBy(method, weight);
      const replacing = { clusterId, virtualServer, realServer, wanted, by, at };
      const ids = untold.map(({ id }) => id);
      await db.$transaction((tx) => replaceOwed(tx, replacing, ids));
      this.#changed(clusterId);
      return untold.length === 0 ? result : { ...result, untold: untold.map(({ name }) => name) };
    });
  }

  /** A person wants it sent now, whatever holds there. */
  send(clusterId: string, id: string): Promise<ActionResult> {
    return this.#inTurn(clusterId, async () => {
      const { db, ports } = this.#deps;
      const debt = await readDebt(db, clusterId, id);
      const members = await readMembers(db, ports, clusterId);
      const member = members.find((each) => each.id === debt?.routerId);
      if (debt === null || member === undefined) return gone;
      const said = member.port?.view.status?.health;
      if (said === undefined) return { ok: false, message: `${whyNotReachable(member)}. It stays owed` };
      const health = serverIn(said, debt);
      if (health === undefined)
        return {
          ok: false,
          message: `${member.name} has no ${debt.realServer} of ${debt.virtualServer} yet`,
        };
      const ask = askFor(debt.wanted, health);
      return ask === null ? this.#settle(clusterId, debt) : this.#tell(clusterId, member, debt, ask);
    });
  }

  /** The router keeps what holds there. */
  forget(clusterId: string, id: string): Promise<ActionResult> {
    return this.#inTurn(clusterId, async () => {
      const debt = await readDebt(this.#deps.db, clusterId, id);
      if (debt === null) return gone;
      await this.#settle(clusterId, debt);
      return { ok: true, message: `Not sent any more: ${wantedText(debt.wanted, debt)}` };
    });
  }

  /** What the database says of a cluster has changed. */
  touched(clusterId: string): void {
    this.#owed.delete(clusterId);
  }

  /** Something came from a router of the cluster. Never rejects. */
  noticed(clusterId: string): void {
    if (this.#noticed.has(clusterId)) return;
    this.#noticed.add(clusterId);
    this.check(clusterId)
      .catch((error: unknown) => {
        this.#owed.delete(clusterId);
        log.error('What is owed to a router could not be sent', error);
      })
      .finally(() => this.#noticed.delete(clusterId));
  }

  /** Sends what is owed to routers that answer. */
  async check(clusterId: string): Promise<void> {
    if ((await this.#owedBy(clusterId)).length === 0) return;
    await this.#inTurn(clusterId, async () => {
      const { db, ports } = this.#deps;
      const members = await readMembers(db, ports, clusterId);
      for (const debt of await readOwed(db, clusterId)) {
        const member = members.find(({ id }) => id === debt.routerId);
        if (member === undefined) continue;
        const step = stepFor(debt, member.name, member.port?.view.status?.health ?? null);
        if (step.kind === 'done') await this.#settle(clusterId, debt);
        else if (step.kind === 'ask' && !this.#isResting(debt)) {
          const { ok, message } = await this.#tell(clusterId, member, debt, step);
          const fact = { action: 'console', clusterId, message: `Sent late: ${message}` };
          if (ok) await audit(db, consoleActor, fact);
          else this.#refused.set(debt.id, this.#deps.now());
        }
      }
    });
  }

  #isResting({ id }: Owed): boolean {
    const refusedAt = this.#refused.get(id);
    return refusedAt !== undefined && this.#deps.now() < refusedAt + RETRY_MS;
  }

  /** One after the other for each cluster: an old decision never overtakes a new one. */
  #inTurn<Result>(clusterId: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#queues.get(clusterId) ?? Promise.resolve();
    const now = before.then(work, work);
    this.#queues.set(clusterId, now);
    return now;
  }

  async #tell(
    clusterId: string,
    member: ClusterMember,
    debt: Owed,
    { method, weight }: { readonly method: OverrideMethod; readonly weight: number | null },
  ): Promise<ActionResult> {
    const { virtualServer, realServer, by } = debt;
    const { result } = await overrideServer([member], method, { virtualServer, realServer, weight, by });
    if (result.ok) await this.#settle(clusterId, debt);
    return result;
  }

  async #settle(clusterId: string, { id }: Owed): Promise<ActionResult> {
    await dropOwed(this.#deps.db, id);
    this.#refused.delete(id);
    this.#changed(clusterId);
    return { ok: true, message: 'It holds there already' };
  }

  #changed(clusterId: string): void {
    this.#owed.delete(clusterId);
    this.#deps.onChange(clusterId);
  }

  #owedBy(clusterId: string): Promise<readonly Owed[]> {
    const known = this.#owed.get(clusterId);
    if (known) return known;
    const read = readOwed(this.#deps.db, clusterId);
    this.#owed.set(clusterId, read);
    return read;
  }
}

/** The watch of this console. */
export const debtWatch = (): DebtWatch =>
  singleton(
    'debt-watch',
    () =>
      new DebtWatch({
        db: database(),
        ports: liveHub(),
        onChange: (clusterId) => liveHub().touch(clusterId),
        now: () => performance.now(),
      }),
  );
