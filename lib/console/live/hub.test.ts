import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RouterLinkOptions } from '#lib/platform/router-link.ts';
import type { LiveSnapshot } from '#lib/protocol/live.ts';
import { FakeRouter } from '../fake-router.ts';
import { insertRouter, pinHostKey } from '../routers/mutations.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { LiveHub } from './hub.ts';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

/** A fake router whose link the hub starts and stops. */
class FakeLink extends FakeRouter {
  readonly options: RouterLinkOptions;
  started = false;
  stopped = false;

  constructor(options: RouterLinkOptions, journal: string[]) {
    super(options.name, journal);
    this.options = options;
    this.link = 'connecting';
  }

  start(): void {
    this.started = true;
  }

  stop(): void {
    this.stopped = true;
  }

  /** The router answers. */
  connect(): void {
    this.link = 'connected';
    this.options.onChange();
    this.options.onReady({
      protocol: 1,
      version: '0.1.0',
      hostname: this.name,
      capabilities: [],
      clusterKeyId: this.clusterKeyId,
      problems: [],
    });
  }
}

let clusterId = '';
let hub: LiveHub;
let journal: string[] = [];
let links: FakeLink[] = [];
const linkOf = (name: string): FakeLink => {
  const link = links.findLast((made) => made.name === name);
  if (!link) throw new Error(`no link to ${name}`);
  return link;
};

async function enrol(role: 'primary' | 'backup', name: string, fingerprint = `SHA256:${'A'.repeat(43)}`) {
  const router = { role, name, address: '192.0.2.11', port: 22, user: 'shoal' };
  const made = await insertRouter(shoal.db, alice, { clusterId, router }, async () => ({
    ok: true,
    fingerprint,
  }));
  if (!made.ok) throw new Error(made.message);
  await pinHostKey(shoal.db, alice, { routerId: made.routerId, fingerprint });
  return made.routerId;
}

beforeEach(async () => {
  clusterId = await newCluster(shoal.db);
  journal = [];
  links = [];
  hub = new LiveHub(shoal.db, (options) => {
    const link = new FakeLink(options, journal);
    links.push(link);
    return link;
  });
});
afterEach(() => hub.end());

describe('links', () => {
  it('that stopped at a strange host key begin again when a person accepts the key that was pinned before', async () => {
    const id = await enrol('primary', 'stranger');
    await hub.start();
    const first = linkOf('stranger');
    first.link = 'key-changed';
    const { fingerprint } = await shoal.db.router.findUniqueOrThrow({ where: { id } });
    await pinHostKey(shoal.db, alice, { routerId: id, fingerprint: fingerprint ?? '' });
    await hub.refreshLinks(clusterId);
    expect(first.stopped).toBe(true);
    expect(linkOf('stranger')).not.toBe(first);
    await shoal.db.router.delete({ where: { id } });
  });

  it('begin for enrolled routers with the pinned key, and end when the router is removed or pinned anew', async () => {
    const id = await enrol('primary', 'r1');
    await hub.start();
    await expect.poll(() => linkOf('r1').started).toBe(true);
    expect(linkOf('r1').options.target).toMatchObject({ address: '192.0.2.11', user: 'shoal' });
    expect(linkOf('r1').options.target.privateKey).toContain('OPENSSH PRIVATE KEY');
    const first = linkOf('r1');
    await pinHostKey(shoal.db, alice, { routerId: id, fingerprint: `SHA256:${'B'.repeat(43)}` });
    await hub.refreshLinks(clusterId);
    expect(first.stopped).toBe(true);
    expect(linkOf('r1').options.target.fingerprint).toBe(`SHA256:${'B'.repeat(43)}`);
    await shoal.db.router.delete({ where: { id } });
    await hub.refreshLinks(clusterId);
    expect(linkOf('r1').stopped).toBe(true);
    expect(hub.port(id)).toBeNull();
  });

  it('are left alone by a change of another router', async () => {
    await enrol('primary', 'r1');
    await hub.refreshLinks(clusterId);
    await enrol('backup', 'r2');
    await hub.refreshLinks(clusterId);
    expect(links.map(({ name }) => name)).toEqual(['r1', 'r2']);
    expect(linkOf('r1').stopped).toBe(false);
  });
});

