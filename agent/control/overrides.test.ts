import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_WEIGHT } from '#lib/ipvs/compile.ts';
import { MAX_FIXED_WEIGHT, type MethodName, type ParamsOf } from '#lib/protocol/messages.ts';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { handlers } from './handlers.ts';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, type TestRouter } from './test-router.ts';
import { activeRouter, changesOf, push } from './test-steps.ts';
import { confirm, rollback } from './trial.ts';

afterEach(cleanUp);

type ServerMethod = Extract<MethodName, `server.${string}`>;

const ask = (
  test: TestRouter,
  method: ServerMethod,
  params: Partial<ParamsOf<'server.setWeight'>> = {},
): Promise<{ done: boolean; message: string }> => {
  const handler = handlers[method] as (...args: unknown[]) => Promise<{ done: boolean; message: string }>;
  const given = { virtualServer: 'web', realServer: 'rs1', by: 'alice', ...params };
  return handler(test.agent.router, given, { subscribe() {} });
};

const stateOf = (test: TestRouter) =>
  JSON.parse(readFileSync(join(test.folder, 'state', 'state.json'), 'utf8'));
const kinds = (test: TestRouter): string[] =>
  stateOf(test).overrides.map(({ realServer, kind }: Record<string, string>) => `${realServer} ${kind}`);
const onlyRs2 = exampleText({ serial: 2, servers: [['rs2', '10.11.12.22', 2]] });
const rs1 = '-t 192.0.2.100:80 -r 10.11.12.21:80';

