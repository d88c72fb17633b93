import { isoTimeOf } from "@azru/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCommandGate } from "./command-gate.ts";

const nowMs = Date.UTC(2026, 1, 1, 12);
const at = (offset_s: number) => isoTimeOf(nowMs + offset_s * 1000);
const gate = () => createCommandGate({ maxAge_ms: 600_000 });

describe("command gate", () => {
  it("accepts fresh commands in order", () => {
    const valve = gate();
    expect(valve.judge({ issued_at: at(-10), id: "a" }, nowMs)).toBe("accepted");
    expect(valve.judge({ issued_at: at(0), id: "b" }, nowMs)).toBe("accepted");
    expect(valve.judge({ issued_at: at(0), id: "c" }, nowMs)).toBe("accepted");
  });

  it("ignores what is too old, no longer valid, or from the future", () => {
    expect(gate().judge({ issued_at: at(-601) }, nowMs)).toBe("stale");
    expect(gate().judge({ issued_at: at(-10), valid_until: at(0) }, nowMs)).toBe("expired");
    expect(gate().judge({ issued_at: at(61) }, nowMs)).toBe("future");
  });

  it("ignores a command that comes twice, or after a newer one", () => {
    const valve = gate();
    valve.judge({ issued_at: at(-5), id: "a" }, nowMs);
    expect(valve.judge({ issued_at: at(-5), id: "a" }, nowMs)).toBe("duplicate");
    expect(valve.judge({ issued_at: at(-6), id: "z" }, nowMs)).toBe("overtaken");
  });

  it("takes a plain command, without time or name, whenever it comes", () => {
    const valve = gate();
    expect(valve.judge({}, nowMs)).toBe("accepted");
    expect(valve.judge({}, nowMs)).toBe("accepted");
  });

  it("goes on accepting after the clock jumped back", () => {
    const valve = gate();
    valve.judge({ issued_at: at(3600), id: "a" }, nowMs + 3_600_000);
    expect(valve.judge({ issued_at: at(0), id: "b" }, nowMs)).toBe("accepted");
  });

  it("never accepts a command older than one it has accepted, on a clock that runs forward", () => {
    const step = fc.record({
      wait_s: fc.integer({ min: 0, max: 300 }),
      age_s: fc.integer({ min: -30, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const valve = gate();
        let time_s = 0;
        let newest = Number.NEGATIVE_INFINITY;
        for (const { wait_s, age_s } of steps) {
          time_s += wait_s;
          const issued_s = time_s - age_s;
          const verdict = valve.judge({ issued_at: at(issued_s) }, nowMs + time_s * 1000);
          if (verdict !== "accepted") continue;
          expect(issued_s).toBeGreaterThanOrEqual(newest);
          expect(age_s).toBeLessThanOrEqual(600);
          newest = issued_s;
        }
      }),
    );
  });
});
