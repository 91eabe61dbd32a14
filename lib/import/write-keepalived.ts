/** Configuration → keepalived.conf (2.2) of one router, for a site that leaves. */
import type { ClusterConfig } from '../lvs/model.ts';
import { leaveRest } from './write-keepalived/left.ts';
import { newPage } from './write-keepalived/page.ts';
import { writeGlobals, writeInstance } from './write-keepalived/routers.ts';
import { writeService } from './write-keepalived/services.ts';
import type { WriteOptions, Written } from './writers.ts';

/** Every line is one that keepalived 2.2 takes; what it has no line for is listed. */
export function writeKeepalived(config: ClusterConfig, options: WriteOptions): Written {
  const page = newPage();
  const { global } = config;
  page.line(
    `# keepalived.conf of the ${options.role} router, written by Shoal (serial_no ${global.serialNumber})`,
  );
  writeGlobals(config, page);
  leaveRest('global', global, '', page);
  const isServed = global.serviceKind === 'lvs';
  if (!isServed) page.leave('service = fos', 'failover-services', undefined);
  for (const { name } of config.failoverServices)
    page.leave(`failover ${name}`, 'failover-services', undefined);
  const virtuals = isServed ? config.virtualServers.filter(({ enabled }) => enabled) : [];
  for (const { name } of config.virtualServers.filter(({ enabled }) => !enabled))
    page.leave(`virtual server "${name}"`, 'server-inactive', undefined);
  writeInstance(config, virtuals, options, page);
  for (const virtual of virtuals) writeService(config, virtual, page);
  return { text: page.text(), notCarried: [...page.left].sort((a, b) => a.line - b.line) };
}
