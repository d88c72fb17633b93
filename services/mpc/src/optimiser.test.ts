import { pathToFileURL } from "node:url";
import { SolverError, solveInteriorPoint, solveLp, unpackProblem } from "@azru/control";
import { runnable } from "@azru/runtime/testing";
import { afterEach, describe, expect, it } from "vitest";
import { createOptimiser, type Optimiser, type OptimiserOptions } from "./optimiser.ts";
import { solvers } from "./solver.ts";
import { hardRequestOf, requestOf } from "./testing/requests.ts";

const open: Optimiser[] = [];
const solving = threadOf("./solve-worker.ts");
const faulty = threadOf("./testing/faulty-worker.ts");
/** Enough for a thread to load and take a request up, no longer: one that hangs keeps a processor busy. */
const hang_ms = 800;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function threadOf(source: string): Pick<OptimiserOptions, "workerFile" | "execArgv"> {
  const { file, nodeOptions } = runnable(new URL(source, import.meta.url));
  return { workerFile: pathToFileURL(file), execArgv: [...nodeOptions] };
}

function optimiserWith(options: Partial<OptimiserOptions> = {}): Optimiser {
  const optimiser = createOptimiser({
    worker: "shed",
    threads: 1,
    queue: 4,
    longest_ms: 60_000,
    threadMemory_mb: 64,
    log,
    ...faulty,
    ...options,
  });
  open.push(optimiser);
  return optimiser;
}

afterEach(async () => {
  for (const optimiser of open.splice(0)) await optimiser.stop(0);
});

