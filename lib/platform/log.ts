/** The console's log: one line an event on standard output or error, time in ISO 8601 UTC. No secrets. */
import 'server-only';

const line = (message: string): string => `${new Date().toISOString()} ${message}\n`;

export const log = {
  info(message: string): void {
    process.stdout.write(line(message));
  },
  error(message: string, cause?: unknown): void {
    const reason =
      cause === undefined
        ? ''
        : `: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`;
    process.stderr.write(line(`${message}${reason}`));
  },
};
