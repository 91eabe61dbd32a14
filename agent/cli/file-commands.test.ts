/** check, fmt, plan, diff and convert by their functions; cli.test.ts runs the program. */
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleText } from '../control/test-router.ts';
import type { Given } from './command.ts';
import { convert } from './convert-command.ts';
import { check, diff, fmt, plan } from './file-commands.ts';
import type { Outcome } from './outcome.ts';
import { paintFor, plainPaint } from './paint.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

type Command = (given: Given) => Promise<Outcome>;

/** Switches as `true`, values as text. */
const run = (
  command: Command,
  args: string[],
  options: Record<string, string | true> = {},
): Promise<Outcome> =>
  command({
    args,
    flag: (name) => options[name] === true,
    value: (name) => (typeof options[name] === 'string' ? options[name] : null),
    json: options.json === true,
    socket: '',
    paint: options.painted === true ? paintFor('always', { isTerminal: false, env: {} }) : plainPaint,
    errorPaint: plainPaint,
  });

describe('check', () => {
  it('shows each fault with its line and a caret, and counts them', async () => {
    const path = put(
      'bad.cf',
      'primary = 192.0.2.11\nkeepalve = 5\nservice = lvs\nvirtual web {\n\tport = 80x\n}\n',
    );
    const { exitCode, text } = await run(check, [path]);
    expect(exitCode).toBe(1);
    expect(text).toContain(
      [
        `${path}:2:1: error: "keepalve" is not a directive at the top level`,
        '    2 | keepalve = 5',
        '      | ^^^^^^^^',
        '    hint: Did you mean "keepalive"?',
      ].join('\n'),
    );
    expect(text).toMatch(/\n {4}5 \| {9}port = 80x\n {6}\| {16}\^\^\^\n/);
    expect(text.split('\n').at(-1)).toMatch(/: \d+ errors/);
  });

  it('paints what a terminal can show, and says the same without', async () => {
    const path = put('bad.cf', 'keepalve = 5\n');
    const painted = (await run(check, [path], { painted: true })).text;
    const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    expect(painted).toMatch(ansi);
    expect(painted.replace(ansi, '')).toBe((await run(check, [path])).text);
  });

  it('of a file that is not there says so, as data too', async () => {
    const outcome = await run(check, [join(folder, 'none.cf')], { json: true });
    expect(outcome.exitCode).toBe(1);
    expect(JSON.parse(outcome.text)).toMatchObject({ ok: false, error: { code: 'unreadable' } });
  });
});

