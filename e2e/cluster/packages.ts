/** The packages that `npm run build` makes, on the way to a router. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#e2e/lab/places.ts';
import type { Router } from '#e2e/lab/router.ts';
import { buildAgent } from '#lib/bootstrap/build-agent.mjs';
import { buildPackages } from '#lib/bootstrap/build-packages.mjs';

export interface Packages {
  readonly debian: string;
  readonly tarball: string;
}

/** What `npm run build` left in dist/packages. */
export function builtPackages(): Packages {
  const folder = join(projectRoot, 'dist/packages');
  const only = (ending: string): string => {
    const found = readdirSync(folder).filter((name) => name.endsWith(ending));
    if (found.length !== 1) throw new Error(`dist/packages holds ${found.length} files *${ending}, not one.`);
    return join(folder, found[0] ?? '');
  };
  return { debian: only('.deb'), tarball: only('.tar.gz') };
}

/** The same agent as packages of another version. */
export async function packagesOf(version: string): Promise<Packages> {
  const folder = join(projectRoot, 'dist/test/packages', version);
  await buildAgent(join(folder, 'agent'), version);
  return buildPackages({ folder: join(folder, 'agent'), into: folder, version });
}

/** Copies a package to the router, as scp does; returns its path there. */
export async function carryTo(router: Router, file: string): Promise<string> {
  const path = join('/var/tmp', file.slice(file.lastIndexOf('/') + 1));
  await router.writeFile(path, readFileSync(file));
  return path;
}

/**
 * `dpkg -i`; returns what it printed. The lab brings Node.js and its own programs without Debian's packages of them where
 * the machine has them from elsewhere: dpkg then has to be told that they are there.
 */
export async function installDebian(router: Router, file: string): Promise<string> {
  const path = await carryTo(router, file);
  return router.on(['dpkg', '--force-depends', '-i', path], { timeoutMs: 300_000 });
}