describe("the optimiser", () => {
  it("gives the plan that the solver gives", async () => {
    const request = requestOf("winter");
    const answer = await optimiserWith(solving).solve(request);
    const plan = solveInteriorPoint(unpackProblem(request.problem));
    expect(answer).toMatchObject({
      id: "winter",
      worker: "shed",
      status: "optimal",
      objective: plan.objective_eur,
      temperature: [...plan.theta_air_c],
    });
    expect(answer.solve_ms).toBeGreaterThan(0);
  });

  it.each(["lp", "exact", "interior"] as const)("solves by %s, to the same optimum", async (solver) => {
    const optimiser = optimiserWith({ solver, ...solving });
    const request = requestOf("winter");
    const answer = await optimiser.solve(request);
    const plan = solvers[solver](unpackProblem(request.problem));
    expect(answer).toMatchObject({ objective: plan.objective_eur, temperature: [...plan.theta_air_c] });
    expect(plan.objective_eur).toBeCloseTo(solveLp(unpackProblem(request.problem)).objective_eur, 6);
  });

  it("takes the linear program where the interior point gives up, and counts it", async () => {
    const optimiser = optimiserWith({ solver: "interior", ...solving });
    const request = hardRequestOf("hard");
    const problem = unpackProblem(request.problem);
    expect(() => solvers.interior(problem)).toThrow(SolverError);
    const answer = await optimiser.solve(request);
    expect(answer).toMatchObject({ status: "optimal", objective: solveLp(problem).objective_eur });
    expect((await optimiser.solve(requestOf("winter"))).status).toBe("optimal");
    expect(optimiser.outcomes).toMatchObject({ solved: 2, fallback: 1, unsolvable: 0 });
  });

  it("solves on all threads, each request once", async () => {
    const optimiser = optimiserWith({ threads: 2, queue: 40 });
    const ids = Array.from({ length: 40 }, (_, i) => `r${i}`);
    const answers = await Promise.all(ids.map((id) => optimiser.solve(requestOf(id))));
    expect(answers.map(({ id }) => id)).toEqual(ids);
    expect(optimiser.outcomes).toMatchObject({ solved: 40, refused: 0 });
    expect(optimiser.pending).toBe(0);
  });

  it("says why a problem has no plan", async () => {
    const request = requestOf("backwards");
    request.problem.comfort = { min_c: 25, max_c: 20 };
    expect(await optimiserWith().solve(request)).toMatchObject({
      id: "backwards",
      status: "failed",
      error: "comfort.min_c[0] must be <= comfort.max_c (20), got 25",
    });
  });

  it.each([
    ["exit", /exited with code: 3/],
    ["uncaught", /thrown where nobody catches/],
    ["throw", /cannot read properties/],
    ["memory", /memory limit/],
  ])("loses one request, not the pool, to a thread that fails by %s", async (fault, reason) => {
    const optimiser = optimiserWith();
    const [before, lost, after] = await Promise.all(
      ["before", fault, "after"].map((id) => optimiser.solve(requestOf(id))),
    );
    expect(before.status).toBe("optimal");
    expect(lost).toMatchObject({ id: fault, status: "failed", error: expect.stringMatching(reason) });
    expect(after.status).toBe("optimal");
    expect(optimiser.outcomes).toMatchObject({ solved: 2, crashed: 1 });
  });

  it("survives threads that fail again and again", async () => {
    const optimiser = optimiserWith({ threads: 2, queue: 20 });
    const ids = ["exit1", "exit2", "exit3", "r1", "exit4", "r2"];
    const answers = await Promise.all(ids.map((id) => optimiser.solve(requestOf(id))));
    expect(answers.map(({ status }) => status)).toEqual(
      ids.map((id) => (id.startsWith("exit") ? "failed" : "optimal")),
    );
    expect(optimiser.outcomes).toMatchObject({ solved: 2, crashed: 4 });
  });

  it("gives up a solve at its deadline and goes on with the next", async () => {
    const optimiser = optimiserWith();
    const hung = optimiser.solve(requestOf("hang", { within_ms: hang_ms }));
    const next = optimiser.solve(requestOf("next"));
    expect(await hung).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^not solved within/),
    });
    expect((await next).status).toBe("optimal");
    expect(optimiser.outcomes).toMatchObject({ solved: 1, expired: 1 });
  });

  it("gives up a solve that takes longer than any may, whatever its deadline", async () => {
    const optimiser = optimiserWith({ longest_ms: 500 });
    const hung = await optimiser.solve(requestOf("hang", { within_ms: 8.64e12 }));
    expect(hung).toMatchObject({ status: "failed", error: "not solved within 500 ms" });
  });

  it("does not begin with a request whose deadline passed, on arrival or in the queue", async () => {
    const optimiser = optimiserWith();
    expect(await optimiser.solve(requestOf("late", { within_ms: 0 }))).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^the deadline \S+ has passed$/),
    });
    const hung = optimiser.solve(requestOf("hang", { within_ms: hang_ms }));
    const queued = await optimiser.solve(requestOf("queued", { within_ms: 100 }));
    expect(queued).toMatchObject({ status: "failed", error: expect.stringMatching(/^not solved within/) });
    await hung;
    expect(optimiser.outcomes).toMatchObject({ solved: 0, expired: 3 });
  });

  it("refuses at once what its queue has no room for", async () => {
    const optimiser = optimiserWith({ queue: 2 });
    const hung = optimiser.solve(requestOf("hang", { within_ms: hang_ms }));
    const queued = ["a", "b"].map((id) => optimiser.solve(requestOf(id)));
    expect(await optimiser.solve(requestOf("c"))).toMatchObject({
      id: "c",
      status: "failed",
      error: "the queue is full: 1 being solved, 2 waiting",
    });
    expect(optimiser.pending).toBe(3);
    await hung;
    expect((await Promise.all(queued)).map(({ status }) => status)).toEqual(["optimal", "optimal"]);
    expect(optimiser.outcomes).toMatchObject({ solved: 2, expired: 1, refused: 1 });
  });

  it("finishes what it has before it stops, and takes nothing more", async () => {
    const optimiser = optimiserWith();
    const inHand = ["a", "b"].map((id) => optimiser.solve(requestOf(id)));
    const stopped = optimiser.stop(30_000);
    expect(await optimiser.solve(requestOf("c"))).toMatchObject({ error: "the worker is stopping" });
    await stopped;
    expect((await Promise.all(inHand)).map(({ status }) => status)).toEqual(["optimal", "optimal"]);
  });

  it("fails what is not finished when its grace is over", async () => {
    const optimiser = optimiserWith();
    const inHand = ["hang", "queued"].map((id) => optimiser.solve(requestOf(id)));
    await optimiser.stop(200);
    for (const answer of await Promise.all(inHand)) {
      expect(answer).toMatchObject({ status: "failed", error: "the worker had to stop" });
    }
    expect(optimiser.outcomes.stopped).toBe(2);
  });
});
