import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plantSeed } from './demo-seed.ts';
import { FakeRouter } from './fake-router.ts';
import { LiveHub } from './live/hub.ts';
import { readRevisions } from './revisions/data.ts';
import { openTestConsole, type TestConsole } from './test-console.ts';

class SeedLink extends FakeRouter {
  start(): void {}
  stop(): void {}
}

const lvsCf = `primary = 192.0.2.11
network = direct
virtual web {
  active = 1
  address = 192.0.2.100 eth0:1
  server rs1 {
    address = 10.11.12.21
    active = 1
  }
}
`;

let shoal: TestConsole;
let links: Map<string, SeedLink>;
let hub: LiveHub;
let publicKeyFile = '';
let seedFile = '';

beforeAll(() => {
  shoal = openTestConsole();
  publicKeyFile = join(shoal.folder, 'console.pub');
  seedFile = join(shoal.folder, 'seed.json');
});
afterAll(() => shoal.end());
beforeEach(() => {
  links = new Map();
  hub = new LiveHub(shoal.db, ({ name }) => {
    const link = links.get(name) ?? new SeedLink(name);
    link.link = 'connecting';
    links.set(name, link);
    return link;
  });
  const router = (role: string, name: string) => ({
    role,
    name,
    address: '192.0.2.11',
    fingerprint: `SHA256:${'A'.repeat(43)}`,
  });
  const routers = [router('primary', 'r1'), router('backup', 'r2')];
  writeFileSync(seedFile, JSON.stringify({ cluster: 'demo', lvsCf, routers, publicKeyFile }));
});
afterEach(() => hub.end());

const connectAll = () => {
  for (const link of links.values()) link.link = 'connected';
};

describe('the seed', () => {
  it('writes the public key first, waits for the routers, then pushes the configuration', async () => {
    const planted = plantSeed(shoal.db, hub, seedFile);
    await expect.poll(() => existsSync(publicKeyFile)).toBe(true);
    await expect.poll(() => links.size).toBe(2);
    expect(readFileSync(publicKeyFile, 'utf8')).toMatch(/^ssh-ed25519 \S+ shoal-console\n$/);
    expect(await shoal.db.revision.count()).toBe(0);
    connectAll();
    await planted;
    const cluster = await shoal.db.cluster.findUniqueOrThrow({ where: { name: 'demo' } });
    expect(await readRevisions(shoal.db, cluster.id)).toMatchObject([{ serial: 1, author: 'console' }]);
    expect(links.get('r1')?.text).toContain('virtual web {');
    expect(links.get('r2')?.text).toBe(links.get('r1')?.text);
  });

  it('makes no second cluster at the next start; routers that lost their configuration get it again', async () => {
    const planted = plantSeed(shoal.db, hub, seedFile);
    await expect.poll(() => links.size).toBe(2);
    connectAll();
    await planted;
    expect(await shoal.db.cluster.count()).toBe(1);
    expect(await shoal.db.revision.count()).toBe(1);
    expect(links.get('r2')?.text).toContain('virtual web {');
  });

  it('leaves a console alone that has other clusters', async () => {
    writeFileSync(seedFile, JSON.stringify({ cluster: 'another', lvsCf, routers: [] }));
    await plantSeed(shoal.db, hub, seedFile);
    expect(await shoal.db.cluster.count()).toBe(1);
  });

  it('makes every cluster of a list, and one that cannot be made keeps no other back', async () => {
    const other = openTestConsole();
    const alone = new LiveHub(other.db, ({ name }) => new SeedLink(name));
    const cluster = (name: string, text: string) => ({ cluster: name, lvsCf: text, routers: [] });
    const list = [cluster('first', lvsCf), cluster('', lvsCf), cluster('second', lvsCf)];
    writeFileSync(seedFile, JSON.stringify(list));
    await plantSeed(other.db, alone, seedFile);
    const made = await other.db.cluster.findMany({ orderBy: { name: 'asc' } });
    expect(made.map(({ name }) => name)).toEqual(['first', 'second']);
    alone.end();
    await other.end();
  });
});
