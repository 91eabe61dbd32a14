/** The first of `web`, `web2`, `web3` … that is not taken. Pure. */
export function freeName(wish: string, taken: readonly string[]): string {
  const names = new Set(taken);
  let name = wish;
  for (let number = 2; names.has(name); number += 1) name = `${wish}${number}`;
  return name;
}