describe('fmt', () => {
  it('says what is dropped or doubtful, on standard error', async () => {
    const path = put('twice.cf', `${exampleText()}serial_no = 2\n`);
    const { exitCode, complaint } = await run(fmt, [path]);
    expect(exitCode).toBe(0);
    expect(complaint).toMatch(/twice\.cf:\d+:13: warning: .*serial_no/);
  });

  it('--write keeps mode, follows a link, and leaves nothing beside', async () => {
    const path = put('loose.cf', exampleText());
    chmodSync(path, 0o604);
    const link = join(folder, 'link.cf');
    symlinkSync('loose.cf', link);
    expect(await run(fmt, [link], { write: true })).toMatchObject({ exitCode: 0, text: '' });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link.cf', 'loose.cf']);
    expect(statSync(path).mode & 0o777).toBe(0o604);
    expect(await run(fmt, [path], { check: true })).toMatchObject({ exitCode: 0 });
  });

  it('--write refuses a file that it would damage, and one with faults, and leaves both alone', async () => {
    const latin = Buffer.from('# caf\xe9\n', 'latin1');
    const path = put('latin.cf', Buffer.concat([latin, Buffer.from(exampleText())]));
    const before = readFileSync(path);
    expect(await run(fmt, [path], { write: true })).toMatchObject({
      exitCode: 1,
      complaint: expect.stringContaining('not UTF-8'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    const faulty = put('faulty.cf', 'keepalve = 5\n');
    expect((await run(fmt, [faulty], { write: true })).exitCode).toBe(1);
    expect(readFileSync(faulty, 'utf8')).toBe('keepalve = 5\n');
  });

  it('--check names a file that is not canonical, and writes nothing', async () => {
    const path = put('loose.cf', exampleText());
    expect(await run(fmt, [path], { check: true })).toMatchObject({
      exitCode: 1,
      text: '',
      complaint: `${path} is not in canonical form`,
    });
    expect(JSON.parse((await run(fmt, [path], { check: true, json: true })).text).ok).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(exampleText());
  });

  it.each<[string[], Record<string, true>]>([
    [['-'], { write: true }],
    [['x.cf'], { write: true, check: true }],
  ])('%j with %j is wrong usage', async (args, options) => {
    expect((await run(fmt, args, options)).exitCode).toBe(2);
  });
});

describe('plan', () => {
  it('of a file that no router would take gives the plan and says so', async () => {
    const path = put('lacking.cf', exampleText().replace(/nat_router.*\n/, ''));
    const outcome = await run(plan, [path]);
    expect(outcome).toMatchObject({
      exitCode: 0,
      complaint: expect.stringContaining(`shoalctl check ${path}`),
    });
    expect(outcome.text).toContain('-A -t 192.0.2.100:80 -s wrr');
  });

  it('leaves what nobody names, and says so beside the commands, which stay commands alone', async () => {
    const from = put('table', '-A -f 7 -s rr\nodd\n');
    const { text, complaint } = await run(plan, [put('good.cf', exampleText())], { from });
    for (const line of text.split('\n')) expect(line).toMatch(/^-[Aa] /);
    expect(complaint).toContain('service firewall mark 7 stays');
    expect(complaint).toContain(`${from}:2: passed over`);
  });

  it('shows the faults of the file that they are in', async () => {
    const from = put('old.cf', 'keepalve = 5\n');
    expect(await run(plan, [put('good.cf', exampleText())], { from })).toMatchObject({
      exitCode: 1,
      complaint: expect.stringMatching(/^.*old\.cf:1:1: error: /),
    });
  });
});

describe('diff', () => {
  it('ends with 0 whether the files differ or not, and with 1 on a difference if that is asked for', async () => {
    const [a, b] = [put('a.cf', exampleText()), put('b.cf', exampleText({ scheduler: 'rr' }))];
    expect((await run(diff, [a, b])).exitCode).toBe(0);
    expect((await run(diff, [a, b], { 'exit-code': true })).exitCode).toBe(1);
    expect((await run(diff, [a, a], { 'exit-code': true })).exitCode).toBe(0);
    expect(JSON.parse((await run(diff, [a, b], { json: true })).text)).toMatchObject({
      equal: false,
      changes: [{ path: ['virtualServers', 0, 'scheduler'], message: expect.stringContaining('→') }],
    });
  });

  it('cannot read standard input twice', async () => {
    for (const outcome of [await run(diff, ['-', '-']), await run(plan, ['-'], { from: '-' })])
      expect(outcome.exitCode).toBe(2);
  });
});

describe('convert', () => {
  it('tells the dialect by the text, writes lvs.cf, and says what was lost, line by line', async () => {
    const path = put(
      'table',
      '-A -t 192.0.2.100:80 -s wlc\n-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1\n',
    );
    const { exitCode, text, complaint } = await run(convert, [path], { device: 'bond0' });
    expect(exitCode).toBe(0);
    expect(text).toContain('address = 192.0.2.100 bond0');
    expect(complaint).toMatch(/table:\d+: not carried over: /);
  });

  it('keepalived.conf becomes a configuration that plans the same table', async () => {
    const conf = put(
      'keepalived.conf',
      [
        'virtual_server 192.0.2.100 80 {',
        '  lb_algo wrr',
        '  lb_kind NAT',
        '  protocol TCP',
        '  real_server 10.11.12.21 80 {',
        '    weight 3',
        '    TCP_CHECK {',
        '      connect_timeout 3',
        '    }',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
    const { exitCode, text } = await run(convert, [conf]);
    expect(exitCode).toBe(0);
    expect((await run(plan, [put('new.cf', `${text}\n`)])).text.split('\n')).toEqual([
      '-A -t 192.0.2.100:80 -s wrr',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 3',
    ]);
  });

  it('a text that is nothing known has to be named; one that cannot be read ends with 1', async () => {
    expect(await run(convert, [put('odd', 'hello\n')])).toMatchObject({
      exitCode: 2,
      complaint: expect.stringContaining('--from keepalived'),
    });
    const listing = put('listing', 'IP Virtual Server version 1.2.1 (size=4096)\n');
    expect(await run(convert, [listing])).toMatchObject({
      exitCode: 1,
      text: '',
      complaint: expect.stringContaining('ipvsadm -Sn'),
    });
  });
});
