/** Preload of an agent on a machine whose kernel has no IPVS: says that it has, with an empty table. */
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;

const { readFile } = files;
files.readFile = (path, ...rest) =>
  path === '/proc/net/ip_vs' ? Promise.resolve(table) : readFile(path, ...rest);
syncBuiltinESMExports();
