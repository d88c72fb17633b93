import type { TariffSpan } from "@azru/page/browser/spans.ts";
import type { Rate } from "@azru/tariff";
import { Temporal } from "temporal-polyfill";
import { floor_c, type Run, type Study } from "../study.ts";
import type { Case } from "./case.ts";
import type { PageBuilding, PageData, PageFloor, PageRun } from "./page/data.ts";

/**
 * What the charts need of a study, in few bytes.
 *
 * @throws RangeError when the runs of one building differ in start or step
 */
export function pageData(study: Study, cases: readonly Case[]): PageData {
  const buildings = cases.map(pageBuilding);
  const endMs = Math.max(
    study.startMs,
    ...buildings.map((b) => (b.start_s + b.dt_s * b.theta_e_c.length) * 1000),
  );
  return {
    spans: spans(study.rates, endMs),
    midnights_s: midnights(study.startMs, endMs),
    buildings,
  };
}

function pageBuilding({ name, runs }: Case): PageBuilding {
  const longest = runs.reduce((a, b) => (b.trajectory.length > a.trajectory.length ? b : a)).trajectory;
  for (const { id, trajectory } of runs) {
    for (const field of ["startMs", "dtSeconds"] as const) {
      if (trajectory[field] !== longest[field]) {
        throw new RangeError(
          `run ${id}: ${field} ${trajectory[field]} differs from ${longest[field]} of ${name}`,
        );
      }
    }
  }
  return {
    name,
    max_c: Math.max(...(runs[0].max_c ?? [runs[0].building.comfort.max_c])),
    floors: floors(runs[0], longest),
    start_s: longest.startMs / 1000,
    dt_s: longest.dtSeconds,
    fullPower_kw: fullPower_kw(runs),
    theta_e_c: rounded(longest.theta_e_c, longest.length, 2),
    price_eur_kwh: rounded(longest.price_eur_kwh, longest.length, 5),
    runs: runs.map(pageRun),
  };
}

function pageRun({ mode, trajectory: t }: Run): PageRun {
  let paid_eur = 0;
  return {
    mode,
    theta_air_c: rounded(t.theta_air_c, t.length, 2),
    valve_percent: rounded(t.valve, t.length, 1, 100),
    power_kw: rounded(t.power_w, t.length, 3, 1e-3),
    cumulative_eur: rounded(
      t.cost_eur.map((cost_eur) => (paid_eur += cost_eur)),
      t.length,
      3,
    ),
  };
}

function floors(run: Run, { startMs, dtSeconds, length }: Run["trajectory"]): PageFloor[] {
  const merged: { start_s: number; end_s: number; min_c: number }[] = [];
  for (let k = 0; k < length; k++) {
    const start_s = startMs / 1000 + k * dtSeconds;
    const end_s = start_s + dtSeconds;
    const min_c = floor_c(run, k);
    const last = merged.at(-1);
    if (last?.min_c === min_c) last.end_s = end_s;
    else merged.push({ start_s, end_s, min_c });
  }
  return merged;
}

function rounded(column: Float64Array, length: number, decimals: number, factor = 1): number[] {
  const unit = 10 ** decimals;
  return Array.from(column.subarray(0, length), (value) => Math.round(value * factor * unit) / unit);
}

function fullPower_kw(runs: readonly Run[]): number | null {
  let min_w = Number.POSITIVE_INFINITY;
  let max_w = 0;
  for (const { trajectory: t } of runs) {
    for (let k = 0; k < t.length; k++) {
      if (t.valve[k] < 1e-6) continue;
      const full_w = t.power_w[k] / t.valve[k];
      min_w = Math.min(min_w, full_w);
      max_w = Math.max(max_w, full_w);
    }
  }
  return max_w > 0 && max_w - min_w <= 1e-6 * max_w ? max_w / 1000 : null;
}

function spans(rates: readonly Rate[], endMs: number): TariffSpan[] {
  const merged: { start_s: number; end_s: number; colour: TariffSpan["colour"]; isPeak: boolean }[] = [];
  for (const rate of rates) {
    if (rate.startMs >= endMs) break;
    const start_s = rate.startMs / 1000;
    const end_s = Math.min(rate.endMs, endMs) / 1000;
    const colour = rate.colour ?? null;
    const isPeak = rate.period === "peak";
    const last = merged.at(-1);
    if (last && last.end_s === start_s && last.colour === colour && last.isPeak === isPeak)
      last.end_s = end_s;
    else merged.push({ start_s, end_s, colour, isPeak });
  }
  return merged;
}

function midnights(startMs: number, endMs: number): number[] {
  let day = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO("Europe/Paris").startOfDay();
  const seconds = [];
  for (; day.epochMilliseconds <= endMs; day = day.add({ days: 1 }).startOfDay()) {
    seconds.push(day.epochMilliseconds / 1000);
  }
  return [...seconds, day.epochMilliseconds / 1000];
}
