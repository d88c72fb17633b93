import { expect, test } from "vitest";
import { recordedHouse } from "../testing/recorded-house.ts";
import { driveBetween, driveOf } from "./drive.ts";
import { fitHouse } from "./fit-house.ts";
import { consensus, heatLossOf } from "./heat-loss.ts";
import { parametrise } from "./structure.ts";

const { building, history } = recordedHouse("brick45");
const day = 96;
const days = 12;
const drive = driveBetween(
  driveOf(history, (timeMs) => (timeMs / 3_600_000 + 1) % 24),
  0,
  days * day,
);
const floor = parametrise(building, { emitter: "screed", layers: 1 }, { isMetered: true, hasWindows: true });

/** A fit with a prior of its own for the internal gains, and the heat loss that follows. */
function learntWith(typical: number, sd: number) {
  const priors = floor.priors.map((prior) => (prior.name === "gains_w" ? { ...prior, typical, sd } : prior));
  const parametrisation = { ...floor, priors };
  const fitted = fitHouse(drive, parametrisation, building.zone.floorArea_m2);
  const chosen = { parametrisation, fitted };
  return { fitted, loss: heatLossOf({ chosen, drive, alike: [chosen], training: drive }) };
}

const mean = (values: Float64Array, from = 0, to = days * day) =>
  values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);

test("where the internal gains are known, the heat loss is the mean of what came in over the difference", () => {
  const { fitted, loss } = learntWith(150, 1);
  const air = history.theta_air_c;
  const warmer_k = mean(air, (days - 1) * day) - mean(air, 0, day);
  const capacity_j_k = fitted.house.physics.nodes.reduce((sum, { C_j_k }) => sum + C_j_k, 0);
  const supplied_w =
    mean(history.phi_HC_w!) +
    fitted.house.aperture * mean(history.phi_sol_w) +
    150 -
    (capacity_j_k * warmer_k) / (days * 86_400);
  expect(loss.value).toBeCloseTo(supplied_w / (mean(air) - mean(history.theta_e_c)), 6);
});

test("more gains mean more loss, the less so the less is known of them; the interval grows", () => {
  const [few, many] = [learntWith(150, 1), learntWith(300, 1)];
  const [fewUnsure, manyUnsure] = [learntWith(150, 150), learntWith(300, 150)];
  const by = (a: typeof few, b: typeof few) => Math.log(b.loss.value / a.loss.value);
  expect(by(few, many)).toBeGreaterThan(by(fewUnsure, manyUnsure));
  expect(by(fewUnsure, manyUnsure)).toBeGreaterThan(0);
  const half = ({ loss }: typeof few) => Math.log(loss.high / loss.low) / 2;
  expect(half(fewUnsure)).toBeGreaterThan(half(few));
  expect(half(few)).toBeGreaterThan(1.96 * 0.071); // of one winter's weather to another
});

test("estimates that agree are weighted by their variances", () => {
  const both = consensus({ value: 100, variance: 100 }, { value: 104, variance: 300 });
  expect(both.value).toBeCloseTo(101, 9);
  expect(both.variance).toBeCloseTo(75, 9);
});

test("estimates that disagree: the mean goes towards the middle, and two deviations hold both", () => {
  const [a, b] = [
    { value: 100, variance: 25 },
    { value: 160, variance: 100 },
  ];
  const both = consensus(a, b);
  expect(both.value).toBeGreaterThan(100 + 60 * 0.4);
  expect(both.value).toBeLessThan(130);
  const two = 2 * Math.sqrt(both.variance);
  expect(both.value - two).toBeLessThan(100);
  expect(both.value + two).toBeGreaterThan(160);
});
