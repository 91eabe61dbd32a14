/** The list of rules; a new rule is one function and one line here. Order: top of the file downwards. */
import {
  familiesMatch,
  hashFlagsAct,
  markPortsUsable,
  netmasksFitFamily,
  onePacketFits,
  portZeroChecked,
  portZeroFits,
  quorumReachable,
  sorryServerFits,
  thresholdsOrdered,
  tunnelsComplete,
} from './kernel.ts';
import {
  checkLimitsFit,
  checkOptionsAct,
  checksComplete,
  escapesKnown,
  expressionsCompile,
  oneWayToCheck,
  programsAbsolute,
  quotesAreDouble,
  udpExpects,
} from './monitoring.ts';
import { blockNamesUnique, blockNamesUsable, serverNamesUnique, serverNamesUsable } from './names.ts';
import {
  backupGiven,
  deadtimeAboveKeepalive,
  failoverServicesOnly,
  natRouterGiven,
  primaryGiven,
  privateAddressesPaired,
  routersDiffer,
} from './routers.ts';
import type { Rule } from './rule.ts';
import {
  portsKept,
  serverAddressGiven,
  serversUnique,
  servicesUnique,
  vipGiven,
  vipsOnKnownNetworks,
  vipsOnlyVips,
  virtualsServed,
  weightsAboveZero,
} from './services.ts';
import { blockValuesUsable, globalValuesUsable } from './values.ts';

/** A rule and what it looks at. */
export interface RuleRow {
  readonly rule: Rule;
  /** `block`: each block by itself and the global settings. `all`: anything, other blocks included. */
  readonly sees: 'all' | 'block';
}

const ofAll = (rule: Rule): RuleRow => ({ rule, sees: 'all' });
const ofEachBlock = (rule: Rule): RuleRow => ({ rule, sees: 'block' });

export const rules: readonly RuleRow[] = [
  ofAll(primaryGiven),
  ofAll(backupGiven),
  ofAll(routersDiffer),
  ofAll(privateAddressesPaired),
  ofAll(deadtimeAboveKeepalive),
  ofAll(natRouterGiven),
  ofAll(failoverServicesOnly),
  ofAll(globalValuesUsable),
  ofEachBlock(blockValuesUsable),
  ofEachBlock(blockNamesUsable),
  ofEachBlock(serverNamesUsable),
  ofAll(blockNamesUnique),
  ofEachBlock(serverNamesUnique),
  ofEachBlock(vipGiven),
  ofAll(servicesUnique),
  ofAll(vipsOnlyVips),
  ofAll(vipsOnKnownNetworks),
  ofEachBlock(virtualsServed),
  ofEachBlock(serverAddressGiven),
  ofEachBlock(serversUnique),
  ofEachBlock(portsKept),
  ofEachBlock(weightsAboveZero),
  ofEachBlock(netmasksFitFamily),
  ofEachBlock(familiesMatch),
  ofEachBlock(sorryServerFits),
  ofEachBlock(portZeroFits),
  ofEachBlock(portZeroChecked),
  ofEachBlock(hashFlagsAct),
  ofEachBlock(onePacketFits),
  ofEachBlock(thresholdsOrdered),
  ofEachBlock(tunnelsComplete),
  ofEachBlock(quorumReachable),
  ofEachBlock(markPortsUsable),
  ofEachBlock(udpExpects),
  ofEachBlock(expressionsCompile),
  ofEachBlock(escapesKnown),
  ofEachBlock(quotesAreDouble),
  ofEachBlock(programsAbsolute),
  ofEachBlock(oneWayToCheck),
  ofEachBlock(checksComplete),
  ofEachBlock(checkOptionsAct),
  ofEachBlock(checkLimitsFit),
];
