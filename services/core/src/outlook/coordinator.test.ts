import { expect, test } from "vitest";
import { createCoordinator } from "./coordinator.ts";

/** A source whose answers come when they are given. */
function source() {
  const asked: number[] = [];
  let settle: { resolve: (answer: string) => void; reject: (error: Error) => void };
  const coordinator = createCoordinator<string>((nowMs) => {
    asked.push(nowMs);
    return new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
  });
  return {
    coordinator,
    asked,
    answer: (text: string) => settle.resolve(text),
    fail: (why: string) => settle.reject(new Error(why)),
  };
}

test("asks once for all who refresh meanwhile, and keeps the answer with the time of its request", async () => {
  const { coordinator, asked, answer } = source();
  expect(coordinator.good).toBeUndefined();
  const both = [coordinator.refresh(1_000), coordinator.refresh(2_000)];
  answer("first");
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(asked).toEqual([1_000]);
  expect(coordinator.good).toEqual({ value: "first", atMs: 1_000 });
});

test("a failure keeps the last good answer and says why in one line, until the source answers again", async () => {
  const { coordinator, answer, fail } = source();
  const first = coordinator.refresh(1_000);
  answer("first");
  await first;
  const second = coordinator.refresh(2_000);
  fail("no route to host\n    at connect");
  expect(await second).toBe(false);
  expect(coordinator.good).toEqual({ value: "first", atMs: 1_000 });
  expect(coordinator.failure).toBe("no route to host");
  const third = coordinator.refresh(3_000);
  answer("third");
  expect(await third).toBe(true);
  expect(coordinator).toMatchObject({ good: { value: "third", atMs: 3_000 }, failure: undefined });
});
