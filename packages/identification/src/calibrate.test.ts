import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Calibration, calibrate, type Findings } from "./calibrate.ts";
import type { History } from "./history.ts";
import {
  type CalibratableBuilding,
  type Corrections,
  correctedBuilding,
  correctedZone,
  heatLoss_w_k,
} from "./house.ts";
import { home, liveTwin, normals, seenThrough } from "./testing/twin.ts";

/** The file of somebody who misjudged a house by these factors. */
function misjudged(building: CalibratableBuilding, factors: Omit<Corrections, "internalGains_w">) {
  return correctedBuilding(building, { ...factors, internalGains_w: 0 });
}

const wrong = { capacitance: 1.3, envelope: 0.7, airExchange: 1.3, aperture: 0.7, heaterPower: 1.3 };

function value({ identification }: Findings, name: keyof Corrections) {
  return identification.estimates.find((estimate) => estimate.name === name)!;
}

function refusal<B>(result: Calibration<B>): string {
  if (result.accepted) throw new Error("the calibration was accepted");
  return result.reason;
}

describe("a home of 28 days, its file wrong by 30 % in everything", () => {
  const truth = home();
  const file = misjudged(truth, wrong);
  const { history } = liveTwin({ building: truth });
  let result: Calibration<typeof file>;
  beforeAll(() => {
    result = calibrate(file, seenThrough(history, wrong.aperture));
  });

  test("gets a file that predicts a day ahead to the sensor's noise", () => {
    expect(result.accepted).toBe(true);
    const { validation } = result.findings!;
    expect(validation.file.rmse_k).toBeGreaterThan(4 * validation.calibrated.rmse_k);
    expect(validation.calibrated.rmse_k).toBeLessThan(0.15);
    expect(validation.persistence.rmse_k).toBeGreaterThan(1);
    expect(validation.calibrated.predictions).toBe(25);
    expect(validation.calibrated.byLead_k).toHaveLength(96);
    expect(validation.heldOutFrom).toBe(21 * 96);
  });

  test("which is the home's own", () => {
    if (!result.accepted) throw new Error(result.reason);
    const found = result.building;
    expect(found.zone.thermalCapacitance_j_m2k / truth.zone.thermalCapacitance_j_m2k).toBeCloseTo(1, 1.5);
    expect(found.heating.maxPower_w / 4500).toBeCloseTo(1, 1.5);
    expect(found.windows[0].g / truth.windows[0].g).toBeCloseTo(1, 1.5);
    expect(Math.abs(found.internalGains_w - 150)).toBeLessThan(15);
  });

  test("does better still where the heat is metered", () => {
    const phi_HC_w = history.valve.map((valve) => valve * 4500);
    const metered = calibrate(file, { ...seenThrough(history, wrong.aperture), phi_HC_w });
    const power = value(metered.findings!, "heaterPower");
    expect(power.value * wrong.heaterPower).toBeCloseTo(1, 9);
    const width = ({ identification: { heatLoss } }: Findings) => heatLoss.high / heatLoss.low;
    expect(width(metered.findings!)).toBeLessThan(width(result.findings!));
  });

  test("keeps its windows where the sun was measured, and says so", () => {
    const measured = calibrate(file, { ...history, solarGains: "measured" });
    if (!measured.accepted) throw new Error(measured.reason);
    expect(measured.building.windows).toEqual(file.windows);
    expect(measured.findings.notes.join()).toContain("solar gains are taken as recorded");
  });

  test("survives outliers and missing measurements", () => {
    const normal = normals(11);
    const theta_air_c = history.theta_air_c.map((theta, k) =>
      k % 60 === 13 ? theta + 8 * normal() : k % 96 > 90 ? Number.NaN : theta,
    );
    const theta_e_c = history.theta_e_c.with(500, Number.NaN);
    const poorer = calibrate(file, { ...seenThrough(history, wrong.aperture), theta_air_c, theta_e_c });
    expect(poorer.accepted).toBe(true);
    expect(poorer.findings!.identification.outliers).toBeGreaterThan(20);
    expect(Math.abs(value(poorer.findings!, "capacitance").value * wrong.capacitance - 1)).toBeLessThan(0.05);
  });
});

test("recovers homes of any kind within 6 %, and its 95 % intervals hold what they promise", () => {
  let intervals = 0;
  let right = 0;
  const factor = fc.double({ min: 0.7, max: 1.4, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({
        emission: fc.constantFrom("floorHeating", "newRadiators", "airConditioning", "tabs"),
        thermalCapacitance_j_m2k: fc.constantFrom(110_000, 165_000, 260_000),
        factors: fc.record({
          capacitance: factor,
          envelope: factor,
          airExchange: factor,
          aperture: factor,
          heaterPower: factor,
        }),
        noise_k: fc.constantFrom(0.1, 0.2),
        seed: fc.integer({ min: 1, max: 1000 }),
      }),
      ({ emission, thermalCapacitance_j_m2k, factors, noise_k, seed }) => {
        const plain = home(emission);
        const building = { ...plain, zone: { ...plain.zone, thermalCapacitance_j_m2k } };
        const { history } = liveTwin({ building, noise_k, seed, days: 21 });
        const file = misjudged(building, factors);
        const { findings } = calibrate(file, seenThrough(history, factors.aperture));
        const truth: Record<string, number> = { internalGains_w: 150 };
        for (const [name, factor] of Object.entries(factors)) truth[name] = 1 / factor;
        for (const { name, low, high } of findings!.identification.estimates) {
          intervals++;
          if (low <= truth[name] && truth[name] <= high) right++;
        }
        const off = (name: keyof Corrections) => Math.abs(value(findings!, name).value / truth[name] - 1);
        expect(off("capacitance")).toBeLessThan(0.06);
        expect(off("aperture")).toBeLessThan(0.06);
        expect(off("heaterPower")).toBeLessThan(0.06);
        const loss = heatLoss_w_k(correctedZone(building, { ...ones, internalGains_w: 0 }));
        expect(Math.abs(findings!.identification.heatLoss.value / loss - 1)).toBeLessThan(0.06);
        expect(findings!.validation.calibrated.rmse_k).toBeLessThan(1.5 * noise_k);
      },
    ),
    { numRuns: 8, seed: 42 },
  );
  expect(intervals).toBe(48);
  expect(right / intervals).toBeGreaterThan(0.88);
});

