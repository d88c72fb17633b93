/** A study as tables for spreadsheets and scripts: comma-separated, UTF-8, one header row, units in the names. */
import type { Comparison, Kpis } from "@azru/simulation";
import type { Rate } from "@azru/tariff";
import { type Options, stringify } from "csv-stringify/sync";
import { Temporal } from "temporal-polyfill";
import { floor_c, type Run, type Study } from "../study.ts";
import { casesOf } from "./case.ts";

// A text that a spreadsheet would take for a formula gets an apostrophe; numbers stay as they are.
const options: Options = {
  header: true,
  cast: { string: (value) => ({ value, escape_formulas: true }) },
};

/**
 * A run as CSV, one row a step. Times are of the step's beginning, powers and the air temperature means over
 * it, `mass_temperature_c` and `cumulative_cost_eur` hold at its end.
 *
 * @param rates the tariff's rates; colour and period of a step are those at its beginning, empty outside
 */
export function trajectoryCsv(run: Run, rates: readonly Rate[]): string {
  return stringify(trajectoryRows(run, rates), options);
}

/** The same as rows. */
export function trajectoryRows(run: Run, rates: readonly Rate[]) {
  const t = run.trajectory;
  const rows = [];
  let cumulative_eur = 0;
  let r = 0;
  for (let k = 0; k < t.length; k++) {
    const timeMs = t.startMs + k * t.dtSeconds * 1000;
    while (r < rates.length && rates[r].endMs <= timeMs) r++;
    const rate = r < rates.length && rates[r].startMs <= timeMs ? rates[r] : undefined;
    cumulative_eur += t.cost_eur[k];
    rows.push({
      time_utc: utc(timeMs),
      time_paris: paris(timeMs),
      tempo_colour: rate?.colour ?? "",
      period: rate?.period ?? "",
      price_eur_kwh: round(t.price_eur_kwh[k], 6),
      outdoor_temperature_c: round(t.theta_e_c[k], 3),
      solar_gains_w: round(t.phi_sol_w[k], 1),
      valve_percent: round(100 * t.valve[k], 2),
      heating_thermal_w: round(t.phi_HC_w[k], 1),
      heating_electric_w: round(t.power_w[k], 1),
      air_temperature_c: round(t.theta_air_c[k], 3),
      mass_temperature_c: round(t.theta_m_c[k], 3),
      comfort_min_c: floor_c(run, k),
      cost_eur: round(t.cost_eur[k], 6),
      cumulative_cost_eur: round(cumulative_eur, 6),
      optimisation_ms: round(t.optimisation_ms[k], 3),
    });
  }
  return rows;
}

/** The key performance indicators of a study as CSV, one row a run; in the MPC's row its saving against the thermostat, in a baseline's row the MPC's against that. */
export function summaryCsv(study: Study): string {
  return stringify(summaryRows(study), options);
}

/** The same as rows. */
export function summaryRows(study: Study) {
  const cases = casesOf(study);
  return study.runs.flatMap((run) => {
    const { id, mode, building, trajectory } = run;
    const saving = mode === "mpc" ? cases.find(({ runs }) => runs.includes(run))?.comparison : undefined;
    const endMs = trajectory.startMs + trajectory.length * trajectory.dtSeconds * 1000;
    const stretch = {
      start_utc: utc(trajectory.startMs),
      end_utc: utc(endMs),
      complete: study.complete || endMs >= study.endMs ? "yes" : "no",
    };
    const own = {
      run: id,
      building: building.name,
      mode,
      ...stretch,
      ...kpiCells(run.kpis),
      ...savingCells(saving),
    };
    if (mode !== "mpc") return [own];
    const others = study.baselines.filter((one) => one.building === building.name);
    return [
      own,
      ...others.map(({ baseline, kpis, result }) => ({
        ...{
          run: "",
          building: building.name,
          mode: baseline,
          ...stretch,
          ...kpiCells(kpis),
          ...savingCells(result),
        },
      })),
    ];
  });
}

function kpiCells(kpis: Kpis) {
  return {
    days: round(kpis.days, 4),
    cost_eur: round(kpis.cost_eur, 4),
    energy_kwh: round(kpis.energy_kwh, 3),
    heat_kwh: round(kpis.heat_kwh, 3),
    discomfort_below_kh: round(kpis.discomfortBelow_kh, 4),
    discomfort_above_kh: round(kpis.discomfortAbove_kh, 4),
    air_below_kh: kpis.deviations ? round(kpis.deviations.air.below_kh, 4) : "",
    operative_below_kh: kpis.deviations ? round(kpis.deviations.operative.below_kh, 4) : "",
    peak_kw: round(kpis.peak_kw, 3),
    starts: kpis.starts,
    mean_temperature_c: round(kpis.meanTemperature_c, 3),
    min_temperature_c: round(kpis.minTemperature_c, 3),
    max_temperature_c: round(kpis.maxTemperature_c, 3),
    mass_temperature_end_c: round(kpis.theta_m_end_c, 3),
    optimisations: kpis.optimisation.count,
    optimisation_mean_ms: round(kpis.optimisation.mean_ms, 3),
    optimisation_p95_ms: round(kpis.optimisation.p95_ms, 3),
    optimisation_max_ms: round(kpis.optimisation.max_ms, 3),
  };
}

function savingCells(saving: Comparison | undefined) {
  return {
    saving_eur: saving ? round(saving.saving_eur, 4) : "",
    heat_left_eur: saving ? round(saving.heatLeft_eur, 4) : "",
    fair_saving_eur: saving ? round(saving.fairSaving_eur, 4) : "",
    fair_saving_percent: saving ? round(100 * saving.fairSaving, 3) : "",
    shifted_eur: saving ? round(saving.shifted_eur, 4) : "",
    less_heat_eur: saving ? round(saving.lessHeat_eur, 4) : "",
  };
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function utc(timeMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toString();
}

function paris(timeMs: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO("Europe/Paris");
  return local.toString({ timeZoneName: "never" });
}
