/** Registers a test for each page in each state: one console a state, its pages one after the other. */
import { test } from '@playwright/test';
import type { ConsolePage } from '../console-page.ts';
import type { Stop } from '../walk.ts';
import { broken } from './broken.ts';
import { empty, firstRun } from './empty.ts';
import { full } from './full.ts';
import type { Running, State } from './running.ts';

const states: readonly State[] = [firstRun, empty, broken, full];

export function forEveryState(
  title: (stop: Stop, state: State) => string,
  visit: (shoal: ConsolePage, stop: Stop, state: State) => Promise<void>,
): void {
  for (const state of states) {
    test.describe(`${state.name}:`, () => {
      let running: Running | null = null;
      test.beforeAll(async ({ browser }) => {
        running = await state.start(browser);
      });
      test.afterAll(() => running?.stop());
      for (const stop of state.stops) {
        test(title(stop, state), async () => {
          if (running === null) throw new Error('The console did not start');
          await visit(running.shoal, stop, state);
        });
      }
    });
  }
}
