/** A real server fails and returns; the kernel and the browser follow. */
import { costOfThreeStarts } from '#e2e/cluster/emulator.ts';
import { CHECK_SECONDS, REENTRY_SECONDS } from '#e2e/cluster/example.ts';
import { watchRouters } from '#e2e/cluster/witness.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from './fixtures.ts';

test('a real server whose HTTP server stops leaves the table, and returns after the re-entry time', async ({
  shoal,
  rested: lab,
}) => {
  await shoal.markPage();
  const row = shoal.healthRow('web', 'rs2');
  await expect(row.getByText('up', { exact: true })).toHaveCount(2);
  const inTable = async (): Promise<boolean> =>
    (await lab.r1.routingTable()).some((line) => line.includes(`-r ${lab.rs2.address}:80`));

  const emulatorMs = await costOfThreeStarts(lab.r1);
  const starvedMs = watchRouters(lab);
  await lab.rs2.stopHttp();
  const stopped = performance.now();
  await until('rs2 to leave the table', async () => !(await inTable()), { everyMs: 50 });
  expect(performance.now() - stopped).toBeLessThanOrEqual(
    2 * CHECK_SECONDS * 1000 + emulatorMs + starvedMs(),
  );
  const down = row.getByText('down', { exact: true });
  await expect(down).toHaveCount(2);
  const [red, green, blue] = await down.first().evaluate((element) => {
    const canvas = document.createElement('canvas').getContext('2d');
    if (!canvas) return [0, 0, 0];
    canvas.fillStyle = getComputedStyle(element).color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  });
  expect(red, 'the word "down" is red').toBeGreaterThan(2 * Math.max(green ?? 0, blue ?? 0));

  const started = performance.now();
  await lab.rs2.startHttp();
  await until('rs2 to return to the table', inTable, { timeoutMs: 30_000, everyMs: 50 });
  const away = performance.now() - started;
  // The first good check may come at once; from then on it counts the re-entry time in whole intervals.
  expect(away).toBeGreaterThan((REENTRY_SECONDS - CHECK_SECONDS) * 1000 - starvedMs());
  expect(away).toBeLessThan((REENTRY_SECONDS + 2 * CHECK_SECONDS) * 1000 + emulatorMs + starvedMs());
  await expect(row.getByText('up', { exact: true })).toHaveCount(2);
  await shoal.expectNotReloaded();
});
