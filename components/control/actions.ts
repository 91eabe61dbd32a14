import type { ActionResult, PushReport } from '#lib/console/contract.ts';

/** What CONTROL/MONITORING can ask for; the page binds them to its cluster. */
export interface ControlActions {
  readonly drain: (virtualServer: string, realServer: string) => Promise<ActionResult>;
  readonly undrain: (virtualServer: string, realServer: string) => Promise<ActionResult>;
  readonly switchover: () => Promise<ActionResult>;
  readonly stopService: (routerId: string) => Promise<ActionResult>;
  readonly startService: (routerId: string) => Promise<ActionResult>;
  readonly syncBackup: () => Promise<PushReport>;
  readonly catchUp: () => Promise<PushReport>;
  readonly takeIn: (routerId: string) => Promise<ActionResult>;
}
