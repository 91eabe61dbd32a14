/** The list of clusters in words, and what of it is looked for. Pure. */
import type { ClusterBrief, Condition } from '#lib/protocol/overview.ts';

const words: Readonly<Record<Condition, readonly [one: string, many: string]>> = {
  broken: ['is broken', 'are broken'],
  ailing: ['needs care', 'need care'],
  idle: ['is idle', 'are idle'],
  well: ['is well', 'are well'],
};

/** `3 need care`. */
export const countInWords = (condition: Condition, count: number): string =>
  `${count} ${words[condition][count === 1 ? 0 : 1]}`;

/** Clusters whose name, router or router's address holds the text; case does not count. */
export function matching(clusters: readonly ClusterBrief[], text: string): readonly ClusterBrief[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return clusters;
  return clusters.filter(({ name, routers }) =>
    [name, ...routers.flatMap((router) => [router.name, router.address])].some((each) =>
      each.toLowerCase().includes(wanted),
    ),
  );
}
