import type { ActionResult, PushReport } from '#lib/console/contract.ts';

type OnServer = (virtualServer: string, realServer: string) => Promise<ActionResult>;

/** What an administrator decides about one real server, on both routers. */
export interface OverrideActions {
  readonly drain: OnServer;
  readonly undrain: OnServer;
  readonly disable: OnServer;
  readonly enable: OnServer;
  /** Null: the weight of the configuration again. */
  readonly setWeight: (
    virtualServer: string,
    realServer: string,
    weight: number | null,
  ) => Promise<ActionResult>;
}

/** What CONTROL/MONITORING can ask for; the page binds them to its cluster. */
export interface ControlActions extends OverrideActions {
  readonly switchover: () => Promise<ActionResult>;
  readonly stopService: (routerId: string) => Promise<ActionResult>;
  readonly startService: (routerId: string) => Promise<ActionResult>;
  readonly syncBackup: () => Promise<PushReport>;
  readonly catchUp: () => Promise<PushReport>;
  /** Tells a router what it was not told. */
  readonly sendOwed: (debtId: string) => Promise<ActionResult>;
  readonly forgetOwed: (debtId: string) => Promise<ActionResult>;
  readonly takeIn: (routerId: string) => Promise<ActionResult>;
}
