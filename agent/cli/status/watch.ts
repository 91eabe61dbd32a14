/** `shoalctl status --watch`: paints the picture anew every second, until q or Ctrl-C. */
import { type Answer, type Client, connectClient } from '../client.ts';
import type { Outcome } from '../outcome.ts';
import { createOnlooker, type Onlooker } from './look.ts';
import type { Seen } from './picture.ts';

/** The terminal, or what a test puts in its place. */
export interface Display {
  /** Lines of the whole screen. */
  show(lines: readonly string[]): void;
  /** Calls back when the user wants no more, or the size changed. */
  onQuit(quit: () => void): void;
  onResize(repaint: () => void): void;
  close(): void;
}

export interface Watching {
  readonly socket: string;
  readonly intervalMs: number;
  /** What is shown of what was seen; `lostSeconds`: for how long nobody has answered, null while somebody does. */
  paint(seen: Seen | null, lost: Lost | null): readonly string[];
}

export interface Lost {
  readonly seconds: number;
  readonly message: string;
}

/** An agent that hangs is as good as none. */
const ANSWER_LIMIT_MS = 5000;

/** Keeps one connection, and makes another one when it is lost. */
function createWatcher(socket: string) {
  let client: Client | null = null;
  let onlooker: Onlooker | null = null;
  const drop = (): void => {
    client?.close();
    client = null;
    onlooker = null;
  };
  return {
    drop,
    async look(): Promise<Answer<Seen>> {
      if (onlooker === null) {
        const connected = await connectClient(socket, ANSWER_LIMIT_MS);
        if (!connected.ok) return connected;
        client = connected.value;
        onlooker = createOnlooker(client);
      }
      const answer = await onlooker.look();
      if (!answer.ok) drop();
      return answer;
    },
  };
}

/** Ends when the user says so; 3 when nobody answers then. */
export function watchStatus(display: Display, { socket, intervalMs, paint }: Watching): Promise<Outcome> {
  const watcher = createWatcher(socket);
  let seen: Seen | null = null;
  let lostAt: number | null = null;
  let message = '';
  const repaint = (): void => {
    const lost =
      lostAt === null ? null : { seconds: Math.round((performance.now() - lostAt) / 1000), message };
    display.show(paint(seen, lost));
  };
  return new Promise((resolve) => {
    let ended = false;
    let timer: NodeJS.Timeout | undefined;
    const round = async (): Promise<void> => {
      const answer = await watcher.look();
      if (ended) return;
      if (answer.ok) {
        seen = answer.value;
        lostAt = null;
      } else {
        lostAt ??= performance.now();
        message = answer.error.message;
      }
      repaint();
      timer = setTimeout(() => void round(), intervalMs);
    };
    display.onResize(repaint);
    display.onQuit(() => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      watcher.drop();
      display.close();
      resolve({ exitCode: lostAt === null ? 0 : 3, text: '' });
    });
    void round();
  });
}
