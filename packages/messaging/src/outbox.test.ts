import { topics } from "@azru/contracts";
import { expect, it } from "vitest";
import { Outbox } from "./outbox.ts";

const waiting = (name: string, text: string) => ({ topic: topics.tariff, name, text });

it("keeps the latest of each name, in the order in which they came", () => {
  const outbox = new Outbox();
  expect(outbox.put(waiting("a", "1"))).toBeUndefined();
  expect(outbox.put(waiting("b", "2"))).toBeUndefined();
  expect(outbox.put(waiting("a", "3"))).toEqual(waiting("a", "1"));
  expect(outbox.take().map(({ text }) => text)).toEqual(["2", "3"]);
  expect(outbox.take()).toEqual([]);
});

it("is bounded, pushing out the oldest", () => {
  const outbox = new Outbox();
  for (let i = 0; i < 1000; i++) expect(outbox.put(waiting(`t${i}`, ""))).toBeUndefined();
  expect(outbox.put(waiting("one more", ""))?.name).toBe("t0");
  expect(outbox.take()).toHaveLength(1000);
});
