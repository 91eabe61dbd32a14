/** Sync to backup: the other router gets exactly what the active one runs, and both hashes are compared. */
import 'server-only';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { PushReport } from '../contract.ts';
import { readMembers } from '../routers/data.ts';
import { type Revision, revisionsByHash } from './data.ts';
import { insertResults } from './mutations.ts';
import { alone, type PushDeps, stopped } from './push.ts';
import { type Asked, askStatus, sendTo } from './send.ts';

/** The router that is copied: the active one, or the only one that answers a question at all is not enough. */
const sourceOf = (asked: readonly Asked[]): Asked | null =>
  asked.find(({ status }) => status?.role === 'active') ?? null;

export function syncToBackup(deps: PushDeps, actor: Actor, clusterId: string): Promise<PushReport> {
  return alone(clusterId, actor.name, async () => {
    const asked = await askStatus(await readMembers(deps.db, deps.ports, clusterId));
    const keyChanged = asked.find(({ member }) => member.port?.view.link === 'key-changed');
    if (keyChanged) return stopped(`Nothing was sent. ${keyChanged.problem ?? ''}`.trim());
    const onTrial = asked.find(({ status }) => (status?.config.confirmSecondsLeft ?? null) !== null);
    if (onTrial)
      return stopped(
        `Nothing was sent: a push is on trial on ${onTrial.member.name}. Keep it or roll it back first`,
      );
    const source = sourceOf(asked);
    if (!source)
      return stopped('Nothing was sent: no router is known to be active, so that there is nothing to copy');
    const target = asked.find((router) => router !== source);
    if (!target) return stopped('Nothing was sent: this cluster has no second router');
    if (target.status === null) return stopped(`Nothing was sent. ${target.problem ?? ''}`.trim());
    const report = await copy(deps, source, target, clusterId);
    await audit(deps.db, actor, { action: 'revisions.syncBackup', clusterId, message: report.message });
    return report;
  });
}

async function copy(deps: PushDeps, source: Asked, target: Asked, clusterId: string): Promise<PushReport> {
  const from = source.member.name;
  const to = target.member.name;
  const got = await source.member.port?.request('config.get', {}, 30_000);
  if (!got?.ok)
    return stopped(`Nothing was sent: ${from} did not give its configuration. ${got?.message ?? ''}`.trim());
  const { text, hash } = got.result;
  if (text === null || hash === null) return stopped(`Nothing was sent: ${from} has no configuration yet`);
  const serial = (await revisionsByHash(deps.db, clusterId)).get(hash) ?? null;
  const foreign =
    serial === null ? `. What ${from} runs is of no revision: take it in, so that the draft knows it` : '';
  const held = target.status?.config;
  if (held?.hash === hash && held.fileHash === hash) {
    return {
      outcome: 'nothing',
      serial,
      message: `${to} holds exactly what ${from} runs${foreign}`,
      routers: [],
      durationMs: 0,
    };
  }
  const result = await sendTo(target.member, text, undefined);
  if (serial !== null) await record(deps, clusterId, serial, result);
  if (result.outcome !== 'applied') {
    return {
      outcome: 'nowhere',
      serial,
      message: `${to} is unchanged: ${result.message}`,
      routers: [result],
      durationMs: 0,
    };
  }
  const [after] = await askStatus([target.member]);
  const now = after?.status?.config;
  const isEqual = now?.hash === hash && now.fileHash === hash;
  return {
    outcome: isEqual ? 'all' : 'nowhere',
    serial,
    message: isEqual
      ? `${to} now holds exactly what ${from} runs (${hash.slice(0, 12)})${foreign}`
      : `${to} took the configuration of ${from}, but reports another one: look at its events`,
    routers: [result],
    durationMs: 0,
  };
}

async function record(
  deps: PushDeps,
  clusterId: string,
  serial: number,
  result: Parameters<typeof insertResults>[2][number],
): Promise<void> {
  const revision: Pick<Revision, 'id'> | null = await deps.db.revision.findUnique({
    where: { clusterId_serial: { clusterId, serial } },
    select: { id: true },
  });
  if (revision) await insertResults(deps.db, revision.id, [result]);
}
