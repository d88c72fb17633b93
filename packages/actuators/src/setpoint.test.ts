import { expect, it } from "vitest";
import { setpointOf } from "./setpoint.ts";

const range = { low_c: 7, high_c: 30, span_k: 2 };

it.each([
  [0, 19, 7],
  [25, 19, 18],
  [50, 19, 19],
  [75, 19, 20],
  [100, 19, 30],
  [40, undefined, 7],
  [50, undefined, 30],
  [90, 29.5, 30],
  [10, 8, 7],
])("%s %% at %s degrees asks for %s", (opening, local_c, setpoint_c) => {
  expect(setpointOf(opening, local_c, range)).toBe(setpoint_c);
});
