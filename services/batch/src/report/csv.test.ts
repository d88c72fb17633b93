import type { Trajectory } from "@azru/simulation";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { beforeAll, describe, expect, test } from "vitest";
import type { Run, Study } from "../study.ts";
import { mediumHouse, testStudy } from "../testing/test-study.ts";
import { summaryCsv, trajectoryCsv } from "./csv.ts";

type Row = Readonly<Record<string, string>>;

function rowsOf(csv: string): Row[] {
  return parse<Row>(csv, { columns: true });
}

let study: Study;
beforeAll(async () => {
  study = await testStudy({ start: "2026-03-27T23:00:00Z", hours: 71 }); // the clock changes on the 29th
});

describe("the CSV of a run", () => {
  test("has one row a step, at its instant in UTC and in Paris, across the change of the clock", () => {
    const { trajectory } = study.runs[0];
    const rows = rowsOf(trajectoryCsv(study.runs[0], study.rates));
    expect(rows).toHaveLength(trajectory.length);
    for (const [k, row] of rows.entries()) {
      const timeMs = trajectory.startMs + k * trajectory.dtSeconds * 1000;
      expect(Temporal.Instant.from(row.time_utc).epochMilliseconds).toBe(timeMs);
      expect(Temporal.Instant.from(row.time_paris).epochMilliseconds).toBe(timeMs);
    }
    expect(rows[0]).toMatchObject({
      time_utc: "2026-03-27T23:00:00Z",
      time_paris: "2026-03-28T00:00:00+01:00",
    });
    expect(rows.at(-1)).toMatchObject({ time_paris: "2026-03-30T23:00:00+02:00" });
  });

  test("names the colour and period that each step began in, and what it cost at their price", () => {
    const [{ trajectory }] = study.runs;
    const rows = rowsOf(trajectoryCsv(study.runs[0], study.rates));
    expect(new Set(rows.map(({ period }) => period))).toEqual(new Set(["peak", "offPeak"]));
    for (const [k, row] of rows.entries()) {
      const timeMs = trajectory.startMs + k * trajectory.dtSeconds * 1000;
      const rate = study.rates.find(({ startMs, endMs }) => startMs <= timeMs && timeMs < endMs);
      expect(row).toMatchObject({ tempo_colour: rate?.colour, period: rate?.period });
      expect(Number(row.price_eur_kwh)).toBeCloseTo(rate?.price_eur_kwh ?? Number.NaN, 6);
      const hours = trajectory.dtSeconds / 3600;
      const cost_eur = (Number(row.heating_electric_w) / 1000) * hours * Number(row.price_eur_kwh);
      expect(Number(row.cost_eur)).toBeCloseTo(cost_eur, 4);
    }
  });

  test("leaves colour and period empty where no rate holds", () => {
    const later = study.rates.filter(({ startMs }) => startMs > study.startMs);
    const [first] = rowsOf(trajectoryCsv(study.runs[0], later));
    expect(first).toMatchObject({ tempo_colour: "", period: "" });
  });

  test("gives back any trajectory to within its decimals, negative numbers included", () => {
    const value = fc.double({ min: -1000, max: 1000, noNaN: true });
    const step = fc.record({ valve: fc.double({ min: 0, max: 1, noNaN: true }), value });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const run = { ...study.runs[0], trajectory: trajectoryOf(steps) };
        const rows = rowsOf(trajectoryCsv(run, study.rates));
        expect(rows).toHaveLength(steps.length);
        let paid_eur = 0;
        for (const [k, row] of rows.entries()) {
          const near = (column: string, expected: number, decimals: number) =>
            expect(Math.abs(Number(row[column]) - expected)).toBeLessThanOrEqual(0.5001 * 10 ** -decimals);
          near("valve_percent", 100 * steps[k].valve, 2);
          near("heating_thermal_w", steps[k].value, 1);
          near("outdoor_temperature_c", steps[k].value, 3);
          near("air_temperature_c", steps[k].value, 3);
          near("cost_eur", steps[k].value, 6);
          paid_eur += steps[k].value;
          near("cumulative_cost_eur", paid_eur, 6);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("the summary as CSV", () => {
  test("holds the indicators of every run, and the saving in the MPC's row", () => {
    const rows = rowsOf(summaryCsv(study));
    expect(rows.map(({ run }) => run)).toEqual(study.runs.map(({ id }) => id));
    for (const [i, row] of rows.entries()) {
      const { kpis } = study.runs[i];
      expect(Number(row.cost_eur)).toBeCloseTo(kpis.cost_eur, 4);
      expect(Number(row.energy_kwh)).toBeCloseTo(kpis.energy_kwh, 3);
      expect(Number(row.discomfort_below_kh)).toBeCloseTo(kpis.discomfortBelow_kh, 4);
      expect(Number(row.mass_temperature_end_c)).toBeCloseTo(kpis.theta_m_end_c, 3);
      expect(row.complete).toBe("yes");
    }
    const [{ result }] = study.comparisons;
    const [manual, mpc] = rows;
    expect(manual).toMatchObject({ mode: "manual", fair_saving_eur: "", fair_saving_percent: "" });
    expect(Number(mpc.fair_saving_eur)).toBeCloseTo(result.fairSaving_eur, 4);
    expect(Number(mpc.fair_saving_percent)).toBeCloseTo(100 * result.fairSaving, 3);
    expect(Number(mpc.saving_eur) - Number(mpc.heat_left_eur)).toBeCloseTo(result.fairSaving_eur, 3);
  });

  test("says which runs were stopped, and compares none of them", async () => {
    const rows = rowsOf(summaryCsv(await testStudy({ hours: 24, stoppedAfter: { mpc: 7 } })));
    expect(rows.map(({ mode, complete }) => [mode, complete])).toEqual([
      ["manual", "yes"],
      ["mpc", "no"],
    ]);
    expect(rows[1]).toMatchObject({ end_utc: "2026-02-01T06:00:00Z", fair_saving_eur: "" });
  });

  test("keeps any building's name, and none becomes a formula", () => {
    const names = ["plain", 'quo"te, comma\nand line', "=HYPERLINK(1)", "-1+1", "@x"];
    const runs = names.map((name) => ({ ...study.runs[0], building: { ...mediumHouse, name } }));
    const rows = rowsOf(summaryCsv({ ...study, runs, comparisons: [] }));
    expect(rows.map(({ building }) => building)).toEqual([
      ...names.slice(0, 2),
      "'=HYPERLINK(1)",
      "'-1+1",
      "'@x",
    ]);
  });
});

function trajectoryOf(steps: readonly { valve: number; value: number }[]): Trajectory {
  const values = Float64Array.from(steps, ({ value }) => value);
  const { trajectory }: Run = study.runs[0];
  return {
    startMs: trajectory.startMs,
    dtSeconds: trajectory.dtSeconds,
    length: steps.length,
    valve: Float64Array.from(steps, ({ valve }) => valve),
    phi_HC_w: values,
    power_w: values,
    theta_air_c: values,
    theta_op_c: values,
    theta_m_c: values,
    theta_e_c: values,
    phi_sol_w: values,
    price_eur_kwh: values,
    cost_eur: values,
    optimisation_ms: values,
  };
}
