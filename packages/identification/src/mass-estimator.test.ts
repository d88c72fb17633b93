import {
  affineStep,
  airTemperature_c,
  createZone,
  emissionSystems,
  nextMassTemperature_c,
  prototypeHome,
} from "@azru/physics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Corrections, noCorrections } from "./house.ts";
import { forcesOn, houseModel } from "./house-model.ts";
import { createMassEstimator } from "./mass-estimator.ts";
import { home, type Lived, liveTwin, normals } from "./testing/twin.ts";

interface Errors {
  readonly rms_k: number;
  readonly max_k: number;
}

interface Beginning {
  readonly theta_m_c?: number;
  readonly corrections?: Partial<Corrections>; // of the twin's own building: a wrong model
  readonly measured?: Float64Array;
}

const building = home();

/** Follows a twin; errors of the mass temperature from the second day on, and the estimator as it ends. */
function follow(
  { history, theta_m_c }: Lived,
  { theta_m_c: start_c = 19, corrections, measured }: Beginning = {},
) {
  const house = houseModel(building, { ...noCorrections(building), ...corrections }, history.dtSeconds);
  const forcesAt = forcesOn(house, history);
  const estimator = createMassEstimator({ theta_m_c: start_c });
  const errors = theta_m_c.map((truth_c, k) => {
    estimator.advance(house.step, forcesAt(k), (measured ?? history.theta_air_c)[k]);
    return estimator.estimate.theta_m_c - truth_c;
  });
  return { estimator, errors, late: sizeOf(errors.subarray(96)) };
}

function sizeOf(errors: Float64Array): Errors {
  const squares = errors.reduce((sum, error) => sum + error ** 2, 0);
  return { rms_k: Math.sqrt(squares / errors.length), max_k: Math.max(...errors.map(Math.abs)) };
}

describe("the mass temperature of a twin of 28 days", () => {
  test.each([
    [0.1, 0.03, 0.1],
    [0.2, 0.06, 0.2],
    [0.3, 0.09, 0.3],
  ])("a sensor with %f K of noise: rms within %f K, never beyond %f K", (noise_k, rms_k, max_k) => {
    const { late, estimator } = follow(liveTwin({ noise_k }));
    expect(late.rms_k).toBeLessThan(rms_k);
    expect(late.max_k).toBeLessThan(max_k);
    expect(estimator.outliers).toBeLessThan(5);
  });

  test("a sensor that drifts by 0.5 K: the estimate errs by no more than the sensor, and a tenth", () => {
    const lived = liveTwin();
    const steps = lived.theta_m_c.length;
    const { late } = follow(lived, {
      measured: lived.history.theta_air_c.map((theta, k) => theta + (0.5 * k) / steps),
    });
    expect(late.max_k).toBeLessThan(0.6);
  });

  test.each([-5, 5])("a start that is off by %i K is forgotten within an hour", (off_k) => {
    const { errors } = follow(liveTwin(), { theta_m_c: 19 + off_k });
    expect(sizeOf(errors.subarray(4)).max_k).toBeLessThan(0.3);
    expect(sizeOf(errors.subarray(24)).max_k).toBeLessThan(0.15);
  });

  test.each([
    [1.3, 1],
    [0.7, 1],
    [1, 1.3],
    [1, 0.7],
    [1.3, 1.3],
    [0.7, 0.7],
    [1.3, 0.7],
    [0.7, 1.3],
  ])(
    "a model with %f times the capacitance, %f times the losses: rms 0.35 K, never 1 K",
    (capacitance, losses) => {
      const corrections = { capacitance, envelope: losses, airExchange: losses };
      const { late } = follow(liveTwin(), { corrections });
      expect(late.rms_k).toBeLessThan(0.35);
      expect(late.max_k).toBeLessThan(1);
    },
  );

  test("gains that nobody foresaw are found: 400 W for a week", () => {
    const lived = liveTwin({ gains_w: () => 400, days: 7 });
    const { estimator, late } = follow(lived);
    expect(Math.abs(estimator.estimate.phi_u_w - 400)).toBeLessThan(60);
    expect(late.max_k).toBeLessThan(0.15);
    const ahead = estimator.gainsAhead_w(new Float64Array(96).fill(150), 900);
    expect(ahead[0]).toBe(150 + estimator.estimate.phi_u_w);
    expect(ahead[95] - 150).toBeCloseTo(estimator.estimate.phi_u_w * Math.exp(-95 / 4 / 72), 6);
  });

  test("outliers of up to 10 K, one of 50 measurements, change nothing", () => {
    const lived = liveTwin();
    const normal = normals(9);
    const wild = lived.history.theta_air_c.map((theta, k) =>
      k % 50 === 7 ? theta + 10 * Math.sign(normal()) : theta,
    );
    const { late, estimator } = follow(lived, { measured: wild });
    expect(late.max_k).toBeLessThan(0.1);
    expect(estimator.outliers).toBe(Math.ceil((lived.theta_m_c.length - 7) / 50));
  });

  test("without measurements for two days it goes on by the model, and says that it is less sure", () => {
    const lived = liveTwin({ days: 6 });
    const gap = lived.history.theta_air_c.map((theta, k) => (k >= 3 * 96 && k < 5 * 96 ? Number.NaN : theta));
    const house = houseModel(building, noCorrections(building), 900);
    const forcesAt = forcesOn(house, lived.history);
    const estimator = createMassEstimator({ theta_m_c: 19 });
    const sd_k = [...gap].map((theta, k) => {
      estimator.advance(house.step, forcesAt(k), theta);
      const error = estimator.estimate.theta_m_c - lived.theta_m_c[k];
      if (k >= 96) expect(Math.abs(error)).toBeLessThan(3 * estimator.estimate.theta_m_sd_k);
      return estimator.estimate.theta_m_sd_k;
    });
    expect(sd_k[5 * 96 - 1]).toBeGreaterThan(5 * sd_k[3 * 96 - 1]);
    expect(sd_k.at(-1)).toBeLessThan(1.3 * sd_k[3 * 96 - 1]);
  });

  test("a window that stands open for three hours: what the mass loses is seen, and forgotten with the draught", () => {
    const { history } = liveTwin({ days: 6 });
    const house = houseModel(building, noCorrections(building), 900);
    const draughty = houseModel(building, { ...noCorrections(building), airExchange: 5 }, 900);
    const forcesAt = forcesOn(house, history);
    const estimator = createMassEstimator({ theta_m_c: 19 });
    let truth_c = 19;
    const errors = history.theta_e_c.map((_, k) => {
      const { step } = k >= 400 && k < 412 ? draughty : house;
      const forces = forcesAt(k);
      const inputs = [forces.phi_HC_w, forces.theta_e_c, forces.phi_sol_w, forces.phi_int_w] as const;
      const air_c = airTemperature_c(step, truth_c, ...inputs);
      truth_c = nextMassTemperature_c(step, truth_c, ...inputs);
      estimator.advance(house.step, forces, air_c);
      return estimator.estimate.theta_m_c - truth_c;
    });
    expect(sizeOf(errors.subarray(400)).max_k).toBeLessThan(1.5);
    expect(sizeOf(errors.subarray(424)).max_k).toBeLessThan(0.3);
  });

  test("steps of any length up to an hour give the same picture", () => {
    const fine = liveTwin({ days: 6, dtSeconds: 300 });
    const house = houseModel(building, noCorrections(building), 300);
    const zone = createZone(prototypeHome);
    const forcesAt = forcesOn(house, fine.history);
    const estimator = createMassEstimator({ theta_m_c: 19 });
    const lengths = [1, 3, 12, 2, 7, 4];
    for (let k = 0, i = 0; k + 12 < fine.theta_m_c.length; i++) {
      const length = lengths[i % lengths.length];
      const sum = { phi_HC_w: 0, theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0 };
      let air = 0;
      for (let j = k; j < k + length; j++) {
        const forces = forcesAt(j);
        for (const name of ["phi_HC_w", "theta_e_c", "phi_sol_w", "phi_int_w"] as const)
          sum[name] += forces[name] / length;
        air += fine.history.theta_air_c[j] / length;
      }
      estimator.advance(affineStep(zone, emissionSystems.floorHeating, 300 * length), sum, air);
      k += length;
      if (k > 288) expect(Math.abs(estimator.estimate.theta_m_c - fine.theta_m_c[k - 1])).toBeLessThan(0.1);
    }
  });
});

