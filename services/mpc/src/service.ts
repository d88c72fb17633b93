/** The optimiser on MQTT. */
import { type MpcRequest, topics } from "@azru/contracts";
import { InvalidMessageError, type Log, type Messenger } from "@azru/messaging";
import { hourMs } from "@azru/runtime";
import type { Optimiser } from "./optimiser.ts";

/** The name under which all workers of a site are seen. */
export const serviceName = "mpc";

const reportEvery_ms = hourMs;

export interface ServiceOptions {
  readonly messenger: Messenger;
  readonly optimiser: Optimiser;
  /** Name that the answers carry. */
  readonly worker: string;
  /** Whether it answers every site on the broker, or its messenger's alone. */
  readonly fleet: boolean;
  readonly log: Log;
}

export interface MpcService {
  /** Takes no more requests; those in hand are answered, after `grace_ms` as failed, before it resolves. */
  stop(grace_ms: number): Promise<void>;
}

/**
 * Answers requests, each on the plan topic of the site that asks. Workers share them where the broker can (MQTT 5); on MQTT 3.1.1 each answers all of
 * them, and the first answer counts.
 */
export function serveRequests({ messenger, optimiser, worker, fleet, log }: ServiceOptions): MpcService {
  const answering = new Set<Promise<void>>();
  const inHand = new Set<string>();

  const requests = messenger.subscribe(
    topics.mpcRequest,
    ({ site, payload }) => {
      const question = `${site} ${payload.id}`;
      if (inHand.has(question)) return undefined; // asked again: its answer is on the way
      inHand.add(question);
      const done = answer(site, payload).finally(() => {
        inHand.delete(question);
        answering.delete(done);
      });
      answering.add(done);
      return done;
    },
    { group: serviceName, everySite: fleet },
  );

  // The workers have one status: it is offline only when the last of them is.
  const status = messenger.subscribe(
    topics.status,
    async ({ payload, params, retained }) => {
      if (payload === "offline" && !retained) await messenger.publish(topics.status, params, "online");
    },
    { params: { service: serviceName } },
  );

  const report = () =>
    log.info(
      { ...optimiser.outcomes, pending: optimiser.pending, messages: messenger.metrics().topics },
      "requests since the start",
    );
  const reporting = setInterval(report, reportEvery_ms).unref();

  async function answer(site: string, request: MpcRequest): Promise<void> {
    const { id } = request;
    const plan = await optimiser.solve(request);
    try {
      const delivery = await messenger.publish(topics.mpcPlan, {}, plan, site);
      if (delivery !== "sent") log.warn({ site, request: id }, "answer not sent: the broker is away");
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      // Numbers that are within their bounds in the question may still overflow in the answer.
      log.warn({ site, request: id, reason: error.message }, "plan is no valid answer");
      const reason = error.message.slice(0, 500);
      await messenger.publish(
        topics.mpcPlan,
        {},
        { id, worker, status: "failed", solve_ms: plan.solve_ms, error: reason },
        site,
      );
    }
  }

  return {
    async stop(grace_ms) {
      requests.close();
      status.close();
      await optimiser.stop(grace_ms);
      await Promise.allSettled(answering);
      clearInterval(reporting);
      report();
    },
  };
}
