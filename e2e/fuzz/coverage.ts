/** Which blocks of the bundled program have run, as V8 counts them. */
import { Session } from 'node:inspector/promises';

export interface Coverage {
  /** The blocks that ran since the last call. */
  take(): Promise<ReadonlySet<number>>;
  stop(): Promise<void>;
}

/** Counts the blocks of the scripts whose address ends like this. */
export async function watchCoverage(scriptName: string): Promise<Coverage> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async take() {
      // Taking the counts sets them back to zero.
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const ranges = result
        .filter(({ url }) => url.endsWith(scriptName))
        .flatMap(({ functions }) => functions.flatMap((found) => found.ranges));
      return new Set(
        ranges.flatMap(({ startOffset, endOffset, count }) =>
          count > 0 ? [startOffset * 2 ** 25 + endOffset] : [],
        ),
      );
    },
    async stop() {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
