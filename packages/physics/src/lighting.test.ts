import { expect, test } from "vitest";
import { lightingDemand_w, officeLighting } from "./lighting.ts";

const enough_lm = (300 * 35) / (0.45 * 0.9);

test.each([
  ["dark and somebody there", 0, 1, 409.5],
  ["dark and nobody there", 0, 0, 0],
  ["just too little daylight", enough_lm - 1, 0.1, 409.5],
  ["just enough daylight", enough_lm + 1, 0.1, 0],
])("%s", (_case, daylight_lm, occupancy, demand_w) => {
  expect(lightingDemand_w(officeLighting, 35, daylight_lm, occupancy)).toBe(demand_w);
});
