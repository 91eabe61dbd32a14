import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectClient } from './client.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-client-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('says of a request without an answer how long it waited, and that it may still be carried out', async () => {
  const path = join(folder, 'deaf.sock');
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const answer = await connectClient(path, 50);
  server.close();
  expect(answer).toEqual({
    ok: false,
    error: {
      code: 'no-agent',
      message: expect.stringMatching(
        /not answered to hello within 0.05 s\. It may still carry it out: .*shoalctl status/,
      ),
    },
  });
});
