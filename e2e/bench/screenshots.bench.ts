/** Pictures of every page: at work in the lab; empty, very full and broken in consoles with fake routers. */
import { expect, test } from '../fixtures.ts';
import { forEveryState } from '../states/walk-states.ts';
import { stops, untilDrawn } from '../walk.ts';
import { takePictures } from './pictures.ts';

for (const stop of stops) {
  test(`normal: ${stop.name}`, async ({ shoal, rested }) => {
    expect(rested.routers.length).toBe(2);
    await stop.open(shoal);
    await untilDrawn(shoal.page);
    await takePictures(shoal.page, 'normal', stop);
  });
}

forEveryState(
  (stop) => stop.name,
  async (shoal, stop, { name }) => {
    await stop.open(shoal);
    await untilDrawn(shoal.page);
    await takePictures(shoal.page, name, stop);
  },
);
