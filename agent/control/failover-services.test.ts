import { expect, test } from 'vitest';
import { defaultVirtual } from '#lib/lvs/model.ts';
import { createFailoverServices } from './failover-services.ts';
import type { Finding } from './router.ts';

const service = (name: string, startCommand: string | null = `/bin/start ${name}`) => ({
  ...defaultVirtual(name),
  enabled: true,
  startCommand,
  stopCommand: `/bin/stop ${name}`,
});

function scene() {
  const run: string[] = [];
  const failing = new Map<string, string>();
  let found: readonly Finding[] = [];
  let hold: Promise<void> | null = null;
  const services = createFailoverServices({
    async run(line) {
      run.push(line.replace('/bin/', ''));
      await hold;
      return failing.get(line) ?? null;
    },
    onFindings: (next) => {
      found = next;
    },
  });
  return {
    services,
    failing,
    problems: () => found.map(({ problem, serving }) => `${serving ? 'fault: ' : ''}${problem}`),
    done: () => run.splice(0),
    /** Commands take their time until the returned function is called. */
    holdUp() {
      let release = () => {};
      hold = new Promise((resolve) => {
        release = () => {
          hold = null;
          resolve();
        };
      });
      return release;
    },
  };
}

test('services start in the order of the file and stop in the other one', async () => {
  const { services, done } = scene();
  await services.converge([service('disk'), service('mail')]);
  expect(done()).toEqual(['start disk', 'start mail']);
  await services.converge([]);
  expect(done()).toEqual(['stop mail', 'stop disk']);
});

test('a change of one service touches no other', async () => {
  const { services, done } = scene();
  await services.converge([service('disk'), service('mail')]);
  done();
  await services.converge([service('disk'), service('mail', '/bin/start mail -v')]);
  expect(done()).toEqual(['stop mail', 'start mail -v']);
});

test('after a restart of the agent on an active router nothing is started again', async () => {
  const { services, done } = scene();
  services.adopt([service('mail')]);
  await services.converge([service('mail')]);
  expect(done()).toEqual([]);
});

test('a router that starts as a standby stops what an earlier run may have left', async () => {
  const { services, done } = scene();
  await services.clear([service('disk'), service('mail')]);
  expect(done()).toEqual(['stop mail', 'stop disk']);
});

test('a router that yields while it starts services starts no further one and stops what it began', async () => {
  const { services, done, holdUp } = scene();
  const release = holdUp();
  const starting = services.converge([service('disk'), service('mail')]);
  await expect.poll(done).toEqual(['start disk']);
  const stopping = services.converge([]);
  release();
  await Promise.all([starting, stopping]);
  expect(done()).toEqual(['stop disk']);
});

test('a service that does not start is a problem, no fault: the other router would be no better off', async () => {
  const { services, failing, problems } = scene();
  failing.set('/bin/start mail', '"/bin/start mail" ended with code 3');
  await services.converge([service('mail')]);
  expect(problems()).toEqual(['Failover service mail did not start: "/bin/start mail" ended with code 3']);
  await services.converge([]);
  expect(problems()).toEqual([]);
});

test('a block without a start command only holds its VIP', async () => {
  const { services, done } = scene();
  await services.converge([service('address', null)]);
  expect(done()).toEqual([]);
});
