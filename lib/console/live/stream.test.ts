import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { database } from '#lib/platform/database.ts';
import { actorOf } from '../session.ts';
import { newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { createAdministratorAtStart, replacePassword } from '../users/mutations.ts';
import { liveHub } from './hub.ts';
import { liveStream } from './stream.ts';

const password = 'correct horse battery';

let shoal: TestConsole;
let clusterId = '';
beforeAll(async () => {
  shoal = openTestConsole();
  clusterId = await newCluster(shoal.db);
  await createAdministratorAtStart(shoal.db, { name: 'admin', password });
});
afterAll(async () => {
  await database().$disconnect();
  await shoal.end();
});

async function admin() {
  const user = await shoal.db.user.findUniqueOrThrow({ where: { name: 'admin' } });
  return { id: user.id, name: user.name, role: 'admin' as const, tokenVersion: user.tokenVersion };
}

async function open(signal?: AbortSignal) {
  const request = new Request('http://127.0.0.1/', signal ? { signal } : {});
  const response = await liveStream(request, clusterId, await admin());
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  const decoder = new TextDecoder();
  /** Reads until the text holds `part`, or to the end. */
  const read = async (part: string): Promise<string> => {
    let text = '';
    while (!text.includes(part)) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += decoder.decode(value, { stream: true });
    }
    return text;
  };
  return { response, read };
}

describe('the event stream of a cluster', () => {
  it('begins with a whole snapshot and is not to be stored or changed on the way', async () => {
    const end = new AbortController();
    const { response, read } = await open(end.signal);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    const event = /^data: (.*)$/m.exec(await read('}\n\n'))?.[1] ?? '';
    expect(JSON.parse(event)).toMatchObject({ clusterId, routers: [], sync: { state: 'never-pushed' } });
    end.abort();
    expect(await read('never')).toBe('');
  });

  it('answers 404 for a cluster that does not exist', async () => {
    expect((await liveStream(new Request('http://127.0.0.1/'), 'nobody', await admin())).status).toBe(404);
  });

  it('ends when the password was changed, and the old session is nobody', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const actor = await admin();
      const { read } = await open();
      await read('}\n\n');
      await replacePassword(shoal.db, actor, { current: password, next: 'another long password' });
      expect(await actorOf(actor.id, actor.tokenVersion)).toBeNull();
      expect(await actorOf(actor.id, actor.tokenVersion + 1)).toMatchObject({ name: 'admin', role: 'admin' });
      vi.advanceTimersByTime(15_000);
      expect(await read('never')).toContain('keep-alive');
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends when the console does', async () => {
    const { read } = await open();
    await read('}\n\n');
    liveHub().end();
    expect(await read('never')).toBe('');
  });
});
