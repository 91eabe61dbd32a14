/** One browser's event stream, of one cluster or of all. */
import 'server-only';
import { database } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { tokenVersionOf } from '../users/data.ts';
import type { Listener } from './broadcast.ts';
import { liveHub } from './hub.ts';

const KEEP_ALIVE_MS = 15_000;
/** A browser that reads nothing gets no more than this; the next snapshot holds everything again. */
const MOST_UNREAD = 4;

/** Answers 404 for a cluster that does not exist. */
export async function liveStream(request: Request, clusterId: string, actor: Actor): Promise<Response> {
  if ((await liveHub().snapshot(clusterId)) === null) {
    return Response.json({ error: 'There is no such cluster' }, { status: 404 });
  }
  return eventStream(request, actor, (listener) => liveHub().subscribe(clusterId, listener));
}

/** All clusters. */
export const overviewStream = (request: Request, actor: Actor): Promise<Response> =>
  eventStream(request, actor, (listener) => liveHub().subscribeOverview(listener));

/** Ends when the browser goes, the console ends or the session does. */
async function eventStream(
  request: Request,
  actor: Actor,
  subscribe: (listener: Listener) => () => void,
): Promise<Response> {
  const version = await tokenVersionOf(database(), actor.id);
  const encoder = new TextEncoder();
  let stop = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string): void => {
        if ((controller.desiredSize ?? 0) > -MOST_UNREAD) controller.enqueue(encoder.encode(text));
      };
      const end = (): void => {
        stop();
        try {
          controller.close();
        } catch {
          // The browser was faster.
        }
      };
      const beat = setInterval(() => {
        send(': keep-alive\n\n');
        // A revoked session must not go on watching.
        void tokenVersionOf(database(), actor.id).then((now) => now === version || end(), end);
      }, KEEP_ALIVE_MS);
      send('retry: 2000\n\n');
      const leave = subscribe({
        onValue: (json) => send(`data: ${json}\n\n`),
        onEnd: end,
      });
      stop = () => {
        clearInterval(beat);
        leave();
        request.signal.removeEventListener('abort', end);
        stop = () => {};
      };
      request.signal.addEventListener('abort', end);
      if (request.signal.aborted) end();
    },
    cancel() {
      stop();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // no-transform: compression would hold events back.
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}
