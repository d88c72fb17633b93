import { type FailedPlan, type MpcPlan, type MpcRequest, type ServiceStatus, topics } from "@azru/contracts";
import { solveInteriorPoint, solveLp, unpackProblem } from "@azru/control";
import { connect, createRequester, type Messenger, type Requester } from "@azru/messaging";
import { type BrokerKind, brokers, type TestBroker } from "@azru/messaging/testing";
import { fromSource, runProgram, type ServiceProcess, startService } from "@azru/runtime/testing";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planMessage } from "./plan-message.ts";
import { hardRequestOf, requestOf } from "./testing/requests.ts";

const main = new URL("./main.ts", import.meta.url);
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Calls back with every value, and resolves as soon as one is as asked. */
function seen<T>(values: T[]) {
  let check: (() => void) | undefined;
  return {
    push(value: T) {
      values.push(value);
      check?.();
    },
    until(wanted: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        check = () => {
          if (wanted()) resolve();
        };
        check();
      });
    },
  };
}

/** A core's view: asks, receives every answer and the status of the workers. */
class Site {
  readonly broker: TestBroker;
  readonly messenger: Messenger;
  readonly requester: Requester<MpcRequest, MpcPlan>;
  readonly answers: MpcPlan[] = [];
  readonly statuses: ServiceStatus[] = [];
  readonly #answered = seen(this.answers);
  readonly #announced = seen(this.statuses);

  private constructor(broker: TestBroker) {
    this.broker = broker;
    this.messenger = connect({ url: broker.url, service: "core", log: silent });
    this.requester = createRequester(this.messenger, topics.mpcRequest, topics.mpcPlan);
    this.messenger.subscribe(topics.mpcPlan, ({ payload }) => this.#answered.push(payload));
    this.messenger.subscribe(topics.status, ({ payload }) => this.#announced.push(payload), {
      params: { service: "mpc" },
    });
    open.push(() => this.messenger.close());
  }

  static async on(kind: BrokerKind): Promise<Site> {
    const broker = await kind.start();
    open.push(broker.stop);
    const site = new Site(broker);
    await site.messenger.whenConnected();
    return site;
  }

  /** Starts a worker and waits until it takes requests. */
  async worker(name: string, environment: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const before = this.statuses.filter((status) => status === "online").length;
    const worker = startService(main, {
      MQTT_URL: this.broker.url,
      AZRU_MPC_WORKER: name,
      AZRU_MPC_THREADS: "1",
      AZRU_MPC_LONGEST_SECONDS: "600",
      ...environment,
    });
    open.push(async () => {
      worker.kill("SIGKILL");
      await worker.ended;
    });
    await this.announced(() => this.statuses.filter((status) => status === "online").length > before);
    return worker;
  }

  ask(request: MpcRequest): Promise<MpcPlan> {
    return this.requester.request(request, { timeout_ms: 600_000 });
  }

  answered(wanted: () => boolean): Promise<void> {
    return this.#answered.until(wanted);
  }

  announced(wanted: () => boolean): Promise<void> {
    return this.#announced.until(wanted);
  }
}

function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `r${i}`);
}