describe('an override', () => {
  it('is in the kernel, on the disk and told when the answer comes', async () => {
    const test = await activeRouter();
    expect(await ask(test, 'server.disable')).toEqual({
      done: true,
      message: 'rs1 of web is out of the routing table; its checks go on',
    });
    expect(changesOf(test)).toEqual([`-d ${rs1}`]);
    expect(kinds(test)).toEqual(['rs1 disable']);
    expect(test.events('server-disabled')).toEqual([
      'rs1 of web is out of the routing table; its checks go on, by alice',
    ]);
    const [health] = (await statusOf(test.agent.router)).health;
    expect(health).toMatchObject({ state: 'disabled', overrides: [{ kind: 'disable', by: 'alice' }] });
    expect(await ask(test, 'server.enable')).toMatchObject({ done: true });
    expect(changesOf(test)).toEqual([`-a ${rs1} -m -w 1`]);
    expect(kinds(test)).toEqual([]);
  });

  it('of the weight fixes it and gives it back', async () => {
    const test = await activeRouter();
    expect(await ask(test, 'server.setWeight', { weight: 9 })).toEqual({
      done: true,
      message: 'rs1 of web has the fixed weight 9',
    });
    expect(changesOf(test)).toEqual([`-e ${rs1} -m -w 9`]);
    expect(await ask(test, 'server.setWeight', { weight: null })).toMatchObject({ done: true });
    expect(changesOf(test)).toEqual([`-e ${rs1} -m -w 1`]);
  });

  it('takes no greater weight than a configuration does', () => expect(MAX_FIXED_WEIGHT).toBe(MAX_WEIGHT));

  it('survives kill -9 and changes nothing at the next start', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    await ask(test, 'server.setWeight', { realServer: 'rs2', weight: 7 });
    changesOf(test);
    test.kill();
    const next = await test.restart();
    await next.pass(2000);
    expect(changesOf(next)).toEqual([]);
    expect(shownTable(next.kernel)).toEqual([
      '-A -t 192.0.2.100:80 -s wrr',
      `-a ${rs1} -m -w 0`,
      '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 7',
    ]);
  });

  it('asked for twice keeps who asked first; one that is not there cannot be taken away', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    expect(await ask(test, 'server.drain', { by: 'bob' })).toMatchObject({ done: true });
    expect(stateOf(test).overrides).toMatchObject([{ by: 'alice' }]);
    expect(await ask(test, 'server.enable')).toEqual({
      done: false,
      message: '"rs1" of "web" is not disabled but drained by alice',
    });
    expect(await ask(test, 'server.drain', { realServer: 'rs9' })).toMatchObject({ done: false });
  });

  it('says what its user may not expect', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    expect((await ask(test, 'server.disable', { realServer: 'rs2' })).message).toContain(
      'no real server of web takes new connections now',
    );
    test.nanny.weights.set('web/rs1', null);
    expect((await ask(test, 'server.undrain')).message).toBe(
      'rs1 of web gets new connections again; it is down now: connection refused; ' +
        'no real server of web takes new connections now',
    );
  });

  it('of the last real server brings the sorry server in, and its end takes it out', async () => {
    const text = exampleText().replace('  port = 80\n', '  port = 80\n  sorry_server = 10.11.12.99\n');
    const test = await activeRouter(text);
    await ask(test, 'server.disable');
    expect((await ask(test, 'server.drain', { realServer: 'rs2' })).message).toBe(
      'rs2 of web gets no new connections; no real server of web takes new connections now, its sorry server 10.11.12.99 does',
    );
    expect(shownTable(test.kernel)).toEqual([
      '-A -t 192.0.2.100:80 -s wrr',
      '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 0',
      '-a -t 192.0.2.100:80 -r 10.11.12.99:80 -m -w 1',
    ]);
    await ask(test, 'server.enable');
    expect(shownTable(test.kernel).join('\n')).not.toContain('10.11.12.99');
  });

  it('that the kernel refuses is told, stays and is tried again', async () => {
    const test = await activeRouter();
    test.kernel.refuse = { containing: '-w 9', message: 'Memory allocation problem' };
    const { done, message } = await ask(test, 'server.setWeight', { weight: 9 });
    expect([done, message]).toEqual([true, expect.stringContaining('the kernel does not take it now')]);
    test.kernel.refuse = null;
    await test.pass(6000);
    expect(shownTable(test.kernel).join('\n')).toContain(`${rs1} -m -w 9`);
  });

  it('of a file of an earlier version, which knew drains only, holds', async () => {
    const test = await activeRouter();
    test.kill();
    const { overrides: _, overridesOf: __, ...before } = stateOf(test);
    const drains = [{ virtualServer: 'web', realServer: 'rs1' }];
    writeFileSync(join(test.folder, 'state', 'state.json'), JSON.stringify({ ...before, drains }));
    const next = await test.restart();
    await next.pass(10);
    expect(shownTable(next.kernel)).toContain(`-a ${rs1} -m -w 0`);
    expect(next.nanny.overrides()).toMatchObject([{ realServer: 'rs1', kind: 'drain', by: null }]);
  });
});

describe('a full disk', () => {
  it('takes no override: the error is told and nothing is half done', async () => {
    const test = await activeRouter();
    const free = test.fillDisk();
    const { done, message } = await ask(test, 'server.drain');
    expect([done, message]).toEqual([false, expect.stringContaining('so nothing was changed')]);
    expect(changesOf(test)).toEqual([]);
    expect(test.nanny.overrides()).toEqual([]);
    expect(test.events('server-drained')).toEqual([]);
    free();
    // Nor does a later write bring it in by the back door.
    await test.agent.router.state.update({ stopped: true });
    expect(kinds(test)).toEqual([]);
  });

  it('takes none away either', async () => {
    const test = await activeRouter();
    await ask(test, 'server.disable');
    changesOf(test);
    test.fillDisk();
    expect(await ask(test, 'server.enable')).toMatchObject({ done: false });
    expect(changesOf(test)).toEqual([]);
    expect(test.nanny.overrides()).toHaveLength(1);
  });
});

