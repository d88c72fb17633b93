import { expect, test } from "vitest";
import type { Target } from "./room-command.ts";
import { createRoomFloor } from "./room-floor.ts";

const asked: Target = { kind: "open", opening_percent: 20, setpoint_c: 19, number: 1 };
const percentOf = (target: Target) => (target.kind === "open" ? target.opening_percent : target.kind);

test("a room is heated fully from 0.3 K above its setpoint down, until it is 0.5 K above", () => {
  const follow = createRoomFloor();
  const temperatures = [19.4, 19.31, 19.29, 19.4, 19.49, 19.5, 19.4, 18];
  expect(temperatures.map((room_c) => percentOf(follow(asked, room_c)))).toEqual([
    20, 20, 100, 100, 100, 20, 20, 100,
  ]);
});

test("without a setpoint or a recent temperature, and in the safe position, the target stays as it is", () => {
  const follow = createRoomFloor();
  const { setpoint_c: _, ...bare } = asked;
  expect(percentOf(follow(asked, 15))).toBe(100);
  expect(percentOf(follow(bare, 15))).toBe(20);
  expect(percentOf(follow(asked, undefined))).toBe(20);
  expect(percentOf(follow(asked, 19.4))).toBe(20); // what went before is forgotten
  expect(percentOf(follow({ kind: "safe", reason: "Azru is silent" }, 15))).toBe("safe");
});
