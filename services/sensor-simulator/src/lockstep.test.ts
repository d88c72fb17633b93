import { describe, expect, it } from "vitest";
import { createDecisions } from "./lockstep.ts";

const pending = Symbol("pending");

function stateOf(promise: Promise<void>): Promise<unknown> {
  return Promise.race([promise, Promise.resolve(pending)]);
}

describe("decisions", () => {
  it("are awaited until one for this time or later comes", async () => {
    const decisions = createDecisions();
    const decided = decisions.until(900);
    decisions.arrived(899);
    expect(await stateOf(decided)).toBe(pending);
    decisions.arrived(900);
    await decided;
  });

  it("that came before they were asked for count", async () => {
    const decisions = createDecisions();
    decisions.arrived(1800);
    decisions.arrived(100);
    await decisions.until(1800);
    expect(await stateOf(decisions.until(2700))).toBe(pending);
  });
});
