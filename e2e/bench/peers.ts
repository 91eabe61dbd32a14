/**
 * Program: peers [PART [CONTEST ...]]. Measures Shoal beside keepalived, ldirectord and ipvsadm in the lab that it runs
 * in, and writes the parts into docs/measurements-peers.md.
 */
import { currentLab, type Lab } from '#e2e/lab/lab.ts';
import { failover } from './peers/failover.ts';
import { type Section, writeSection } from './peers/page.ts';
import { removals } from './peers/removal.ts';
import { table } from './peers/table.ts';

const parts: Readonly<Record<string, (lab: Lab, only: readonly string[]) => Promise<Section>>> = {
  failover,
  removal: removals,
  table,
};

async function main([name, ...only]: readonly string[]): Promise<void> {
  const lab = currentLab();
  for (const part of name === undefined ? Object.keys(parts) : [name]) {
    const measure = parts[part];
    if (measure === undefined)
      throw new Error(`There is no part "${part}"; there are: ${Object.keys(parts).join(', ')}`);
    console.log(writeSection(await measure(lab, only)));
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
