/** The list of rules; a new rule is one function and one line here. Order: top of the file downwards. */
import {
  escapesKnown,
  expressionsCompile,
  oneWayToCheck,
  programsAbsolute,
  quotesAreDouble,
  udpExpects,
} from './monitoring.ts';
import { namesUnique, namesUsable } from './names.ts';
import {
  backupGiven,
  deadtimeAboveKeepalive,
  failoverServicesIdle,
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
import { valuesUsable } from './values.ts';

export const rules: readonly Rule[] = [
  primaryGiven,
  backupGiven,
  routersDiffer,
  privateAddressesPaired,
  deadtimeAboveKeepalive,
  natRouterGiven,
  failoverServicesIdle,
  valuesUsable,
  namesUsable,
  namesUnique,
  vipGiven,
  servicesUnique,
  vipsOnlyVips,
  vipsOnKnownNetworks,
  virtualsServed,
  serverAddressGiven,
  serversUnique,
  portsKept,
  weightsAboveZero,
  udpExpects,
  expressionsCompile,
  escapesKnown,
  quotesAreDouble,
  programsAbsolute,
  oneWayToCheck,
];
