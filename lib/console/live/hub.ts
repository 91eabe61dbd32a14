/**
 * The console's live side: one kept link per enrolled router, and what browsers see of each cluster. One
 * instance per process, on globalThis.
 */
import 'server-only';
import { type Database, database } from '#lib/platform/database.ts';
import { log } from '#lib/platform/log.ts';
import { RouterLink, type RouterLinkOptions } from '#lib/platform/router-link.ts';
import type { RouterPort } from '#lib/platform/router-port.ts';
import { singleton } from '#lib/platform/singleton.ts';
import type { LiveSnapshot } from '#lib/protocol/live.ts';
import type { ClusterBrief, Overview } from '#lib/protocol/overview.ts';
import { pushOf } from '../revisions/progress.ts';
import { clusterKeyOf, enrolCommand, privateKeyOf, publicKeyOf } from '../routers/keys.ts';
import { briefOf, unreadableBrief, worstFirst } from './brief.ts';
import { Broadcast, type Listener } from './broadcast.ts';
import { readFacts, roleOf } from './facts.ts';
import { type ClusterFacts, snapshotOf } from './snapshot.ts';

/** A link that can be started and ended; RouterLink outside tests. */
export interface StartedPort extends RouterPort {
  start(): void;
  stop(): void;
}

export type LinkFactory = (options: RouterLinkOptions) => StartedPort;

/** Is told of every change, whether a browser looks or not. */
export interface HubObserver {
  /** Something came from a router of the cluster. */
  noticed(clusterId: string): void;
  /** What the database says of the cluster has changed. */
  touched(clusterId: string): void;
}

interface Linked {
  readonly clusterId: string;
  readonly port: StartedPort;
  /** Identity of the target: another address or fingerprint needs another link. */
  readonly target: string;
  /** Id of the cluster key that the agent uses; undefined until it said hello. */
  keyId: string | null | undefined;
}

/** sshd drops some of many connections that arrive at once. */
const STAGGER_MS = 50;
const ROUTERS_OF_A_PAIR = 2;
/** Once a second is enough for a list that nobody reads as fast as its many routers report. */
const OVERVIEW_GAP_MS = 1000;

export class LiveHub {
  readonly #db: Database;
  readonly #createLink: LinkFactory;
  readonly #links = new Map<string, Linked>();
  readonly #facts = new Map<string, Promise<ClusterFacts | null>>();
  readonly #broadcasts = new Map<string, Broadcast>();
  readonly #overviews: Broadcast;
  readonly #observers: HubObserver[] = [];
  /** Clusters whose last overview failed. */
  readonly #unreadable = new Set<string>();
  #ended = false;

  constructor(db: Database, createLink: LinkFactory) {
    this.#db = db;
    this.#createLink = createLink;
    this.#overviews = this.#newBroadcast('overview', () => this.overview(), OVERVIEW_GAP_MS);
  }

  observe(observer: HubObserver): void {
    this.#observers.push(observer);
  }

  /** Connects to every enrolled router. */
  async start(): Promise<void> {
    const clusters = await this.#db.cluster.findMany({ select: { id: true } });
    for (const { id } of clusters) await this.refreshLinks(id);
  }

