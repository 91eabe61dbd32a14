/** Who is where in the lab, and where the project stands on this machine. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findProject(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The lab does not find the folder of the project (package.json).');
    folder = parent;
  }
  return folder;
}

/** Root of the project, from the source and from a bundle in dist/e2e alike. */
export const projectRoot = findProject();

export type RouterName = 'r1' | 'r2';
export type Side = 'pub' | 'prv';

/** The lab's own address on the public network: where the console and the tests run. */
export const labAddress = '192.0.2.1';
export const clientAddress = '192.0.2.50';
/** The VIP of the example cluster; 192.0.2.100 and up are free for more. */
export const vip = '192.0.2.100';
export const natRouter = '10.11.12.254';

export const routerPlaces = {
  r1: { number: 1, public: '192.0.2.11', private: '10.11.12.1' },
  r2: { number: 2, public: '192.0.2.12', private: '10.11.12.2' },
} as const;

export const realServerPlaces = {
  rs1: '10.11.12.21',
  rs2: '10.11.12.22',
  rs3: '10.11.12.23',
} as const;
export type RealServerName = keyof typeof realServerPlaces;

/** Hardware address of a router's network card; tells who owns a VIP on the wire. */
export const macOf = (router: RouterName, side: Side): string =>
  `52:54:00:00:0${side === 'pub' ? 0 : 1}:1${routerPlaces[router].number}`;
