/** Studies for the tests of the report: some days in the reference climate, simulated. */
import { prototypeHeatingPower_w, prototypeHome, prototypeWindows } from "@azru/physics";
import { dayMs, hourMs } from "@azru/runtime";
import { type Building, kpis, type RunPlan, simulate } from "@azru/simulation";
import { allotCalendar, stepPrices, tempoDayMeans, tempoTariff } from "@azru/tariff";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { comparisonsOf, type Mode, type Run, type Study } from "../study.ts";

export const mediumHouse: Building = {
  name: "medium",
  location: { name: "Lyon", latitude_deg: 45.76, longitude_deg: 4.84 },
  zone: prototypeHome,
  windows: prototypeWindows,
  internalGains_w: 100,
  heating: { emission: "floorHeating", supply: "electric", maxPower_w: prototypeHeatingPower_w },
  comfort: { min_c: 19, max_c: 28 },
  thermostat: { on_c: 19.5, off_c: 20.5 },
};

export interface TestStudyOptions {
  readonly start?: string; // ISO 8601
  readonly hours?: number;
  readonly dtSeconds?: number;
  readonly modes?: readonly Mode[];
  readonly buildings?: readonly Building[];
  /** Steps after which a mode was stopped by the user. */
  readonly stoppedAfter?: Partial<Record<Mode, number>>;
}

export async function testStudy(options: TestStudyOptions = {}): Promise<Study> {
  const { start = "2026-01-31T23:00:00Z", hours = 72, dtSeconds = 3600 } = options;
  const { modes = ["manual", "mpc"], buildings = [mediumHouse], stoppedAfter = {} } = options;
  const startMs = Date.parse(start);
  const endMs = startMs + hours * hourMs;
  const steps = Math.floor((hours * 3600) / dtSeconds);
  const horizonSteps = 86_400 / dtSeconds;
  const foreseen = steps + horizonSteps;

  const source = referenceYearSource();
  const series = await source.series(startMs - 2 * dayMs, endMs + 3 * dayMs);
  const weather = stepMeans(series, startMs, dtSeconds, foreseen);
  const hourly = stepMeans(series, startMs - dayMs, 3600, hours + 72);
  const calendar = allotCalendar(tempoDayMeans(hourly.startMs, 3600, hourly.dryBulbTemperature_c));
  const tariff = tempoTariff({ calendar });
  const price_eur_kwh = stepPrices(
    tariff.rates(startMs, startMs + foreseen * dtSeconds * 1000),
    startMs,
    dtSeconds,
    foreseen,
  );

  const runs = buildings.flatMap((building) =>
    modes.map((mode): Run => {
      const plan: RunPlan = {
        building,
        mode,
        steps,
        horizonSteps,
        solver: "exact",
        weather,
        price_eur_kwh,
        theta_start_c: 20,
      };
      let now_ms = 0;
      const life = simulate(plan, () => now_ms++);
      let { value: trajectory } = life.next();
      const last = stoppedAfter[mode] ?? steps;
      while (trajectory.length < last) trajectory = life.next().value;
      return {
        id: `test-${building.name}-${mode}`,
        mode,
        building,
        trajectory,
        kpis: kpis(trajectory, building.comfort),
      };
    }),
  );
  return {
    label: "",
    inputs: { version: "0.0.0", options: { horizon: 24 }, files: {} },
    startMs,
    endMs,
    weather: source.name,
    tariff: `Tempo, colours ${calendar.source}`,
    rates: tariff.rates(startMs, endMs),
    runs,
    comparisons: comparisonsOf(runs),
    baselines: [],
    complete: Object.keys(stoppedAfter).length === 0,
  };
}