describe('an override and a new configuration', () => {
  it('stays with its server over pushes', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    await push(test, exampleText({ serial: 2, scheduler: 'wlc' }));
    expect(shownTable(test.kernel)).toContain(`-a ${rs1} -m -w 0`);
    expect(kinds(test)).toEqual(['rs1 drain']);
  });

  const renamed = exampleText({
    serial: 2,
    servers: [
      ['one', '10.11.12.21', 1],
      ['rs2', '10.11.12.22', 2],
    ],
  });
  /** What the nanny does when a server gets another name. */
  const renames = (test: TestRouter): void => {
    const { configure } = test.nanny;
    Object.assign(test.nanny, {
      configure(...args: Parameters<typeof configure>) {
        configure(...args);
        test.nanny.override(test.nanny.overrides().map((each) => ({ ...each, realServer: 'one' })));
      },
    });
  };

  it('is on the disk under the new name of its server', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    renames(test);
    await push(test, renamed);
    expect(kinds(test)).toEqual(['one drain']);
    expect(stateOf(test).overridesOf).toBeNull();
  });

  it('has the name that fits the file which a kill in the middle of an apply left', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    renames(test);
    const { files } = test.agent.router;
    const { write } = files;
    const isWritten = new Promise<void>((resolve) =>
      Object.assign(files, {
        async write(text: string) {
          await write(text);
          test.kill();
          resolve();
          await new Promise(() => {});
        },
      }),
    );
    void push(test, renamed);
    await isWritten;
    expect(kinds(test)).toEqual(['rs1 drain']);
    const next = await test.restart();
    await next.pass(10);
    expect(next.agent.router.running?.serial).toBe(2);
    expect(shownTable(next.kernel)).toContain(`-a ${rs1} -m -w 0`);
    expect(kinds(next)).toEqual(['one drain']);
  });

  it('of a weight stands in the plan of a dry run, too', async () => {
    const test = await activeRouter();
    await ask(test, 'server.setWeight', { weight: 7 });
    const heavier = exampleText({ serial: 2, servers: [['rs1', '10.11.12.21', 3]] });
    const { table } = await push(test, heavier, { dryRun: true });
    expect(table).toContain(`-a ${rs1} -m -w 7`);
    await push(test, heavier);
    expect(shownTable(test.kernel)).toEqual(table);
  });

  it('ends with an event when its server leaves, and does not return with it', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    await push(test, onlyRs2);
    expect(test.events('override-ended')).toEqual([
      'rs1 of web left the configuration: it is no longer drained by alice',
    ]);
    expect(kinds(test)).toEqual([]);
    await push(test, exampleText({ serial: 3 }));
    expect(shownTable(test.kernel)).toContain(`-a ${rs1} -m -w 1`);
  });

  it('waits while a push without its server is on trial, also over a restart, and holds when the push returns', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    await push(test, onlyRs2, { confirmWithinSeconds: 30 });
    test.kill();
    const next = await test.restart();
    await next.pass(31_000);
    await expect.poll(() => next.agent.router.running?.serial).toBe(1);
    expect(shownTable(next.kernel)).toContain(`-a ${rs1} -m -w 0`);
    expect(kinds(next)).toEqual(['rs1 drain']);
  });

  it('ends when such a push is confirmed', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    await push(test, onlyRs2, { confirmWithinSeconds: 30 });
    expect(kinds(test)).toEqual(['rs1 drain']);
    await confirm(test.agent.router);
    expect(kinds(test)).toEqual([]);
    await rollback(test.agent.router);
    expect(shownTable(test.kernel)).toContain(`-a ${rs1} -m -w 1`);
  });

  it('stays when the push without its server fails', async () => {
    const test = await activeRouter();
    await ask(test, 'server.drain');
    test.kernel.refuse = { containing: `-d ${rs1}`, message: 'Memory allocation problem' };
    await push(test, onlyRs2);
    expect(shownTable(test.kernel)).toContain(`-a ${rs1} -m -w 0`);
    expect(kinds(test)).toEqual(['rs1 drain']);
    expect(test.events('override-ended')).toEqual([]);
  });
});
