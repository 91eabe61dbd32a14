import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '#lib/protocol/messages.ts';
import { type Client, connectClient } from '../cli/client.ts';
import { cleanUp, exampleText, startTestRouter, type TestRouter } from './test-router.ts';

const open: Socket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await cleanUp();
});

/** A client that says what it likes and keeps every line it hears. */
function rawClient(test: TestRouter) {
  const socket = connect(test.socket);
  open.push(socket);
  let text = '';
  let ended = false;
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('close', () => {
    ended = true;
  });
  socket.on('error', () => {});
  return {
    socket,
    say: (...lines: string[]) => socket.write(lines.map((line) => `${line}\n`).join('')),
    heard: (): Record<string, unknown>[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    isEnded: () => ended,
  };
}

async function client(test: TestRouter): Promise<Client> {
  const connected = await connectClient(test.socket);
  if (!connected.ok) throw new Error(connected.error.message);
  return connected.value;
}

const request = (id: number, method: string, params: unknown = {}) => JSON.stringify({ id, method, params });

describe('the socket', () => {
  it('lets in its owner and its group only', async () => {
    const test = await startTestRouter();
    expect(statSync(test.socket).mode & 0o777).toBe(0o660);
  });

  it('is gone when the agent has ended', async () => {
    const test = await startTestRouter();
    await test.agent.leave();
    expect(existsSync(test.socket)).toBe(false);
  });

  it('answers in the order of the questions, also to those that came in one packet', async () => {
    const test = await startTestRouter();
    const raw = rawClient(test);
    raw.say(
      request(1, 'config.apply', { text: exampleText() }),
      request(2, 'config.get'),
      request(3, 'no-such-method'),
      request(4, 'logs', { limit: 5 }),
    );
    await expect.poll(() => raw.heard().length).toBe(4);
    expect(raw.heard().map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(raw.heard()[1]).toMatchObject({ result: { text: exampleText(), serial: 1, fileText: null } });
    expect(raw.heard()[2]).toMatchObject({ error: { code: 'unknown-method' } });
  });

  it('answers garbage with an error and closes', async () => {
    const test = await startTestRouter();
    const raw = rawClient(test);
    raw.say('GET / HTTP/1.1');
    await expect.poll(raw.isEnded).toBe(true);
    expect(raw.heard()).toMatchObject([{ id: null, error: { code: 'bad-message' } }]);
    // Others are served as before.
    expect(await (await client(test)).request('logs', { limit: 1 })).toMatchObject({ ok: true });
  });

  it('tells a client of another protocol version so, and answers nothing else', async () => {
    const test = await startTestRouter();
    const raw = rawClient(test);
    raw.say(
      request(1, 'hello', { protocol: PROTOCOL_VERSION + 1, client: 'newer' }),
      request(2, 'config.apply', { text: exampleText() }),
    );
    await expect.poll(() => raw.heard().length).toBe(2);
    expect(raw.heard()).toMatchObject([
      { id: 1, error: { code: 'protocol-version', message: expect.stringContaining('update the agent') } },
      { id: 2, error: { code: 'protocol-version' } },
    ]);
    expect(test.agent.router.running).toBeNull();
  });

  it('lets a client go that does not read what it asked for', async () => {
    const test = await startTestRouter(exampleText());
    const raw = rawClient(test);
    raw.say(request(1, 'subscribe', { intervalMs: 3_600_000 }));
    await expect.poll(() => raw.heard().length).toBeGreaterThan(0);
    raw.socket.pause();
    const long = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 40; count += 1) test.log.event('info', 'noise', long);
    expect(test.events('client-dropped')).toHaveLength(1);
  });
});

describe('a subscription', () => {
  it('brings the status at its interval, at once after a change, and every event', async () => {
    const test = await startTestRouter(exampleText());
    const subscriber = await client(test);
    const heard: string[] = [];
    subscriber.onNotification((message) =>
      heard.push(
        message.notification === 'event'
          ? `event ${message.event.kind}`
          : `serial ${message.status.config.serial}`,
      ),
    );
    await subscriber.request('subscribe', { intervalMs: 10_000 });
    await test.pass(10);
    await expect.poll(() => heard).toEqual(['serial 1']);
    await test.pass(10_000);
    await expect.poll(() => heard).toEqual(['serial 1', 'serial 1']);

    const other = await client(test);
    await other.request('config.apply', { text: exampleText({ serial: 2 }) });
    await test.pass(50);
    await expect.poll(() => heard.slice(2)).toEqual(['event config-applied', 'serial 2']);
    subscriber.close();
    other.close();
  });
});

describe('methods', () => {
  it('a push whose expected hash does not fit is a conflict', async () => {
    const test = await startTestRouter(exampleText());
    const answer = await (await client(test)).request('config.apply', {
      text: exampleText({ serial: 2 }),
      expectedHash: null,
    });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('serial 1') },
    });
  });

  it('a trial is shown, confirmed once, and refused for longer than a day', async () => {
    const test = await startTestRouter(exampleText());
    const asking = await client(test);
    const text = exampleText({ serial: 2 });
    expect(await asking.request('config.apply', { text, confirmWithinSeconds: 1e9 })).toMatchObject({
      ok: false,
    });
    await asking.request('config.apply', { text, confirmWithinSeconds: 60 });
    const status = await asking.request('status', {});
    expect(status).toMatchObject({ ok: true, value: { config: { serial: 2, confirmSecondsLeft: 60 } } });
    expect(await asking.request('config.confirm', {})).toMatchObject({ value: { done: true } });
    expect(await asking.request('config.confirm', {})).toMatchObject({ value: { done: false } });
  });

  it('a key is rotated in three steps: accepted, used, the others retired when the partner has followed', async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    const asking = await client(test);
    const given = (keyId: string, fill: number) => ({
      keyId,
      keyBase64: Buffer.alloc(32, fill).toString('base64'),
    });
    const inUse = async () => {
      const hello = await asking.request('hello', { protocol: PROTOCOL_VERSION, client: 'test' });
      return hello.ok ? hello.value.clusterKeyId : null;
    };
    await asking.request('cluster.setKey', given('k1', 1));
    expect(await asking.request('cluster.stageKey', given('k2', 2))).toMatchObject({ value: { done: true } });
    expect(await inUse()).toBe('k1');
    expect(test.pulse.configured.at(-1)?.keys).toBe(2);
    expect(await asking.request('cluster.useKey', { keyId: 'k9' })).toMatchObject({ value: { done: false } });
    expect(await asking.request('cluster.retireKeys', { keyId: 'k2' })).toMatchObject({
      value: { done: false },
    });
    await asking.request('cluster.useKey', { keyId: 'k2' });
    expect(await inUse()).toBe('k2');
    test.pulse.peerState = 'alive';
    test.pulse.partnerKeyId = 'k1';
    expect(await asking.request('cluster.retireKeys', { keyId: 'k2' })).toMatchObject({
      value: { done: false, message: expect.stringContaining('does not sign with this key yet') },
    });
    test.pulse.partnerKeyId = 'k2';
    expect(await asking.request('cluster.retireKeys', { keyId: 'k2' })).toMatchObject({
      value: { done: true },
    });
    expect(test.pulse.configured.at(-1)?.keys).toBe(1);
    const kept = readFileSync(`${test.folder}/state/cluster-key.json`, 'utf8');
    expect(kept).not.toContain('k1');
  });

  it('a cluster key is stored for root only, kept while it is rotated, and starts the heartbeats', async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    const asking = await client(test);
    const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
    expect(await asking.request('cluster.setKey', { keyId: 'k1', keyBase64: 'c2hvcnQ=' })).toMatchObject({
      value: { done: false },
    });
    await asking.request('cluster.setKey', { keyId: 'k1', keyBase64: key(1) });
    await asking.request('cluster.setKey', { keyId: 'k2', keyBase64: key(2) });
    expect(await asking.request('hello', { protocol: PROTOCOL_VERSION, client: 'test' })).toMatchObject({
      value: { clusterKeyId: 'k2', problems: [] },
    });
    expect(test.pulse.configured.at(-1)).toMatchObject({ keys: 2, config: { hasBackup: true } });
    expect(statSync(`${test.folder}/state/cluster-key.json`).mode & 0o777).toBe(0o600);
    expect(
      test.log
        .recent(100)
        .map(({ message }) => message)
        .join(),
    ).not.toContain(key(1));
  });

  it('what is unknown to the nanny is not drained', async () => {
    const test = await startTestRouter(exampleText());
    const asking = await client(test);
    const names = { virtualServer: 'web', realServer: 'rs9' };
    expect(await asking.request('server.undrain', names)).toMatchObject({ value: { done: false } });
  });

  it('a stop by an administrator outlives a restart, a start ends it', async () => {
    const test = await startTestRouter(exampleText());
    const asking = await client(test);
    await asking.request('service.stop', {});
    test.kill();
    const next = await test.restart();
    expect(next.pulse.calls).toEqual(['stop']);
    const again = await client(next);
    expect(await again.request('service.start', {})).toMatchObject({ value: { done: true } });
    expect(next.agent.router.state.current.stopped).toBe(false);
  });

  it('check names the line of a fault and of what only validation finds', async () => {
    const test = await startTestRouter();
    const answer = await (await client(test)).request('config.check', {
      text: exampleText().replace('nat_router = 10.11.12.254 eth1:1\n', ''),
    });
    expect(answer).toMatchObject({
      value: { diagnostics: [expect.objectContaining({ severity: 'error' })] },
    });
  });
});

it('a second agent on the same socket does not start', async () => {
  const test = await startTestRouter();
  const { listen } = await import('./server.ts');
  await expect(listen(test.agent.router, test.socket.replace('/agent.sock', ''))).rejects.toThrow(
    'Another shoal-agent runs already',
  );
});
