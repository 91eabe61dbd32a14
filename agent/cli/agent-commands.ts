/** Commands that ask the agent. */
import type { AgentEvent, ApplyResult, LogLevel } from '#lib/protocol/messages.ts';
import { type Answer, type Client, connectClient } from './client.ts';
import { diagnosticLines } from './diagnostics-text.ts';
import { readInput } from './input.ts';
import { failed, faulty, fine, type Outcome, toJson } from './outcome.ts';

export interface Asking {
  readonly socket: string;
  readonly json: boolean;
}

/** Connects, asks once, shows the answer. */
async function ask<Value>(
  { socket, json }: Asking,
  question: (client: Client) => Promise<Answer<Value>>,
  show: (value: Value) => Outcome,
): Promise<Outcome> {
  const client = await connectClient(socket);
  if (!client.ok) return failed(client.error, json);
  const answer = await question(client.value);
  client.value.close();
  return answer.ok ? show(answer.value) : failed(answer.error, json);
}

type Done = { readonly done: boolean; readonly message: string };

const showDone =
  ({ json }: Asking) =>
  (value: Done): Outcome => {
    if (json) return value.done ? fine(toJson(value)) : faulty(toJson(value));
    return value.done ? fine(value.message) : faulty('', `shoalctl: ${value.message}`);
  };

const plain =
  (method: 'config.confirm' | 'switchover' | 'service.stop' | 'service.start') =>
  (asking: Asking): Promise<Outcome> =>
    ask(asking, (client) => client.request(method, {}), showDone(asking));

export const confirm = plain('config.confirm');
export const switchover = plain('switchover');
export const stop = plain('service.stop');
export const start = plain('service.start');

/** Sets the level of the log, or with null only shows it. */
export const logLevel = (asking: Asking, level: LogLevel | null): Promise<Outcome> =>
  ask(
    asking,
    (client) => client.request('log.level', level === null ? {} : { level }),
    (now) => fine(asking.json ? toJson(now) : now.level),
  );

/** What an apply, a rollback or a reload did. */
function showApply(result: ApplyResult, name: string, json: boolean): Outcome {
  const worked = result.applied || (result.dryRun && isSound(result));
  if (json) return worked ? fine(toJson(result)) : faulty(toJson(result));
  const notes = diagnosticLines(name, result.diagnostics);
  if (!worked) {
    const failure = result.failure === null ? [] : [`shoalctl: ${result.failure}; nothing was changed`];
    return faulty('', [...notes, ...failure].join('\n'));
  }
  const changes = [
    ...result.commands.map((line) => `ipvsadm ${line}`),
    ...result.addressCommands.map((line) => `ip ${line}`),
  ];
  const verb = result.dryRun ? 'would run' : 'runs';
  const summary = `serial ${result.serial ?? 'none'} ${verb}, ${changes.length === 0 ? 'nothing changes in the kernel' : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`} (${result.durationMs} ms)`;
  return fine([...notes, ...changes, summary].join('\n'));
}

const isSound = (result: ApplyResult): boolean =>
  result.failure === null && !result.diagnostics.some(({ severity }) => severity === 'error');

export interface ApplyOptions {
  readonly file: string;
  readonly dryRun: boolean;
  readonly confirmWithinSeconds: number | null;
}

export async function apply(asking: Asking, options: ApplyOptions): Promise<Outcome> {
  const input = await readInput(options.file, asking.json);
  if (!input.ok) return input.outcome;
  const { dryRun, confirmWithinSeconds } = options;
  const params = {
    text: input.text,
    dryRun,
    ...(confirmWithinSeconds === null ? {} : { confirmWithinSeconds }),
  };
  return ask(
    asking,
    (client) => client.request('config.apply', params),
    (result) => showApply(result, input.name, asking.json),
  );
}

export const rollback = (asking: Asking): Promise<Outcome> =>
  ask(
    asking,
    (client) => client.request('config.rollback', {}),
    (result) => showApply(result, 'the configuration before', asking.json),
  );

export const reload = (asking: Asking): Promise<Outcome> =>
  ask(
    asking,
    (client) => client.request('config.reload', {}),
    (result) => showApply(result, 'lvs.cf', asking.json),
  );

const eventLine = ({ at, severity, kind, message }: AgentEvent): string =>
  `${at}  ${severity.padEnd(7)}  ${kind}  ${message}`;

/** Prints the last events, and with `follow` those that come until the agent ends. */
export async function events(
  asking: Asking,
  follow: boolean,
  write: (line: string) => void,
): Promise<Outcome> {
  const client = await connectClient(asking.socket);
  if (!client.ok) return failed(client.error, asking.json);
  const show = (event: AgentEvent): void => write(asking.json ? JSON.stringify(event) : eventLine(event));
  if (!follow) {
    const answer = await client.value.request('logs', { limit: 1000 });
    client.value.close();
    if (!answer.ok) return failed(answer.error, asking.json);
    for (const event of answer.value.events) show(event);
    return fine('');
  }
  let shown = -1;
  client.value.onNotification((message) => {
    if (message.notification !== 'event' || message.event.sequence <= shown) return;
    shown = message.event.sequence;
    show(message.event);
  });
  const answer = await client.value.request('subscribe', { intervalMs: 3_600_000 });
  if (!answer.ok) return failed(answer.error, asking.json);
  for (const event of answer.value.events) {
    if (event.sequence > shown) show(event);
    shown = Math.max(shown, event.sequence);
  }
  await client.value.closed;
  return { exitCode: 3, text: '', complaint: 'shoalctl: the agent has ended' };
}