  /** Ends every link and every stream. */
  end(): void {
    this.#ended = true;
    for (const { port } of this.#links.values()) port.stop();
    this.#links.clear();
    for (const broadcast of this.#broadcasts.values()) broadcast.end();
    this.#overviews.end();
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Null when the router is not enrolled. */
  port(routerId: string): RouterPort | null {
    return this.#links.get(routerId)?.port ?? null;
  }

  /** What the database says of a cluster has changed. */
  touch(clusterId: string): void {
    this.#facts.delete(clusterId);
    for (const observer of this.#observers) observer.touched(clusterId);
    this.stir(clusterId);
  }

  /** Something that only memory holds has changed. */
  stir(clusterId: string): void {
    this.#broadcasts.get(clusterId)?.touch();
    this.#overviews.touch();
  }

  #heard(clusterId: string): void {
    for (const observer of this.#observers) observer.noticed(clusterId);
    this.stir(clusterId);
  }

  /** Makes the links those of the cluster's routers: new ones begin, others end. */
  async refreshLinks(clusterId: string): Promise<void> {
    const routers = await this.#db.router.findMany({ where: { clusterId, fingerprint: { not: null } } });
    const wanted = new Map(routers.map((router) => [router.id, router]));
    for (const [routerId, linked] of this.#links) {
      const router = wanted.get(routerId);
      // A link that stopped at a strange key begins again only when a person has acted, even by the same key.
      const hasStopped = linked.port.view.link === 'key-changed';
      const isSame = router !== undefined && targetOf(router) === linked.target && !hasStopped;
      if (linked.clusterId !== clusterId || isSame) continue;
      linked.port.stop();
      this.#links.delete(routerId);
    }
    const privateKey = await privateKeyOf(this.#db, clusterId);
    const publicKey = await publicKeyOf(this.#db, clusterId);
    if (privateKey === null || publicKey === null || this.#ended) return this.touch(clusterId);
    for (const router of routers) {
      if (this.#links.has(router.id) || router.fingerprint === null) continue;
      this.#addLink(clusterId, router.id, targetOf(router), {
        target: { ...router, fingerprint: router.fingerprint, privateKey },
        name: router.name,
        enrolCommand: enrolCommand(publicKey),
        onChange: () => this.#heard(clusterId),
        onReady: (hello) => void this.#settleKeys(clusterId, router.id, hello.clusterKeyId),
      });
    }
    this.touch(clusterId);
  }

  #addLink(clusterId: string, routerId: string, target: string, options: RouterLinkOptions): void {
    const port = this.#createLink(options);
    this.#links.set(routerId, { clusterId, port, target, keyId: undefined });
    setTimeout(() => {
      if (this.#links.get(routerId)?.port === port) port.start();
    }, this.#links.size * STAGGER_MS);
  }

  /** The cluster as it is now; null when there is no such cluster. */
  async snapshot(clusterId: string): Promise<LiveSnapshot | null> {
    const facts = await this.#factsOf(clusterId);
    const viewOf = (id: string) => this.port(id)?.view ?? null;
    return facts && snapshotOf(facts, { viewOf, push: pushOf(clusterId), at: new Date().toISOString() });
  }

  /** Sends snapshots as JSON, the first at once. Returns the function that ends it. */
  subscribe(clusterId: string, listener: Listener): () => void {
    let broadcast = this.#broadcasts.get(clusterId);
    if (!broadcast) {
      broadcast = this.#newBroadcast('snapshot', () => this.snapshot(clusterId));
      this.#broadcasts.set(clusterId, broadcast);
    }
    return broadcast.join(listener);
  }

  /** All clusters as they are now, the worst first. */
  async overview(): Promise<Overview> {
    const clusters = await this.#db.cluster.findMany({ select: { id: true, name: true } });
    const briefs: ClusterBrief[] = [];
    for (const { id, name } of clusters) {
      const brief = await this.#briefOf(id, name);
      if (brief) briefs.push(brief);
    }
    return { at: new Date().toISOString(), clusters: worstFirst(briefs) };
  }

  /** One cluster that cannot be read must not hide the others. Null when it was deleted meanwhile. */
  async #briefOf(id: string, name: string): Promise<ClusterBrief | null> {
    try {
      const snapshot = await this.snapshot(id);
      this.#unreadable.delete(id);
      return snapshot && briefOf(name, snapshot);
    } catch (error) {
      // Overviews are made every second; the log needs it once.
      if (!this.#unreadable.has(id)) log.error(`What is stored of the cluster ${name} cannot be read`, error);
      this.#unreadable.add(id);
      return unreadableBrief({ id, name, routers: await this.#routersOf(id) });
    }
  }

  /** What the routers say, whatever else is stored of their cluster. */
  async #routersOf(clusterId: string): Promise<ClusterBrief['routers']> {
    const routers = await this.#db.router.findMany({ where: { clusterId }, orderBy: { role: 'desc' } });
    return routers.map(({ id, name, address, role }) => {
      const view = this.port(id)?.view;
      const [link, state] = [view?.link ?? 'not-enrolled', view?.status?.role ?? null];
      return { name, address, role: roleOf(role), link, state };
    });
  }

  /** Sends overviews as JSON, the first at once. Returns the function that ends it. */
  subscribeOverview(listener: Listener): () => void {
    return this.#overviews.join(listener);
  }

  #newBroadcast(what: string, make: () => Promise<object | null>, gapMs?: number): Broadcast {
    return new Broadcast(async () => {
      const value = await make().catch((error: unknown) => {
        log.error(`A live ${what} could not be made`, error);
        return null;
      });
      return value && JSON.stringify(value);
    }, gapMs);
  }

  #factsOf(clusterId: string): Promise<ClusterFacts | null> {
    const cached = this.#facts.get(clusterId);
    if (cached) return cached;
    const read = readFacts(this.#db, clusterId);
    this.#facts.set(clusterId, read);
    read.catch(() => this.#facts.delete(clusterId));
    return read;
  }

  /**
   * Gives the cluster key to routers that lack it. While no router has it, both get it at the same time, and never
   * one alone: beside a Piranha, which is replaced later, an agent must speak Piranha's heartbeat.
   */
  async #settleKeys(clusterId: string, routerId: string, keyId: string | null): Promise<void> {
    const linked = this.#links.get(routerId);
    if (!linked) return;
    linked.keyId = keyId;
    try {
      const key = await clusterKeyOf(this.#db, clusterId);
      if (!key) return;
      const members = [...this.#links.values()].filter((member) => member.clusterId === clusterId);
      const all = await this.#db.router.count({ where: { clusterId } });
      const ready = members.filter(
        (member) => member.keyId !== undefined && member.port.view.link === 'connected',
      );
      const isFirst = !members.some((member) => member.keyId === key.keyId);
      if (isFirst && ready.length < Math.max(all, ROUTERS_OF_A_PAIR)) return;
      await Promise.all(
        ready.filter((member) => member.keyId !== key.keyId).map((member) => giveKey(member, key)),
      );
    } catch (error) {
      log.error('The cluster key could not be given to the routers', error);
    }
  }
}

async function giveKey(
  member: Linked,
  key: { readonly keyId: string; readonly keyBase64: string },
): Promise<void> {
  const answer = await member.port.request('cluster.setKey', key);
  if (answer.ok && answer.result.done) member.keyId = key.keyId;
  else
    log.error(`A router did not take the cluster key: ${answer.ok ? answer.result.message : answer.message}`);
}

const targetOf = (router: {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly name: string;
  readonly fingerprint: string | null;
}): string => JSON.stringify([router.address, router.port, router.user, router.name, router.fingerprint]);

/** The hub of this console. */
export const liveHub = (): LiveHub =>
  singleton('live-hub', () => new LiveHub(database(), (options) => new RouterLink(options)));
