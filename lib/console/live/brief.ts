/** A cluster in one line, and how it stands among others. Pure. */
import { debtsInWords } from '#lib/protocol/debt-words.ts';
import type { LiveRouter, LiveSnapshot } from '#lib/protocol/live.ts';
import { type ClusterBrief, type Condition, conditions } from '#lib/protocol/overview.ts';
import { byName } from '../clusters/by-name.ts';
import { listed } from './sync-state.ts';

interface Finding {
  readonly condition: Condition;
  readonly words: string;
}

const broken = (words: string): Finding => ({ condition: 'broken', words });
const ailing = (words: string): Finding => ({ condition: 'ailing', words });
const idle = (words: string): Finding => ({ condition: 'idle', words });

const names = (routers: readonly { readonly name: string }[]): string =>
  listed(routers.map(({ name }) => name));

/** Who is active; the worst that can be wrong with a cluster. */
function roleFindings(routers: readonly LiveRouter[]): Finding[] {
  const known = routers.filter(({ status }) => status !== null);
  const active = known.filter(({ status }) => status?.role === 'active');
  const silent = routers.filter(({ status }) => status === null);
  const findings: Finding[] = [];
  if (active.length > 1) findings.push(broken(`${names(active)} are both active`));
  if (known.length === 0)
    findings.push(broken(`${names(routers)} cannot be asked: whether it serves is unknown`));
  else if (active.length === 0)
    findings.push(
      silent.length === 0
        ? broken('no router is active')
        : broken(`no router is known to be active; ${names(silent)} cannot be asked`),
    );
  else if (silent.length > 0) findings.push(ailing(`${names(silent)} cannot be asked`));
  const faulty = known.filter(({ status }) => status?.role === 'fault');
  if (faulty.length > 0) findings.push(ailing(`${names(faulty)} has a fault and cannot take over`));
  return findings;
}

/** Real servers as the active router sees them, and virtual servers that nobody serves. */
function serverFindings(active: LiveRouter): Finding[] {
  const byVirtual = new Map<string, { up: number; all: number }>();
  for (const { virtualServer, state } of active.status?.health ?? []) {
    if (state === 'disabled') continue;
    const count = byVirtual.get(virtualServer) ?? { up: 0, all: 0 };
    count.all += 1;
    if (state === 'up') count.up += 1;
    byVirtual.set(virtualServer, count);
  }
  const dark = [...byVirtual].filter(([, { up }]) => up === 0).map(([name]) => name);
  const down = (active.status?.health ?? []).filter(
    ({ state }) => state === 'down' || state === 'rising',
  ).length;
  const shown = dark.length > 3 ? `${dark.length} virtual servers` : listed(dark);
  return [
    // Not the name first: a sentence begins with a capital letter, and a name must stay as it is.
    ...(dark.length > 0 ? [broken(`no real server of ${shown} is up`)] : []),
    ...(down > 0 ? [ailing(down === 1 ? '1 real server is down' : `${down} real servers are down`)] : []),
  ];
}

/** Configuration and decisions: what was pushed, what is on trial, who differs, who was not told. */
function configFindings({ sync, trial, debts }: LiveSnapshot): Finding[] {
  const findings: Finding[] = debts.length > 0 ? [ailing(debtsInWords(debts))] : [];
  if (trial !== null)
    findings.push(
      trial.outcome === null
        ? ailing(`revision ${trial.serial} is on trial`)
        : ailing(`revision ${trial.serial} was rolled back and nobody has read it`),
    );
  if (sync.state === 'changed-on-router') findings.push(ailing('a router was changed by hand'));
  if (sync.state === 'backup-behind') findings.push(ailing('the routers run different configurations'));
  if (sync.state === 'pending') findings.push(ailing('the last revision is on no router yet'));
  if (sync.state === 'never-pushed') findings.push(idle('nothing was pushed yet'));
  return findings;
}

function findingsOf(snapshot: LiveSnapshot, active: LiveRouter | null): Finding[] {
  const { routers } = snapshot;
  if (routers.length === 0) return [idle('no router is enrolled yet')];
  // Before the first push no router has anything to be active with.
  const roles = snapshot.sync.state === 'never-pushed' ? [] : roleFindings(routers);
  const problems = routers.flatMap(({ name, status }) =>
    (status?.problems ?? []).map((problem) => ailing(`${name}: ${problem}`)),
  );
  return [...roles, ...(active ? serverFindings(active) : []), ...configFindings(snapshot), ...problems];
}

const rank = (condition: Condition): number => conditions.indexOf(condition);

/** The whole cluster in one line. */
export function briefOf(name: string, snapshot: LiveSnapshot): ClusterBrief {
  const active = snapshot.routers.find(({ status }) => status?.role === 'active') ?? null;
  const findings = findingsOf(snapshot, active).sort((a, b) => rank(a.condition) - rank(b.condition));
  const counted = active?.status?.health.filter(({ state }) => state !== 'disabled');
  return {
    id: snapshot.clusterId,
    name,
    condition: findings[0]?.condition ?? 'well',
    findings: findings.map(({ words }) => words),
    routers: snapshot.routers.map((router) => ({
      name: router.name,
      address: router.address,
      role: router.role,
      link: router.link,
      state: router.status?.role ?? null,
    })),
    servers: counted
      ? { up: counted.filter(({ state }) => state === 'up').length, all: counted.length }
      : null,
    sync: snapshot.sync.state,
    draftChanges: snapshot.draftChanges,
  };
}

/** Of a cluster whose configuration the console cannot read: only what its routers say of themselves is known. */
export const unreadableBrief = (cluster: Pick<ClusterBrief, 'id' | 'name' | 'routers'>): ClusterBrief => ({
  ...cluster,
  condition: 'broken',
  findings: ['the console cannot read what it has stored of this cluster; its log says why'],
  servers: null,
  sync: 'unreachable',
  draftChanges: 0,
});

/** The worst first; among equals those with more to say, then by name. */
export const worstFirst = (briefs: readonly ClusterBrief[]): readonly ClusterBrief[] =>
  [...briefs].sort(
    (a, b) => rank(a.condition) - rank(b.condition) || b.findings.length - a.findings.length || byName(a, b),
  );
