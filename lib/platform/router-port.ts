/** What the console knows of a router and may ask of it. RouterLink is the real one; tests have a fake. */
import type { LinkState } from '../protocol/live.ts';
import type { AgentEvent, MethodName, ParamsOf, ResultOf, RouterStatus } from '../protocol/messages.ts';

/**
 * What became of a request. Codes of the agent (`conflict`, `bad-params`, …) pass through; the link's own are
 * `unreachable` (nothing was sent), `lost` (sent, then the link broke: the outcome is unknown), `timeout` (sent,
 * no answer in time) and `bad-answer`.
 */
export type Answer<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface LinkView {
  readonly link: LinkState;
  /** A sentence when not connected: what failed and what to do. */
  readonly message: string | null;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** Null unless connected. */
  readonly status: RouterStatus | null;
  readonly lastSeenAt: string | null;
  /** Newest first. */
  readonly events: readonly AgentEvent[];
}

export interface RouterPort {
  readonly view: LinkView;
  /** Never rejects. */
  request<Name extends MethodName>(
    method: Name,
    params: ParamsOf<Name>,
    limitMs?: number,
  ): Promise<Answer<ResultOf<Name>>>;
}