test("stays finite and its variances positive, whatever is measured", () => {
  const step = affineStep(createZone(prototypeHome), emissionSystems.newRadiators, 900);
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.option(fc.double({ min: -60, max: 90, noNaN: true }), { nil: undefined }),
          fc.double({ min: 0, max: 9000, noNaN: true }),
          fc.double({ min: -30, max: 40, noNaN: true }),
        ),
        { minLength: 1, maxLength: 300 },
      ),
      (steps) => {
        const estimator = createMassEstimator({ theta_m_c: 20 });
        for (const [air, phi_HC_w, theta_e_c] of steps) {
          estimator.advance(step, { phi_HC_w, theta_e_c, phi_sol_w: 0, phi_int_w: 0 }, air);
          const { theta_m_c, theta_m_sd_k, phi_u_w, phi_u_sd_w } = estimator.estimate;
          expect(Number.isFinite(theta_m_c + phi_u_w)).toBe(true);
          expect(theta_m_sd_k).toBeGreaterThan(0);
          expect(phi_u_sd_w).toBeGreaterThan(0);
        }
      },
    ),
  );
});

describe("bad input", () => {
  const step = affineStep(createZone(prototypeHome), emissionSystems.floorHeating, 900);
  const forces = { phi_HC_w: 0, theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0 };

  test("names the force", () => {
    const estimator = createMassEstimator({ theta_m_c: 20 });
    expect(() => estimator.advance(step, { ...forces, theta_e_c: Number.NaN })).toThrow(
      new RangeError("theta_e_c must be finite, got NaN"),
    );
    expect(() => estimator.advance(step, forces, Number.NEGATIVE_INFINITY)).toThrow(
      new RangeError("theta_air_c must be finite or absent, got -Infinity"),
    );
  });

  test("names the option", () => {
    expect(() => createMassEstimator({ theta_m_c: Number.NaN })).toThrow("theta_m_c must be finite, got NaN");
    expect(() => createMassEstimator({ theta_m_c: 20, theta_m_sd_k: -1 })).toThrow(
      "theta_m_sd_k must be >= 0, got -1",
    );
    const noise = { sensor_k: 0, mass_k_sqrth: 0.1, gains_w: 100, gainsLast_h: 72 };
    expect(() => createMassEstimator({ theta_m_c: 20, noise })).toThrow("sensor_k must be > 0, got 0");
  });
});
