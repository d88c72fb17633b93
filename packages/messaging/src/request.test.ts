import { type MpcPlan, type MpcRequest, topics } from "@azru/contracts";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "./broker-messenger.ts";
import type { Messenger } from "./messenger.ts";
import {
  createRequester,
  InvalidAnswerError,
  RequestNotSentError,
  RequestTimeoutError,
  respond,
} from "./request.ts";
import { brokers, type TestBroker } from "./testing.ts";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function question(id: string): MpcRequest {
  return {
    id,
    issued_at: "2026-02-01T05:00:00Z",
    deadline: "2026-02-01T05:00:10Z",
    start: "2026-02-01T05:00:00Z",
    problem: {
      model: {
        dtSeconds: 900,
        A: [0.99],
        b: [1e-4],
        E: [0.01, 1e-4, 1e-4],
        c: [0.8],
        D: 1e-3,
        F: [0.2, 1e-4, 1e-4],
      },
      x_c: [20],
      maxPower_w: 4500,
      cop: 1,
      theta_e_c: [5],
      phi_sol_w: [0],
      phi_int_w: [0],
      price_eur_kwh: [0.16],
      comfort: { min_c: 19, max_c: 28 },
      weights: { below_eur_kh: 1.5, above_eur_kh: 10 },
      terminal: { breakpoints_c: [19], slopes_eur_k: [0.1, 0.1] },
    },
  };
}

