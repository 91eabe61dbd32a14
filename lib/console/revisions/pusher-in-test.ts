/**
 * Test program: saves and pushes one after the other until it is killed. Its routers keep what they run, and a line for
 * each configuration that they took, in files: a kill of the console is none of theirs.
 */
import 'server-only';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '#lib/platform/database.ts';
import type { Answer } from '#lib/platform/router-port.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import type { MethodName, ParamsOf, ResultOf } from '#lib/protocol/messages.ts';
import { readDraft } from '../draft/data.ts';
import { virtualsOf } from '../draft/draft.ts';
import { saveRow } from '../draft/mutations.ts';
import { FakeRouter } from '../fake-router.ts';
import { pushDraft } from './push.ts';
import { keepTrial, rollBackTrial } from './trial.ts';
import { PushWatch } from './watch.ts';

/** A router whose configuration stands in a file. */
export class KeptRouter extends FakeRouter {
  readonly #file: string;

  constructor(name: string, folder: string) {
    super(name);
    this.#file = join(folder, `${name}.json`);
    if (!existsSync(this.#file)) return;
    const kept = JSON.parse(readFileSync(this.#file, 'utf8')) as { text: string; trialReturnsTo?: string };
    this.text = kept.text;
    this.trialReturnsTo = kept.trialReturnsTo;
  }

  override async request<Name extends MethodName>(
    method: Name,
    params: ParamsOf<Name>,
  ): Promise<Answer<ResultOf<Name>>> {
    const before = this.text;
    const answer = await super.request(method, params);
    if (method !== 'config.apply' && method !== 'config.confirm' && method !== 'config.rollback')
      return answer;
    const { text, trialReturnsTo } = this;
    if (text !== before) appendFileSync(`${this.#file}.took`, `${textHash(text ?? '')}\n`);
    writeFileSync(`${this.#file}.new`, JSON.stringify({ text, trialReturnsTo }));
    renameSync(`${this.#file}.new`, this.#file);
    return answer;
  }
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Never returns: the test kills the process. */
export async function saveAndPush(given: {
  readonly folder: string;
  readonly clusterId: string;
  /** By router id. */
  readonly routers: Readonly<Record<string, string>>;
}): Promise<never> {
  const { folder, clusterId } = given;
  const db = openDatabase(join(folder, 'shoal.db'));
  const routers = new Map(
    Object.entries(given.routers).map(([id, name]) => [id, new KeptRouter(name, folder)]),
  );
  for (const router of routers.values()) router.role = router.name === 'r1' ? 'active' : 'standby';
  const ports = { port: (id: string) => routers.get(id) ?? null };
  const actor = { id: 'alice', name: 'alice', role: 'admin' as const };
  const watch = new PushWatch({ db, ports, onSettled: () => {}, now: Date.now });
  const settle = async () => {
    watch.touched(clusterId);
    await watch.check(clusterId);
  };
  await settle();
  await rollBackTrial({ db, ports }, actor, clusterId);
  await settle();
  say('begins');
  for (;;) {
    const draft = await readDraft(db, clusterId);
    const row = draft && virtualsOf(draft, 'virtual')[0];
    if (!row) throw new Error('The draft has lost its virtual server');
    const port = 1 + ((Number(row.settings.port ?? 80) + 1) % 60_000);
    const saved = await saveRow(db, actor, {
      clusterId,
      rowId: row.id,
      version: row.version,
      values: { port: String(port) },
      scopes: ['virtual'],
    });
    if (!saved.ok) throw new Error(saved.message);
    say(`saved ${saved.version} ${port}`);
    const onTrial = port % 3 === 0;
    const report = await pushDraft({ db, ports }, actor, {
      clusterId,
      message: `port ${port}`,
      ...(onTrial ? { trialSeconds: 60 } : {}),
    });
    if (report.outcome !== 'all') throw new Error(report.message);
    say(`pushed ${report.serial}`);
    if (!onTrial) continue;
    const end = port % 2 === 0 ? keepTrial : rollBackTrial;
    await end({ db, ports }, actor, clusterId);
    await settle();
  }
}
