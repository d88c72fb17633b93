import type { MpcPlan, MpcRequest } from "@azru/contracts";

/** Asks one question and waits; see `Requester.request` of messaging. */
export type Ask = (
  request: MpcRequest,
  options: { timeout_ms: number; signal: AbortSignal },
) => Promise<MpcPlan>;

/** The status says that no worker is there, and none has answered. */
export class NoWorkerError extends Error {
  override readonly name = "NoWorkerError";
}