for (const kind of brokers) {
  describe.skipIf(!kind.available)(`the service on ${kind.name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.on(kind);
    });

    it("answers with the plan that the solver gives, past garbage, and stops in good order", async () => {
      const worker = await site.worker("shed");
      const request = requestOf("winter");
      const plan = await site.ask(request);
      expect(plan).toEqual(
        planMessage(request, solveInteriorPoint(unpackProblem(request.problem)), plan.solve_ms, "shed"),
      );

      const stranger = await mqtt.connectAsync(site.broker.url);
      open.push(() => stranger.endAsync());
      const wild = structuredClone(request) as unknown as { problem: { x_c: number[] } };
      wild.problem.x_c = [4000];
      const garbage = ["{", "null", "", "[]", '{"id":1}', Buffer.of(0xff, 0xfe), JSON.stringify(wild)];
      for (const bytes of garbage) await stranger.publishAsync("home/mpc/request", bytes, { qos: 1 });
      expect(await site.ask(requestOf("late", { within_ms: 0 }))).toMatchObject({
        status: "failed",
        error: expect.stringMatching(/deadline/),
      });
      expect((await site.ask(requestOf("after"))).status).toBe("optimal");

      worker.kill("SIGTERM");
      expect(await worker.ended).toBe(0);
      await site.announced(() => site.statuses.at(-1) === "offline");
      expect(site.answers.map(({ id }) => id)).toEqual(["winter", "late", "after"]);
      expect(worker.log).toContainEqual(
        expect.objectContaining({
          msg: "requests since the start",
          solved: 2,
          expired: 1,
          messages: expect.objectContaining({
            mpcRequest: expect.objectContaining({ received: 3, rejected: garbage.length }),
            mpcPlan: expect.objectContaining({ published: 3, dropped: 0 }),
          }),
        }),
      );
    });

    it("answers by the linear program where the interior point gives up, and reports how often", async () => {
      const worker = await site.worker("shed", { AZRU_MPC_SOLVER: "interior" });
      const request = hardRequestOf("hard");
      const plan = await site.ask(request);
      expect(plan).toEqual(
        planMessage(request, solveLp(unpackProblem(request.problem)), plan.solve_ms, "shed"),
      );
      expect((await site.ask(requestOf("winter"))).status).toBe("optimal");
      worker.kill("SIGTERM");
      expect(await worker.ended).toBe(0);
      expect(worker.log).toContainEqual(
        expect.objectContaining({ msg: "requests since the start", solved: 2, fallback: 1 }),
      );
      expect(worker.log).toContainEqual(
        expect.objectContaining({ msg: "solved by the linear program instead", request: "hard" }),
      );
    });

    it(`${kind.protocolVersion === 5 ? "shares 200 requests" : "answers each request"} with two workers`, async () => {
      const shared = kind.protocolVersion === 5;
      const workers = [
        await site.worker("first", { AZRU_MPC_QUEUE: "200" }),
        await site.worker("second", { AZRU_MPC_QUEUE: "200" }),
      ];
      const ids = idsOf(shared ? 200 : 20);
      const plans = await Promise.all(ids.map((id) => site.ask(requestOf(id))));
      expect(plans.every(({ status }) => status === "optimal")).toBe(true);

      for (const worker of workers) worker.kill("SIGTERM");
      expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);
      await site.announced(() => site.statuses.at(-1) === "offline");
      const byWorker = (name: string) => site.answers.filter(({ worker }) => worker === name);
      if (shared) {
        expect(site.answers.map(({ id }) => id).sort()).toEqual(ids.sort());
        expect(byWorker("first").length).toBeGreaterThan(20);
        expect(byWorker("second").length).toBeGreaterThan(20);
      } else {
        for (const name of ["first", "second"]) {
          expect(byWorker(name).map(({ id }) => id)).toEqual(ids);
        }
        expect(site.requester.unmatched).toBe(ids.length);
      }
    });

    it.runIf(kind.protocolVersion === 5)("goes on when one of two workers is killed at work", async () => {
      const first = await site.worker("first");
      await site.worker("second");
      const killed = site.announced(() => site.statuses.includes("offline"));
      // What the dead worker had in hand is asked again, as the core does.
      void killed.then(() => site.requester.repeat());
      const ids = idsOf(60);
      const waiting = [...ids];
      const asker = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
          await site.ask(requestOf(id));
          if (waiting.length === 30) first.kill("SIGKILL");
        }
      };
      await Promise.all(Array.from({ length: 6 }, asker));
      expect(await first.ended).toBe("SIGKILL");
      await killed;
      const byWorker = (name: string) => site.answers.filter(({ worker }) => worker === name);
      expect(new Set(site.answers.map(({ id }) => id))).toEqual(new Set(ids));
      expect(byWorker("first").length).toBeGreaterThan(0);
      expect(byWorker("second").length).toBeGreaterThan(0);
    });
  });
}

/** Where nothing depends on the broker, one of them will do. */
const best = brokers.filter(({ available }) => available).at(-1)!;

describe(`workers on ${best.name}`, () => {
  let site: Site;
  beforeEach(async () => {
    site = await Site.on(best);
  });

  it("answers at once what its queue has no room for", async () => {
    const worker = await site.worker("shed", { AZRU_MPC_QUEUE: "3" });
    // It meets all of them at once, however slowly they were asked.
    worker.kill("SIGSTOP");
    const questions: string[] = [];
    const asked = seen(questions);
    await site.messenger.subscribe(topics.mpcRequest, ({ payload }) => asked.push(payload.id)).active;
    const asking = Promise.all(idsOf(40).map((id) => site.ask(requestOf(id))));
    await asked.until(() => questions.length === 40);
    worker.kill("SIGCONT");
    const answers = await asking;
    const refused = answers.filter((answer): answer is FailedPlan => answer.status === "failed");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(36);
    for (const { error } of refused) expect(error).toBe("the queue is full: 1 being solved, 3 waiting");
  });

  it("answers what it has taken before it stops", async () => {
    const worker = await site.worker("shed");
    const asked = idsOf(20).map((id) => site.ask(requestOf(id)));
    await Promise.race(asked);
    worker.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    const summary = worker.log.find(({ msg }) => msg === "requests since the start");
    const { mpcRequest } = summary!.messages as { mpcRequest: { received: number } };
    await site.announced(() => site.statuses.at(-1) === "offline");
    expect(site.answers).toHaveLength(mpcRequest.received);
    site.requester.close();
    await Promise.allSettled(asked);
  });

  it("is online as long as one of its workers is", async () => {
    const first = await site.worker("first");
    const second = await site.worker("second");
    first.kill("SIGKILL");
    await site.announced(() => site.statuses.slice(-2).join() === "offline,online");
    expect((await site.ask(requestOf("winter"))).worker).toBe("second");
    second.kill("SIGTERM");
    await second.ended;
    await site.announced(() => site.statuses.at(-1) === "offline");
    const late = await mqtt.connectAsync(site.broker.url);
    open.push(() => late.endAsync());
    const retained = new Promise((resolve) => late.once("message", (_, payload) => resolve(`${payload}`)));
    await late.subscribeAsync("home/sys/status/mpc");
    expect(await retained).toBe("offline");
  });
});

describe("the command line of the service", () => {
  it("prints its configuration when asked for help", async () => {
    const { code, stdout } = await runProgram(main, ["--help"], { as: fromSource });
    expect(code).toBe(0);
    for (const name of [
      "MQTT_URL",
      "MQTT_PASSWORD",
      "AZRU_MPC_THREADS",
      "AZRU_MPC_QUEUE=64",
      "AZRU_LOG_LEVEL",
    ]) {
      expect(stdout).toContain(name);
    }
  });

  it("names the variable that makes no sense, and does not start", async () => {
    const environment = { AZRU_MPC_THREADS: "1.5", MQTT_URL: "http://localhost" };
    const { code, stderr } = await runProgram(main, [], { environment });
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^mpc: MQTT_URL .*"http:\/\/localhost"$/),
      expect.stringMatching(/^mpc: AZRU_MPC_THREADS .*"1\.5"$/),
    ]);
  });
});
