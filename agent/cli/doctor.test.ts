/** The doctor on this machine, whatever it lacks, with an agent and without. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanUp, exampleText, startTestRouter } from '../control/test-router.ts';
import { readClosedChains } from '../doctor/gather.ts';
import { doctor } from './doctor-command.ts';
import { plainPaint } from './paint.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-doctor-'));
  writeFileSync(join(folder, 'lvs.cf'), exampleText({ backup: true }));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cleanUp();
});

interface Values {
  readonly socket?: string;
  readonly config?: string;
}

const ask = async (json: boolean, { socket = join(folder, 'none.sock'), config }: Values = {}) => {
  const values = new Map([
    ['state', folder],
    ...(config === undefined ? [] : [['config', join(folder, config)] as const]),
  ]);
  return doctor({
    args: [],
    flag: () => false,
    value: (name) => values.get(name) ?? null,
    json,
    socket,
    paint: plainPaint,
    errorPaint: plainPaint,
  });
};

type Told = Record<string, { level: string; text: string }>;
const findingsOf = (text: string): Told =>
  Object.fromEntries(JSON.parse(text).findings.map((finding: { id: string }) => [finding.id, finding]));

it('works without an agent, and says what the real servers need', async () => {
  const { text, exitCode } = await ask(true, { config: 'lvs.cf' });
  const report = JSON.parse(text);
  expect(exitCode).toBe(report.ok ? 0 : 1);
  expect(findingsOf(text)).toMatchObject({
    'lvs-cf': { level: 'ok' },
    'state-folder': { level: 'ok' },
    identity: { level: 'error', text: expect.stringContaining('neither the primary (192.0.2.11)') },
  });
  expect(report.realServers[0].servers).toEqual(['10.11.12.21', '10.11.12.22']);
});

it('tells people the same, with an exit code that says whether the router can serve', async () => {
  writeFileSync(join(folder, 'bad.cf'), 'keepalive = soon\n');
  const { text, exitCode } = await ask(false, { config: 'bad.cf' });
  expect(exitCode).toBe(1);
  expect(text).toMatch(/ERROR +.*bad\.cf has 3 errors[\s\S]*shoalctl check .*bad\.cf/);
  expect(text.split('\n').at(-1)).toMatch(/\d+ errors?.*: this router cannot serve like this$/);
});

it('asks the agent, and judges what it runs', async () => {
  const test = await startTestRouter(exampleText());
  const { text } = await ask(true, { socket: test.socket });
  expect(findingsOf(text)).toMatchObject({
    'agent-runs': { level: 'ok', text: expect.stringContaining('standby') },
    'agent-version': { level: 'warning', text: expect.stringContaining('1.2.3') },
    interfaces: {},
  });
});

it('is not kept waiting by an agent that does not answer', async () => {
  const path = join(folder, 'deaf.sock');
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const { text } = await ask(true, { socket: path });
  server.close();
  expect(findingsOf(text)['agent-runs']).toMatchObject({ level: 'error' });
});

it('finds the chains of nftables that drop what no rule lets in', () => {
  const text = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}
table ip6 other {
	chain in {
		type filter hook input priority 0; policy accept;
	}
}
`;
  expect(readClosedChains(text)).toEqual([{ family: 'inet', table: 'filter', chain: 'input' }]);
});
