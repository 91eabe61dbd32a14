/** More virtual servers on one router for the length of a test, without the console. */
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { applyConfig } from './by-hand.ts';

export interface MoreServer {
  readonly name: string;
  readonly address: string;
  readonly lines?: readonly string[];
}

export interface MoreVirtual {
  readonly name: string;
  readonly lines: readonly string[];
  readonly servers: readonly MoreServer[];
}

/** What a virtual server of a test has unless it says something else: a quick, plain check. */
const usual: Readonly<Record<string, string>> = {
  check: 'tcp',
  timeout: '5',
  reentry: '0',
  slow_start: '0',
};

/** Lines of one virtual server, all behind `#@`, where everything may stand. */
export function virtualLines({ name, lines, servers }: MoreVirtual): string {
  const said = new Set(lines.map((line) => line.split(' ')[0]));
  const all = [
    `virtual ${name} {`,
    'active = 1',
    ...Object.entries(usual).flatMap(([key, value]) => (said.has(key) ? [] : [`${key} = ${value}`])),
    ...lines,
    ...servers.flatMap((server) => [
      `server ${server.name} {`,
      'active = 1',
      `address = ${server.address}`,
      ...(server.lines ?? []),
      '}',
    ]),
    '}',
  ];
  return `${all.map((line) => `#@ ${line}`).join('\n')}\n`;
}

/** What the router runs, to build on and to return to. */
export async function runningText(router: Router): Promise<string> {
  const { text } = await router.agent.rpc.request('config.get', {});
  if (text === null) throw new Error(`${router.name} runs no configuration.`);
  return text;
}

/** Waits until every real server of these virtual servers is up and in the kernel's table: a check comes before it. */
export function untilUp(router: Router, names: readonly string[]): Promise<boolean> {
  const areUp = async (): Promise<boolean> => {
    const { health } = await router.agent.status();
    const ill = health.filter(
      ({ virtualServer, state, weight }) =>
        names.includes(virtualServer) && (state !== 'up' || weight === null),
    );
    if (ill.length > 0)
      throw new Error(ill.map(({ realServer, evidence }) => `${realServer}: ${evidence}`).join('; '));
    return names.every((name) => health.some(({ virtualServer }) => virtualServer === name));
  };
  return until(`${names.join(', ')} to be up`, areUp, { timeoutMs: 90_000, everyMs: 200 });
}

/**
 * Runs a test with more virtual servers on the router, all up; then the router has what it had. `top` are lines for
 * the top level.
 */
export async function withVirtuals(
  router: Router,
  { virtuals, top = [] }: { readonly virtuals: readonly MoreVirtual[]; readonly top?: readonly string[] },
  run: (text: string) => Promise<void>,
): Promise<void> {
  const before = await runningText(router);
  if (!before.includes(vip)) throw new Error(`${router.name} does not run the example.`);
  const text = `${top.map((line) => `${line}\n`).join('')}${before}${virtuals.map(virtualLines).join('')}`;
  await applyConfig(router, text);
  try {
    await untilUp(
      router,
      virtuals.map(({ name }) => name),
    );
    await run(text);
  } finally {
    await applyConfig(router, before);
  }
}
