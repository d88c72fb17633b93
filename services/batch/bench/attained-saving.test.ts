/** How much of what perfect foresight saves the controller catches, and what the rooms say to it. */
import type { Building } from "@azru/simulation";
import { expect, test } from "vitest";
import { type Attained, attained } from "./attained-saving.ts";

const fortnight = ["--start", "2026-01-12", "--end", "2026-01-26"]; // with seven red days
const lightAndHeavy = ["examples/buildings/light.json", "examples/buildings/heavy.json"];

const uncertain = ["--state", "estimated", "--forecast", "realistic"];

type Emission = Building["heating"]["emission"];

/** In the zone of ISO 13790, by the recursion. */
function inZone(options: string[], files = lightAndHeavy, emission: Emission = "floorHeating") {
  return attained(
    [...fortnight, "--twin", "5r1c", "--building", ...files, ...options],
    ({ heating, ...building }) => ({
      ...building,
      heating: { ...heating, emission },
    }),
  );
}

const excess_kh = ({ mpcBelow_kh, thermostatBelow_kh }: Attained) => mpcBelow_kh - thermostatBelow_kh;

test("knowing everything, the MPC catches 99 % of what perfect foresight saves, and never more than all", async () => {
  for (const one of await inZone(["--colours", "perfect"])) {
    expect(one.foresightBelow_kh, one.home).toBeLessThan(0.01);
    expect(one.share, one.home).toBeGreaterThan(0.99);
    expect(one.share, one.home).toBeLessThan(1 + 1e-6);
    expect(excess_kh(one), one.home).toBeLessThan(0.01);
  }
});

test("in a house of states, knowing everything, the interior point catches 99 % as well", async () => {
  const options = ["--colours", "perfect", "--twin", "states", "--building", "examples/buildings/heavy.json"];
  const [heavy] = await attained([...fortnight, ...options]);
  expect(heavy.foresightBelow_kh).toBeLessThan(0.05);
  expect(heavy.share).toBeGreaterThan(0.99);
  expect(heavy.share).toBeLessThan(1.001);
  expect(excess_kh(heavy)).toBeLessThan(0.1);
});

test("with a noisy sensor, a forecast that errs and colours as published it catches 95 %, and keeps its rooms warm", async () => {
  const real = await inZone(uncertain);
  for (const one of real) {
    expect(one.share, one.home).toBeGreaterThan(0.95);
    expect(excess_kh(one), one.home).toBeLessThan(0.1);
  }
});

test("without the distance that it learns to keep, rooms would be cold for hours", async () => {
  const bold = await inZone([...uncertain, "--margin", "0"]);
  for (const one of bold) expect(excess_kh(one), one.home).toBeGreaterThan(1);
});

test("in slabs of a very heavy building it stores for what the next forecast may bring", async () => {
  const [slabs] = await inZone(uncertain, ["examples/buildings/very-heavy.json"], "tabs");
  expect(slabs.share).toBeGreaterThan(0.933); // planned for the mean forecast: 0.929
  expect(excess_kh(slabs)).toBeLessThan(0.1);
});
