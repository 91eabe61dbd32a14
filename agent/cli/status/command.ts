/** `shoalctl status`: once, or again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectClient } from '../client.ts';
import type { Given } from '../command.ts';
import { failed, fine, type Outcome, toJson, usage } from '../outcome.ts';
import { showsUnicode } from '../paint.ts';
import { cut } from '../terminal-text.ts';
import { createOnlooker } from './look.ts';
import { pictureOf, type Seen } from './picture.ts';
import { screenLines } from './screen.ts';
import { openTerminal } from './terminal.ts';
import { type Lost, watchStatus } from './watch.ts';

const INTERVAL_MS = 1000;
/** Of a pipe, whose reader has no columns. */
const PIPE_WIDTH = 160;
const LEAST_WIDTH = 40;
const LEAST_HEIGHT = 12;

/** The console of Linux itself has a font of 256 or 512 characters. */
const unicode = (): boolean => showsUnicode(process.env) && process.env.TERM !== 'linux';

/** What the terminal has, or COLUMNS where there is none. */
function widthNow(): number {
  const given = Number(process.env.COLUMNS);
  const width = process.stdout.columns ?? (given > 0 ? given : PIPE_WIDTH);
  return Math.max(LEAST_WIDTH, width);
}

function linesOf(seen: Seen, paint: Given['paint'], height: number | null): string[] {
  return screenLines(pictureOf(seen), { width: widthNow(), height, paint, unicode: unicode() });
}

/** What was seen last is never shown as if it were now. */
function watchedLines(seen: Seen | null, lost: Lost | null, paint: Given['paint']): string[] {
  const height = Math.max(LEAST_HEIGHT, process.stdout.rows ?? 24);
  const width = widthNow();
  const foot = paint(cut('every second; q ends', width), 'dim');
  if (lost === null) return seen === null ? [foot] : [...linesOf(seen, paint, height - 1), foot];
  const alarm = paint(cut(`NO ANSWER for ${lost.seconds} s: ${lost.message}`, width), 'bold', 'red');
  if (seen === null) return [alarm, foot];
  const old = paint(cut(`What follows is old: ${seen.status.at}`, width), 'bold', 'red');
  return [alarm, old, ...linesOf(seen, paint, height - 3), foot];
}

/** One line of JSON a second, for programs; ends with the agent. */
async function stream(socket: string): Promise<Outcome> {
  const client = await connectClient(socket);
  if (!client.ok) return failed(client.error, true);
  for (;;) {
    const answer = await client.value.request('status', {});
    if (!answer.ok) return failed(answer.error, true);
    process.stdout.write(`${JSON.stringify(answer.value)}\n`);
    await sleep(INTERVAL_MS);
  }
}

async function once({ json, socket, paint, flag }: Given): Promise<Outcome> {
  const client = await connectClient(socket);
  if (!client.ok) return failed(client.error, json);
  if (json) {
    const status = await client.value.request('status', {});
    client.value.close();
    return status.ok ? fine(toJson(status.value)) : failed(status.error, json);
  }
  const answer = await createOnlooker(client.value).look();
  client.value.close();
  if (!answer.ok) return failed(answer.error, json);
  const { isTTY, rows } = process.stdout;
  // The prompt that follows needs a line, too.
  const height = isTTY && !flag('all') ? Math.max(LEAST_HEIGHT, rows - 1) : null;
  return fine(linesOf(answer.value, paint, height).join('\n'));
}

export async function status(given: Given): Promise<Outcome> {
  const { json, socket, paint } = given;
  if (!given.flag('watch')) return once(given);
  if (json) return stream(socket);
  if (!process.stdout.isTTY)
    return usage('shoalctl: status --watch paints on a terminal; for data, one line a second, add --json');
  return watchStatus(openTerminal(), {
    socket,
    intervalMs: INTERVAL_MS,
    paint: (seen, lost) => watchedLines(seen, lost, paint),
  });
}
