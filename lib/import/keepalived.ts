/** keepalived.conf (2.2) → configuration: the facts of keepalived.conf(5), read as keepalived reads them. */
import { newFindings } from './findings.ts';
import { assemble } from './keepalived/assemble.ts';
import { readBlock } from './keepalived/block.ts';
import { noGlobals, readGlobals } from './keepalived/globals.ts';
import { type Group, readGroup } from './keepalived/groups.ts';
import { preprocess } from './keepalived/preprocess.ts';
import { buildTree } from './keepalived/tree.ts';
import type { Context } from './keepalived/values.ts';
import { type ReadVirtual, readVirtual } from './keepalived/virtuals.ts';
import { type Instance, readInstance, readSyncGroup } from './keepalived/vrrp.ts';
import { leftAtTop } from './keepalived/words.ts';
import type { ImportOptions, ImportResult } from './result.ts';

/** Reads keepalived.conf. Never throws. */
export function readKeepalived(text: string, options: ImportOptions = {}): ImportResult {
  const findings = newFindings();
  const context: Context = { findings, where: '' };
  const globals = noGlobals();
  const instances: Instance[] = [];
  const syncGroups: (readonly string[])[] = [];
  const groups = new Map<string, Group>();
  const virtuals: ReadVirtual[] = [];
  readBlock(
    buildTree(preprocess(text, findings, options.configId), findings),
    {
      global_defs: (statement) => readGlobals(statement, globals, context),
      vrrp_instance: (statement) => instances.push(readInstance(statement, context)),
      vrrp_sync_group: (statement) => syncGroups.push(readSyncGroup(statement, context)),
      virtual_server_group: (statement) => {
        const group = readGroup(statement, context);
        groups.set(statement.args[0]?.text ?? '', group);
      },
      virtual_server: (statement) => {
        const virtual = readVirtual(statement, context);
        if (virtual !== null) virtuals.push(virtual);
      },
    },
    leftAtTop,
    context,
  );
  return findings.result(assemble({ globals, instances, syncGroups, groups, virtuals }, options, findings));
}
