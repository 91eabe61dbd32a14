/**
 * Program: peers [PART [CONTEST ...]]. Measures Shoal beside keepalived, ldirectord and ipvsadm in the lab that it runs
 * in, and writes the parts into docs/measurements-peers.md.
 */
import { currentLab } from '#e2e/lab/lab.ts';
import { beside } from './peers/beside.ts';
import { checks } from './peers/checks.ts';
import { failover } from './peers/failover.ts';
import { listen } from './peers/listener.ts';
import { runNanny } from './peers/nanny-alone.ts';
import { type Section, writeSection } from './peers/page.ts';
import { removals } from './peers/removal.ts';
import { table } from './peers/table.ts';

const parts: Readonly<Record<string, (only: readonly string[]) => Promise<Section>>> = {
  failover: (only) => failover(currentLab(), only),
  removal: (only) => removals(currentLab(), only),
  table: () => table(currentLab()),
  checks: (only) => checks(only),
  beside: (only) => beside(currentLab(), only),
};

async function measureAll([name, ...only]: readonly string[]): Promise<void> {
  for (const part of name === undefined ? Object.keys(parts) : [name]) {
    const measure = parts[part];
    if (measure === undefined)
      throw new Error(`There is no part "${part}"; there are: ${Object.keys(parts).join(', ')}`);
    console.log(writeSection(await measure(only)));
  }
}

const [mode = '', ...rest] = process.argv.slice(2);
const [first = 0, port = 0, seconds = 0] = rest.map(Number);
if (mode === '--listen') listen(first);
else if (mode === '--nanny') runNanny(first, port, seconds);
else
  measureAll(process.argv.slice(2)).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