function answerOf(worker: string) {
  return ({ id }: MpcRequest): MpcPlan => ({
    id,
    worker,
    status: "failed",
    solve_ms: 1,
    error: "infeasible",
  });
}

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`request and response on ${kind.name}`, () => {
    let broker: TestBroker;
    let core: Messenger;
    const join = async (service: string) => {
      const messenger = connect({ url: broker.url, service, log, reconnectMin_ms: 20, reconnectMax_ms: 40 });
      open.push(() => messenger.close());
      await messenger.whenConnected();
      return messenger;
    };
    const ask = async () => {
      const requester = createRequester(core, topics.mpcRequest, topics.mpcPlan);
      // The answers' topic must be open before the first question is asked.
      await core.subscribe(topics.mpcPlan, () => undefined).active;
      return requester;
    };

    beforeEach(async () => {
      broker = await kind.start();
      open.push(broker.stop);
      core = await join("core");
    });

    it("brings each answer to its question", async () => {
      await respond(await join("mpc-1"), topics.mpcRequest, topics.mpcPlan, answerOf("mpc-1")).active;
      const requester = await ask();
      const ids = ["a", "b", "c", "d"];
      const answers = await Promise.all(
        ids.map((id) => requester.request(question(id), { timeout_ms: 10_000 })),
      );
      expect(answers.map(({ id, worker }) => ({ id, worker }))).toEqual(
        ids.map((id) => ({ id, worker: "mpc-1" })),
      );
      expect(requester.pending).toBe(0);
      expect(requester.unmatched).toBe(0);
    });

    it("gives up in time, and ignores the answer that comes late", async () => {
      const late: (() => void)[] = [];
      const worker = await join("mpc-1");
      await respond(
        worker,
        topics.mpcRequest,
        topics.mpcPlan,
        (request) => new Promise((resolve) => late.push(() => resolve(answerOf("mpc-1")(request)))),
      ).active;
      const requester = await ask();
      await expect(requester.request(question("slow"), { timeout_ms: 50 })).rejects.toThrow(
        RequestTimeoutError,
      );
      const arrived = new Promise((resolve) => core.subscribe(topics.mpcPlan, resolve));
      // The question may still be on its way to the worker.
      while (late.length === 0) await worker.publish(topics.clock, {}, "2026-02-01T05:00:00Z");
      late[0]();
      await arrived;
      expect(requester.unmatched).toBe(1);
      expect(requester.pending).toBe(0);
    });

    it("can be called off", async () => {
      const requester = await ask();
      const caller = new AbortController();
      const request = requester.request(question("a"), { timeout_ms: 10_000, signal: caller.signal });
      await expect(requester.request(question("a"), { timeout_ms: 10_000 })).rejects.toThrow(
        "already waiting",
      );
      caller.abort(new Error("mode changed"));
      await expect(request).rejects.toThrow("mode changed");
      await expect(
        requester.request(question("b"), { timeout_ms: 10_000, signal: caller.signal }),
      ).rejects.toThrow("mode changed");
    });

    it("fails at once while the broker is away, and when closed", async () => {
      const requester = await ask();
      const waiting = requester.request(question("a"), { timeout_ms: 10_000 });
      requester.close();
      await expect(waiting).rejects.toThrow("closed");
      const lost = new Promise<void>((resolve) => core.onConnectionChange((up) => !up && resolve()));
      await broker.kill();
      await lost;
      await expect(requester.request(question("b"), { timeout_ms: 10_000 })).rejects.toThrow(
        RequestNotSentError,
      );
    });

    it("asks once more where the answer is none, and gives up at the second", async () => {
      const stranger = await mqtt.connectAsync(broker.url);
      open.push(() => stranger.endAsync());
      const asked = { a: 0, b: 0 };
      const worker = await join("mpc-1");
      await worker.subscribe(topics.mpcRequest, async ({ payload }) => {
        const id = payload.id as keyof typeof asked;
        const none = { a: '{"id":"a","status":"optimal"}', b: '{"id":"b","sta' }[id];
        if (asked[id]++ === 0 || id === "b") await stranger.publishAsync("home/mpc/plan", none, { qos: 1 });
        else await worker.publish(topics.mpcPlan, {}, answerOf("mpc-1")(payload));
      }).active;
      const requester = await ask();
      const [right, wrong] = await Promise.allSettled(
        ["a", "b"].map((id) => requester.request(question(id), { timeout_ms: 600_000 })),
      );
      expect(right).toMatchObject({ value: { id: "a", worker: "mpc-1" } });
      expect(wrong).toMatchObject({ reason: expect.any(InvalidAnswerError) });
      expect(asked).toEqual({ a: 2, b: 2 });
      expect(requester.pending).toBe(0);
    });

    it("refuses a question that is none", async () => {
      const requester = await ask();
      const wrong = { ...question("a"), deadline: "soon" };
      await expect(requester.request(wrong, { timeout_ms: 10_000 })).rejects.toThrow(
        "mpc/request.deadline must be",
      );
    });

    it("goes on answering after an answer failed", async () => {
      const worker = await join("mpc-1");
      let asked = 0;
      await respond(worker, topics.mpcRequest, topics.mpcPlan, (request) => {
        if (asked++ === 0) throw new Error("solver crashed");
        return answerOf("mpc-1")(request);
      }).active;
      const requester = await ask();
      await expect(requester.request(question("a"), { timeout_ms: 200 })).rejects.toThrow(
        RequestTimeoutError,
      );
      expect(await requester.request(question("b"), { timeout_ms: 10_000 })).toMatchObject({ id: "b" });
      expect(worker.metrics().topics.mpcRequest).toMatchObject({ failed: 1 });
    });

    it(
      kind.protocolVersion === 5
        ? "shares the questions among the workers of a group"
        : "asks every worker of a group where the broker cannot share, and takes the first answer",
      async () => {
        const asked = { "mpc-1": 0, "mpc-2": 0 };
        for (const name of ["mpc-1", "mpc-2"] as const) {
          const count = (request: MpcRequest) => {
            asked[name]++;
            return answerOf(name)(request);
          };
          await respond(await join(name), topics.mpcRequest, topics.mpcPlan, count, { group: "mpc" }).active;
        }
        const requester = await ask();
        const rounds = 20;
        for (let i = 0; i < rounds; i++) await requester.request(question(`q${i}`), { timeout_ms: 10_000 });
        if (kind.protocolVersion === 5) {
          expect(asked["mpc-1"] + asked["mpc-2"]).toBe(rounds);
          expect(Math.min(asked["mpc-1"], asked["mpc-2"])).toBeGreaterThan(rounds / 5);
        } else {
          expect(Math.max(asked["mpc-1"], asked["mpc-2"])).toBe(rounds);
        }
      },
    );
  });
}
