import { expect, test } from "vitest";
import { collector } from "../testing/collector.ts";
import { oneAtATime, type Task } from "./one-at-a-time.ts";

/** A sequence whose tasks end when the test ends them. */
function controlled() {
  const started = collector<Task & { end: () => void; fail: (error: Error) => void }>();
  const errors: unknown[] = [];
  let merged = 0;
  const sequence = oneAtATime({
    make: (task) =>
      new Promise((resolve, reject) => {
        task.signal.addEventListener("abort", () => reject(task.signal.reason));
        started.push({ ...task, end: () => resolve(undefined), fail: reject });
      }),
    onError: (error) => errors.push(error),
    onMerged: () => merged++,
  });
  return { sequence, started, errors, merged: () => merged };
}

test("what comes while one is being made is made together, right after, under the id that was given", async () => {
  const { sequence, started, merged } = controlled();
  const first = sequence.begin("start");
  const second = sequence.begin("new colour");
  const third = sequence.begin("asked for");
  expect(sequence.begin("asked for")).toEqual(third);
  expect([first.started, second.started, third.started]).toEqual([true, false, false]);
  expect(third.id).toBe(second.id);
  expect(merged()).toBe(3);
  const next = started.next(({ id }) => id === second.id);
  started.all[0].end();
  const { cause, end } = await next;
  expect(cause).toBe("new colour, asked for");
  end();
  await sequence.idle();
  expect(started.all.map(({ id }) => id)).toEqual([first.id, second.id]);
});

test("one that is no longer wanted is aborted, and is no error", async () => {
  const { sequence, started, errors } = controlled();
  sequence.begin("every 15 minutes");
  const instead = started.next(({ cause }) => cause === "manual command");
  sequence.beginInstead("manual command");
  expect(started.all[0].signal.aborted).toBe(true);
  (await instead).end();
  await sequence.idle();
  expect(errors).toEqual([]);
});

test("one that fails is reported, and the next is made all the same", async () => {
  const { sequence, started, errors } = controlled();
  sequence.begin("first");
  sequence.begin("second");
  const second = started.next(({ cause }) => cause === "second");
  const failure = new Error("broken");
  started.all[0].fail(failure);
  (await second).end();
  await sequence.idle();
  expect(errors).toEqual([failure]);
});

test("closed, it aborts and begins nothing more", async () => {
  const { sequence, started } = controlled();
  sequence.begin("first");
  sequence.begin("second");
  await sequence.close();
  sequence.begin("third");
  await sequence.idle();
  expect(started.all.map(({ cause }) => cause)).toEqual(["first"]);
});
