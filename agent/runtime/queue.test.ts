import { expect, it } from 'vitest';
import { createSerialQueue } from './queue.ts';

it('what has no time to lose begins at once when nothing is under way, and after what is', async () => {
  const queue = createSerialQueue();
  const done: string[] = [];
  const first = queue.runAtOnce(async () => {
    done.push('first begins');
    await Promise.resolve();
    done.push('first ends');
  });
  expect(done).toEqual(['first begins']);
  const second = queue.runAtOnce(async () => void done.push('second'));
  const third = queue.run(async () => void done.push('third'));
  await Promise.all([first, second, third]);
  expect(done).toEqual(['first begins', 'first ends', 'second', 'third']);
  await Promise.resolve();
  void queue.runAtOnce(async () => void done.push('fourth'));
  expect(done).toContain('fourth');
});

it('a task that rejects stops neither the next nor one that begins at once', async () => {
  const queue = createSerialQueue();
  const fails = async () => {
    throw new Error('refused');
  };
  await expect(queue.run(fails)).rejects.toThrow('refused');
  await expect(queue.runAtOnce(fails)).rejects.toThrow('refused');
  await expect(queue.runAtOnce(async () => 'done')).resolves.toBe('done');
});
