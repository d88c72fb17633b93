import { isoTimeOf, type ValveCommand } from "@azru/contracts";
import { describe, expect, it } from "vitest";
import { keptLog } from "./testing/home.ts";
import { createValve, type ValveOptions } from "./valve.ts";

const startMs = Date.UTC(2026, 0, 11);
const minuteMs = 60_000;
const at = (minutes: number) => startMs + minutes * minuteMs;

function valveWith(options: Partial<ValveOptions> = {}) {
  const { log, lines } = keptLog();
  const valve = createValve({
    startMs,
    maxAge_ms: 60 * minuteMs,
    tolerance_ms: minuteMs,
    safePosition: 0.3,
    log,
    ...options,
  });
  return { valve, lines };
}

const command = (valve_position: number, more: Partial<ValveCommand> = {}): ValveCommand => ({
  valve_position,
  source: "mpc",
  ...more,
});

describe("the valve", () => {
  it("is closed until its first command, and keeps its last position for ever", () => {
    const { valve } = valveWith();
    expect(valve.positionAt(at(0))).toBe(0);
    expect(valve.command(command(62.5), at(1))).toBe("accepted");
    expect(valve.positionAt(at(1))).toBe(0.625);
    expect(valve.positionAt(at(1e6))).toBe(0.625);
  });

  it("ignores commands that are old, overtaken, repeated or from the future, and counts them", () => {
    const { valve, lines } = valveWith();
    const given = (minutes: number, id: string) => command(80, { sim_time: isoTimeOf(at(minutes)), id });
    expect(valve.command(given(70, "a"), at(70))).toBe("accepted");
    expect(valve.command({ ...given(70, "a"), valve_position: 5 }, at(71))).toBe("duplicate");
    expect(valve.command({ ...given(69, "b"), valve_position: 5 }, at(71))).toBe("overtaken");
    expect(valve.command({ ...given(10, "c"), valve_position: 5 }, at(71))).toBe("stale");
    expect(valve.command({ ...given(75, "d"), valve_position: 5 }, at(71))).toBe("future");
    const expired = { ...given(71, "e"), valve_position: 5, valid_until: isoTimeOf(at(71)) };
    expect(valve.command(expired, at(71))).toBe("expired");
    expect(valve.positionAt(at(71))).toBe(0.8);
    expect(valve.verdicts).toEqual({
      accepted: 1,
      duplicate: 1,
      overtaken: 1,
      stale: 1,
      future: 1,
      expired: 1,
    });
    expect(lines.map(({ details }) => details.verdict)).toEqual([
      "duplicate",
      "overtaken",
      "stale",
      "future",
      "expired",
    ]);
  });

  it("says once, not each time, that commands keep coming too late", () => {
    const { valve, lines } = valveWith();
    for (let k = 0; k < 50; k++) valve.command(command(5, { issued_at: isoTimeOf(at(0)) }), at(100 + k));
    expect(lines).toHaveLength(1);
    expect(valve.verdicts).toEqual({ stale: 50 });
  });

  it("takes its safe position when a command no longer holds, until the next one", () => {
    const { valve, lines } = valveWith();
    valve.command(command(90, { valid_until: isoTimeOf(at(30)) }), at(0));
    expect(valve.positionAt(at(29))).toBe(0.9);
    expect(valve.positionAt(at(30))).toBe(0.3);
    expect(valve.positionAt(at(31))).toBe(0.3);
    expect(lines.map(({ message }) => message)).toEqual(["valve takes its safe position"]);
    valve.command(command(10), at(40));
    expect(valve.positionAt(at(40))).toBe(0.1);
    expect(valve.positionAt(at(400))).toBe(0.1);
  });

  it("takes its safe position after the silence it is set to, also when it never got a command", () => {
    const { valve } = valveWith({ silence_ms: 60 * minuteMs });
    expect(valve.positionAt(at(59))).toBe(0);
    expect(valve.positionAt(at(60))).toBe(0.3);
    valve.command(command(90), at(70));
    expect(valve.positionAt(at(129))).toBe(0.9);
    expect(valve.command(command(20, { issued_at: isoTimeOf(at(0)) }), at(129))).toBe("stale");
    expect(valve.positionAt(at(130))).toBe(0.3);
  });
});
