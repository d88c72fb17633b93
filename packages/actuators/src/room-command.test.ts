import { isoTimeOf, type ValveCommand } from "@azru/contracts";
import { expect, it } from "vitest";
import { createRoomCommand } from "./room-command.ts";

const startMs = Date.UTC(2026, 0, 15, 6);
const minute_ms = 60_000;
const at = (minutes: number) => ({ homeMs: startMs + minutes * minute_ms, steadyMs: minutes * minute_ms });
const issued = (minutes: number, changes: Partial<ValveCommand> = {}): ValveCommand => ({
  valve_position: 40,
  source: "mpc",
  issued_at: isoTimeOf(at(minutes).homeMs),
  ...changes,
});

it("a room is safe before the first command, after silence, and once a command no longer holds", () => {
  const room = createRoomCommand(60 * minute_ms);
  expect(room.targetAt(at(0))).toMatchObject({ kind: "safe" });
  room.judge(issued(0), false, at(0));
  expect(room.targetAt(at(59.9))).toMatchObject({ kind: "open", opening_percent: 40 });
  expect(room.targetAt(at(60))).toEqual({ kind: "safe", reason: "Azru is silent" });
  room.judge(issued(61, { valid_until: isoTimeOf(at(70).homeMs) }), false, at(61));
  expect(room.targetAt(at(69.9))).toMatchObject({ kind: "open" });
  expect(room.targetAt(at(70))).toEqual({ kind: "safe", reason: "the last command no longer holds" });
});

it("commands that are not accepted do not end a silence", () => {
  const room = createRoomCommand(60 * minute_ms);
  room.judge(issued(0, { id: "a" }), false, at(0));
  expect(room.judge(issued(0, { id: "a" }), false, at(59))).toBe("duplicate");
  expect(room.targetAt(at(60))).toMatchObject({ kind: "safe" });
});

it("a command that the broker kept counts by its time, and not without one", () => {
  const room = createRoomCommand(60 * minute_ms);
  expect(room.judge({ valve_position: 40, source: "manual" }, true, at(0))).toBe("stale");
  expect(room.judge(issued(-61), true, at(0))).toBe("stale");
  expect(room.judge(issued(-5), true, at(0))).toBe("accepted");
});

it("a wall clock that is set back does not prolong a silence", () => {
  const room = createRoomCommand(60 * minute_ms);
  room.judge(issued(0), false, at(0));
  expect(room.targetAt({ ...at(0), steadyMs: 60 * minute_ms })).toMatchObject({ kind: "safe" });
});
