/** What the completion scripts ask: names that the agent knows, one a line. Says nothing else, whatever happens. */
import { connectClient } from './client.ts';
import type { Given } from './command.ts';
import { fine, type Outcome } from './outcome.ts';

/** Somebody waits at a keyboard. */
const LIMIT_MS = 1500;

export async function names({ socket, args: [virtualServer] }: Given): Promise<Outcome> {
  const client = await connectClient(socket, LIMIT_MS);
  if (!client.ok) return { exitCode: 3, text: '' };
  const status = await client.value.request('status', {});
  client.value.close();
  if (!status.ok) return { exitCode: 3, text: '' };
  const { health } = status.value;
  const found =
    virtualServer === undefined
      ? health.map((server) => server.virtualServer)
      : health.filter((server) => server.virtualServer === virtualServer).map((server) => server.realServer);
  // A name with a line end in it cannot be one line.
  return fine([...new Set(found)].filter((name) => !/[\r\n]/.test(name)).join('\n'));
}
