/** Every check kind and who makes it. A new kind: a row in lib/lvs/checks.ts, a file here, a line below. */

import type { Check, CheckKind } from '#lib/lvs/checks.ts';
import { reasonOf } from '../../runtime/attempt.ts';
import type { CheckDeps, Checkers, CheckResult, Target } from './checker.ts';
import { checkDns } from './dns.ts';
import { checkHttp, checkHttps } from './http.ts';
import { checkIcmp } from './icmp.ts';
import { checkNone } from './none.ts';
import { checkScript } from './script.ts';
import { checkSendExpect } from './send-expect.ts';
import { checkSmtp } from './smtp.ts';
import { checkTcp } from './tcp.ts';
import { checkUdp } from './udp.ts';

export const checkers: Checkers = {
  tcp: checkTcp,
  'send-expect': checkSendExpect,
  udp: checkUdp,
  script: checkScript,
  http: checkHttp,
  https: checkHttps,
  dns: checkDns,
  smtp: checkSmtp,
  icmp: checkIcmp,
  none: checkNone,
};

/** Makes one check with the checker of its kind. Never rejects. */
export async function runCheck<Kind extends CheckKind>(
  from: Checkers,
  check: Check<Kind>,
  target: Target,
  limitMs: number,
  deps: CheckDeps,
): Promise<CheckResult> {
  try {
    return await from[check.kind](target, check.options, limitMs, deps);
  } catch (error) {
    const reason = reasonOf(error);
    return { ok: null, evidence: `not checked: ${reason}`, durationMs: 0 };
  }
}