describe('the cluster key', () => {
  it('goes to both routers at the same time, not to the first one that answers', async () => {
    await enrol('primary', 'r1');
    await enrol('backup', 'r2');
    await hub.refreshLinks(clusterId);
    linkOf('r1').connect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(journal).toEqual([]);
    linkOf('r2').connect();
    await expect.poll(() => journal).toEqual(expect.arrayContaining(['r1 got the key', 'r2 got the key']));
    expect(linkOf('r1').clusterKeyId).toBe(linkOf('r2').clusterKeyId);
  });

  it('does not go to a router alone: its partner may be a Piranha, which knows no key', async () => {
    await enrol('primary', 'r1');
    await hub.refreshLinks(clusterId);
    linkOf('r1').connect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(journal).toEqual([]);
    await enrol('backup', 'r2');
    await hub.refreshLinks(clusterId);
    linkOf('r2').connect();
    await expect.poll(() => [...journal].sort()).toEqual(['r1 got the key', 'r2 got the key']);
  });

  it('goes at once to a router that lacks it when the other one has it', async () => {
    await enrol('primary', 'r1');
    const second = await enrol('backup', 'r2');
    await hub.refreshLinks(clusterId);
    linkOf('r1').connect();
    linkOf('r2').connect();
    await expect.poll(() => journal).toHaveLength(2);
    await shoal.db.router.delete({ where: { id: second } });
    await hub.refreshLinks(clusterId);
    await enrol('backup', 'r3');
    await hub.refreshLinks(clusterId);
    linkOf('r3').connect();
    await expect.poll(() => journal.at(-1)).toBe('r3 got the key');
  });

  it('is not sent again to a router that has it', async () => {
    await enrol('primary', 'r1');
    await enrol('backup', 'r2');
    await hub.refreshLinks(clusterId);
    linkOf('r1').connect();
    linkOf('r2').connect();
    await expect.poll(() => journal).toHaveLength(2);
    linkOf('r1').connect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(journal).toHaveLength(2);
  });
});

describe('what browsers see', () => {
  const listen = () => {
    const seen: LiveSnapshot[] = [];
    let ended = false;
    const leave = hub.subscribe(clusterId, {
      onValue: (json) => seen.push(JSON.parse(json)),
      onEnd: () => {
        ended = true;
      },
    });
    return { seen, leave, hasEnded: () => ended };
  };

  it('is there at once, follows each change and knows nothing of a router that does not answer', async () => {
    await enrol('primary', 'r1');
    await hub.refreshLinks(clusterId);
    const { seen } = listen();
    await expect.poll(() => seen).toHaveLength(1);
    expect(seen[0]?.routers).toMatchObject([{ name: 'r1', link: 'connecting', status: null }]);
    linkOf('r1').connect();
    await expect
      .poll(() => seen.at(-1)?.routers)
      .toMatchObject([{ link: 'connected', status: { hostname: 'r1' } }]);
    linkOf('r1').link = 'unreachable';
    linkOf('r1').options.onChange();
    await expect.poll(() => seen.at(-1)?.routers).toMatchObject([{ link: 'unreachable', status: null }]);
  });

  it('comes at most four times a second however often something changes', async () => {
    await enrol('primary', 'r1');
    await hub.refreshLinks(clusterId);
    const { seen } = listen();
    await expect.poll(() => seen).toHaveLength(1);
    const begin = performance.now();
    const passed = (): number => performance.now() - begin;
    while (passed() < 600 || seen.length < 2) {
      linkOf('r1').options.onChange();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // One more than there are quarters of a second in it: at its begin and at its end.
    expect(seen.length).toBeLessThanOrEqual(1 + Math.ceil(passed() / 250) + 1);
  });

  it('shows a router whose host key nobody has accepted as not enrolled', async () => {
    const id = await enrol('primary', 'r1');
    await shoal.db.router.update({ where: { id }, data: { fingerprint: null } });
    const snapshot = await hub.snapshot(clusterId);
    expect(snapshot?.routers).toMatchObject([{ link: 'not-enrolled', status: null }]);
  });

  it('ends with the console, and stops for who has left', async () => {
    const { hasEnded, seen } = listen();
    await expect.poll(() => seen).toHaveLength(1);
    const other = listen();
    other.leave();
    hub.end();
    expect(hasEnded()).toBe(true);
    expect(other.hasEnded()).toBe(false);
    expect(other.seen).toEqual([]);
  });
});

describe('the overview', () => {
  it('has every other cluster when one cannot be read, and what the routers of that one say', async () => {
    const other = await newCluster(shoal.db);
    await enrol('primary', 'r1');
    await hub.refreshLinks(clusterId);
    linkOf('r1').connect();
    const row = { clusterId, kind: 'virtual', position: 0, name: 'web', remarks: '{}', updatedBy: 'alice' };
    const damaged = { ...row, settings: '{', version: 1, updatedAt: new Date() };
    const { id } = await shoal.db.virtualServer.create({ data: damaged });
    hub.touch(clusterId);
    const named = async (wanted: string) =>
      (await hub.overview()).clusters.find((cluster) => cluster.id === wanted);
    expect(await named(clusterId)).toMatchObject({
      condition: 'broken',
      findings: [expect.stringContaining('cannot read')],
      routers: [{ name: 'r1', role: 'primary', link: 'connected', state: 'standby' }],
      servers: null,
    });
    expect(await named(other)).toMatchObject({ condition: 'idle' });
    // Mended, it is itself again.
    await shoal.db.virtualServer.delete({ where: { id } });
    hub.touch(clusterId);
    expect((await named(clusterId))?.findings).not.toContainEqual(expect.stringContaining('cannot read'));
  });
});
