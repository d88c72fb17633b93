import { expect, test } from "vitest";
import type { Figure } from "./figures.ts";
import { bestRule, tableText } from "./table.ts";

function figure(controller: string, cost_eur: number, airBelow_kh: number): Figure {
  return {
    ...{ weather: "w", house: "h", building: "h", controller, history: "november", forecast: "realistic" },
    ...{ seed: 1, noise_k: 0.1, lastDay: "2026-03-31", days: 121, cost_eur, energy_kwh: 1000, airBelow_kh },
    ...{ opBelow_kh: 0, airAbove24_kh: 0, airAbove28_kh: 0, coldest_c: 19, redPeak_kwh: 0, whitePeak_kwh: 0 },
    ...{ p50_ms: 1, p95_ms: 2 },
  };
}

const figures = [
  figure("thermostat", 200, 0.5),
  figure("pi", 190, 3),
  figure("rule:19.5/22/19", 120, 9),
  figure("rule:19.5/24/19.2", 140, 3.5),
  figure("rule:19.5/25/19.5", 150, 0),
  figure("mpc", 126, 2),
];

test("the best rule is the cheapest that is hardly colder than the electronic thermostat", () => {
  expect(bestRule(figures)?.controller).toBe("rule:19.5/24/19.2");
});

test("the table has what each saves against the thermostat and against the best rule", () => {
  const mpc = tableText(figures)
    .split("\n")
    .find((line) => line.includes("mpc"))!;
  expect(mpc.split("│").map((cell) => cell.trim())).toEqual(
    expect.arrayContaining(["h", "mpc", "126.0", "37.0", "10.0", "1000", "2.0"]),
  );
});
