import type { ActionResult, PushReport } from '#lib/console/contract.ts';

/** The report of a push, sync or catch-up in one message: fine when every router has it. */
export const reportAsAction = ({ outcome, message }: PushReport): ActionResult => ({
  ok: outcome === 'all' || outcome === 'nothing',
  message,
});
