/**
 * Program: peers [PART [CONTEST ...]]. Measures Shoal beside keepalived, ldirectord and ipvsadm in the lab that it runs
 * in, and writes the parts into docs/measurements-peers.md.
 */
import { fileURLToPath } from 'node:url';
import { currentLab } from '#e2e/lab/lab.ts';
import { leave, startInside, watchLifeline } from '#e2e/lab/namespace.ts';
import { beside } from './peers/beside.ts';
import { checks } from './peers/checks.ts';
import { failover } from './peers/failover.ts';
import { listen } from './peers/listener.ts';
import { runNanny } from './peers/nanny-alone.ts';
import { type Section, writeSection } from './peers/page.ts';
import { removals } from './peers/removal.ts';
import { table } from './peers/table.ts';
import { takeover } from './peers/takeover.ts';

const program = fileURLToPath(import.meta.url);

/** In a namespace of its own, where it writes its part itself. */
async function takeoverInside(only: readonly string[]): Promise<null> {
  const code = await startInside(program, ['--takeover', ...only]).ended;
  if (code !== 0) throw new Error(`takeover ended with ${code}`);
  return null;
}

const parts: Readonly<Record<string, (only: readonly string[]) => Promise<Section | null>>> = {
  'failover-0.1': (only) => failover(currentLab(), '0.1', only),
  'failover-1': (only) => failover(currentLab(), '1', only),
  removal: (only) => removals(currentLab(), only),
  table: () => table(currentLab()),
  checks: (only) => checks(only),
  beside: (only) => beside(currentLab(), only),
  takeover: takeoverInside,
};

async function measureAll([name, ...only]: readonly string[]): Promise<void> {
  for (const part of name === undefined ? Object.keys(parts) : [name]) {
    const measure = parts[part];
    if (measure === undefined)
      throw new Error(`There is no part "${part}"; there are: ${Object.keys(parts).join(', ')}`);
    const section = await measure(only);
    if (section !== null) console.log(writeSection(section));
  }
}

function endWith(work: Promise<void>): void {
  work.then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

const [mode = '', ...rest] = process.argv.slice(2);
const [first = 0, port = 0, seconds = 0] = rest.map(Number);
if (mode === '--listen') listen(first);
else if (mode === '--nanny') runNanny(first, port, seconds);
else if (mode === '--takeover') {
  watchLifeline(() => leave(1));
  endWith(takeover(rest).then((section) => console.log(writeSection(section))));
} else endWith(measureAll(process.argv.slice(2)));