const ones = { capacitance: 1, envelope: 1, airExchange: 1, aperture: 1, heaterPower: 1 };

test("people who come and go widen the intervals, which still hold the truth, and the file gets better", () => {
  let presence_w = 0;
  const truth = home();
  const { history } = liveTwin({
    building: truth,
    gains_w: (hour, noise) => {
      presence_w = 0.96 * presence_w + 40 * noise;
      return presence_w + (hour >= 18 && hour < 22 ? 300 : 0);
    },
  });
  const { accepted, findings } = calibrate(misjudged(truth, wrong), seenThrough(history, wrong.aperture));
  expect(accepted).toBe(true);
  const { heatLoss } = findings!.identification;
  const loss = heatLoss_w_k(correctedZone(truth, { ...ones, internalGains_w: 0 }));
  expect(heatLoss.low).toBeLessThan(loss);
  expect(heatLoss.high).toBeGreaterThan(loss);
  expect(Math.abs(value(findings!, "capacitance").value * wrong.capacitance - 1)).toBeLessThan(0.15);
});

describe("refuses", () => {
  const truth = home();
  const file = misjudged(truth, wrong);
  const lived = liveTwin({ building: truth });
  const history = seenThrough(lived.history, wrong.aperture);
  const between = (from: number, to: number): History => ({
    ...history,
    theta_air_c: history.theta_air_c.subarray(from, to),
    valve: history.valve.subarray(from, to),
    theta_e_c: history.theta_e_c.subarray(from, to),
    phi_sol_w: history.phi_sol_w.subarray(from, to),
  });

  test("a history that is too short", () => {
    expect(refusal(calibrate(file, between(0, 480)))).toBe(
      "The history is too short: 5.0 days, at least 7 are needed.",
    );
  });

  test("a history that is mostly missing", () => {
    const theta_air_c = history.theta_air_c.map((theta, k) => (k % 3 === 0 ? theta : Number.NaN));
    expect(refusal(calibrate(file, { ...history, theta_air_c }))).toMatch(/^Too much is missing: only 33 %/);
  });

  test("a heating that never changed", () => {
    const valve = history.valve.map(() => 0);
    expect(refusal(calibrate(file, { ...history, valve }))).toMatch(/^The heating hardly changed/);
  });

  test("a temperature that never changed", () => {
    const normal = normals(2);
    const theta_air_c = history.theta_air_c.map(() => 20 + 0.1 * normal());
    expect(refusal(calibrate(file, { ...history, theta_air_c }))).toMatch(
      /^The air temperature hardly moved/,
    );
  });

  test("intervals that are too wide: ten days behind a sensor of 1 K", () => {
    const normal = normals(3);
    const theta_air_c = lived.theta_air_c.map((theta) => Math.round(theta + 3 * normal()));
    const wide = calibrate(file, { ...between(0, 960), theta_air_c: theta_air_c.subarray(0, 960) });
    expect(refusal(wide)).toMatch(
      /^The data cannot tell the heat (capacity|loss) well enough: its 95 % interval is ±\d+ %/,
    );
    expect(wide.findings?.identification.samples).toBeGreaterThan(500);
  });

  test("a file that is right already", () => {
    expect(refusal(calibrate(truth, lived.history))).toMatch(
      /^The building file stays: .* not at least 5 % better\.$/,
    );
  });

  test("a house that the model cannot be", () => {
    const normal = normals(4);
    let drift = 20;
    const theta_air_c = history.theta_air_c.map(() => {
      drift += 0.15 * normal();
      return drift;
    });
    expect(refusal(calibrate(file, { ...history, theta_air_c }))).toMatch(
      /^The (model does not fit|data cannot tell|building file stays)/,
    );
  });
});

describe("bad input names the field", () => {
  const file = home();
  const { history } = liveTwin({ days: 1 });
  test.each<[string, Partial<History>]>([
    ["history.dtSeconds must be within 0..7200, got 0", { dtSeconds: 0 }],
    ["history.valve must have 96 values, got 3", { valve: new Float64Array(3) }],
    ["history.valve[5] must be within 0..1, got 1.2", { valve: history.valve.with(5, 1.2) }],
    [
      "history.theta_e_c[2] must be finite or NaN, got Infinity",
      { theta_e_c: history.theta_e_c.with(2, Number.POSITIVE_INFINITY) },
    ],
  ])("%s", (message, fields) => {
    expect(() => calibrate(file, { ...history, ...fields })).toThrow(new RangeError(message));
  });
});
