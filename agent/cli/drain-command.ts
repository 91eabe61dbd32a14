/** `shoalctl drain`: no new connections, and with `--wait` patience until the last one is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asking } from './agent-commands.ts';
import { type Answer, type Client, connectClient } from './client.ts';
import { failed, faulty, fine, type Outcome, toJson } from './outcome.ts';
import { partnerRemark, whoAsks } from './override-commands.ts';
import { createOnlooker } from './status/look.ts';
import { pictureOf, type Seen } from './status/picture.ts';

const INTERVAL_MS = 1000;

export interface DrainOptions {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly wait: boolean;
  /** Null: however long it takes. */
  readonly mostSeconds: number | null;
}

/**
 * Connections of a real server that are still served. What is inactive counts only where nothing is ever active:
 * the kernel knows no end of a UDP "connection" but its timeout.
 */
export function connectionsLeft(seen: Seen, virtualServer: string, realServer: string): number {
  const lines = pictureOf(seen)
    .blocks.filter(({ name, isForeign }) => name === virtualServer && !isForeign)
    .flatMap(({ service, servers }) =>
      servers
        .filter(({ name }) => name === realServer)
        .map(({ active, inactive }) => (active ?? 0) + (service.startsWith('udp ') ? (inactive ?? 0) : 0)),
    );
  return lines.reduce((sum, count) => sum + count, 0);
}

const plural = (count: number): string => `${count} connection${count === 1 ? '' : 's'}`;

/** Asks until nobody is connected; `tell` hears whenever the number is another one. */
async function waitForEnd(
  client: Client,
  { virtualServer, realServer, mostSeconds }: DrainOptions,
  tell: (left: number) => void,
): Promise<Answer<number>> {
  const onlooker = createOnlooker(client);
  const end = performance.now() + (mostSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  let before: number | null = null;
  for (;;) {
    const answer = await onlooker.look();
    if (!answer.ok) return answer;
    const left = connectionsLeft(answer.value, virtualServer, realServer);
    if (left !== before) tell(left);
    before = left;
    if (left === 0 || performance.now() >= end) return { ok: true, value: left };
    await sleep(INTERVAL_MS);
  }
}

/** Exit code 1 when connections were left after the time that was given; the drain stays. */
export async function drain(
  { socket, json }: Asking,
  options: DrainOptions,
  tell: (line: string) => void,
): Promise<Outcome> {
  const { virtualServer, realServer, wait } = options;
  const client = await connectClient(socket);
  if (!client.ok) return failed(client.error, json);
  const answer = await client.value.request('server.drain', {
    virtualServer,
    realServer,
    by: whoAsks(),
  });
  const isDrained = answer.ok && answer.value.done;
  const remark = isDrained ? await partnerRemark(client.value) : null;
  if (wait && isDrained && !json)
    for (const line of [answer.value.message, ...(remark === null ? [] : [remark])]) tell(line);
  const waited =
    wait && isDrained
      ? await waitForEnd(client.value, options, (left) => {
          if (!json && left > 0) tell(`${plural(left)} left`);
        })
      : null;
  client.value.close();
  if (!answer.ok) return failed(answer.error, json);
  if (waited?.ok === false) return failed(waited.error, json);
  const { done, message } = answer.value;
  const left = waited?.value;
  const isOver = done && (left === undefined || left === 0);
  if (json)
    return (isOver ? fine : faulty)(
      toJson({
        done,
        message,
        partnerTold: remark === null,
        ...(left === undefined ? {} : { connectionsLeft: left }),
      }),
    );
  if (!done) return faulty('', `shoalctl: ${message}`);
  if (left === undefined) return fine([message, ...(remark === null ? [] : [remark])].join('\n'));
  return left === 0
    ? fine(`nobody is connected to ${realServer} of ${virtualServer} any more`)
    : faulty('', `shoalctl: ${plural(left)} left on ${realServer} of ${virtualServer}; it stays drained`);
}
