/** A calibration as one HTML file that needs nothing else: no network, no script. */

import {
  type DayAhead,
  type Findings,
  type History,
  type Learning,
  parameterRows,
} from "@azru/identification";
import { sealedDocument } from "@azru/page";
import { homeMinute } from "@azru/runtime";
import { html } from "ghtml";
import { isAccepted, type Study, verdict } from "../summary.ts";
import { type Line, lineChart, type Tick, whiskerChart } from "./chart.ts";
import { style } from "./style.ts";

/** The report of a calibration: the verdict, the parameters, and how the held-out days were predicted. */
export function reportHtml(study: Study): string {
  const { source, building, history, learning, result } = study;
  const endMs = timeOf(history, history.theta_air_c.length);
  return sealedDocument({
    title: `Azru calibration, ${building.name}`,
    style,
    body: html`<header>
<p class="brand">Azru calibration</p>
<h1>${building.name}</h1>
<p class="verdict ${isAccepted(study) ? "" : "refused"}">${verdict(study)}</p>
<p>${homeMinute(history.startMs)} to ${homeMinute(endMs)}, Europe/Paris, steps of ${history.dtSeconds / 60} min. Measurements: ${source}.</p>
</header>
<main>
!${houseHtml(learning)}
!${result.findings ? findingsHtml(study, result.findings) : ""}
</main>`,
  });
}

function houseHtml({ learnt, validation, advice }: Learning): string {
  if (!learnt || !validation) return "";
  const { value, low, high } = learnt.heatLoss_w_k;
  const { learnt: house, file, yesterday } = validation;
  return html`<section aria-labelledby="house">
<h2 id="house">The house as learnt</h2>
<p>${learnt.form}. Heat loss ${value.toFixed(0)} W a kelvin between indoor and outdoor air, the ground included; 95 % interval ${low.toFixed(0)} to ${high.toFixed(0)}.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">A day ahead, on ${house.predictions} held-out days and hours</th><th scope="col">rms error, K</th></tr></thead>
<tbody><tr><td>The house as learnt</td><td>${house.rms_k.toFixed(2)}</td></tr><tr><td>The building file</td><td>${file.rms_k.toFixed(2)}</td></tr><tr><td>The mean of the day before</td><td>${yesterday.rms_k.toFixed(2)}</td></tr></tbody>
</table></div>
!${advice.length > 0 ? html`<ul>!${advice.map((text) => html`<li>${text}</li>`)}</ul>` : ""}
</section>`;
}

function findingsHtml({ building, history }: Study, findings: Findings): string {
  const rows = parameterRows(building, findings);
  const { validation, notes } = findings;
  return html`<section aria-labelledby="parameters">
<h2 id="parameters">The zone of ISO 13790</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Parameter</th><th scope="col">File</th><th scope="col">History</th><th scope="col">95 % interval</th><th scope="col">Unit</th></tr></thead>
<tbody>!${rows.map(({ label, unit, decimals, file, value, low, high }) => html`<tr><td>${label}</td><td>${file.toFixed(decimals)}</td><td>${value.toFixed(decimals)}</td><td>${low.toFixed(decimals)} to ${high.toFixed(decimals)}</td><td>${unit}</td></tr>`)}</tbody>
</table></div>
!${whiskerChart(
    "Estimates and their 95 % intervals, as shares of the file's values",
    rows
      .filter(({ file }) => file > 0 && Number.isFinite(file))
      .map(({ label, file, value, low, high }) => ({
        label,
        value: value / file,
        low: low / file,
        high: high / file,
      })),
  )}
!${notes.length > 0 ? html`<ul>!${notes.map((note) => html`<li>${note}</li>`)}</ul>` : ""}
</section>
<section aria-labelledby="held-out">
<h2 id="held-out">Held-out days</h2>
<p>From ${homeMinute(timeOf(history, validation.heldOutFrom))} on the identification saw nothing. ${validation.calibrated.predictions} times, every six hours, each model predicted the air temperature of the next day.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Model</th><th scope="col">RMSE, K</th></tr></thead>
<tbody><tr><td>The file as it was</td><td>${validation.file.rmse_k.toFixed(3)}</td></tr><tr><td>Calibrated</td><td>${validation.calibrated.rmse_k.toFixed(3)}</td></tr><tr><td>The mean of the day before</td><td>${validation.persistence.rmse_k.toFixed(3)}</td></tr></tbody>
</table></div>
!${validation.calibrated.predictions > 0 ? heldOutCharts(history, findings) : ""}
</section>`;
}

function heldOutCharts(history: History, { validation }: Findings): string {
  const { heldOutFrom, days, file, calibrated, persistence } = validation;
  const perHour = 3600 / history.dtSeconds;
  const leads = [...calibrated.byLead_k].map((_, lead) => (lead + 1) / perHour);
  const leadLine = (label: string, ink: string, y: Float64Array): Line => ({
    label,
    ink,
    x: leads,
    y: [...y],
  });
  const held = hourly(
    {
      x: [...history.theta_air_c.subarray(heldOutFrom).keys()],
      y: [...history.theta_air_c.subarray(heldOutFrom)],
    },
    perHour,
  );
  return html`!${lineChart({
    title: "Air temperature on held-out days, °C, hourly means; each day predicted from its beginning",
    lines: [
      { label: "measured", ink: "measured", ...held },
      dayLine("the file as it was", "file", days.file, heldOutFrom, perHour),
      dayLine("calibrated", "calibrated", days.calibrated, heldOutFrom, perHour),
    ],
    xTicks: dayTicks(history, heldOutFrom),
    summary: `Measured and predicted air temperatures of ${days.calibrated.length} held-out days`,
  })}
!${lineChart({
    title: "Error by how far ahead, RMSE in K over hours",
    lines: [
      leadLine("the mean of the day before", "naive", persistence.byLead_k),
      leadLine("the file as it was", "file", file.byLead_k),
      leadLine("calibrated", "calibrated", calibrated.byLead_k),
    ],
    xTicks: [1, 6, 12, 18, 24].map((hours) => ({ at: hours, label: `${hours} h` })),
    summary: `A day ahead: file ${file.byLead_k.at(-1)?.toFixed(2)} K, calibrated ${calibrated.byLead_k.at(-1)?.toFixed(2)} K, the mean of the day before ${persistence.byLead_k.at(-1)?.toFixed(2)} K`,
  })}`;
}

type Points = Pick<Line, "x" | "y">;

/** Predictions of one day after the other, with a gap between. */
function dayLine(label: string, ink: string, days: readonly DayAhead[], from: number, perHour: number): Line {
  const parts = days.map(({ origin, theta_air_c }) => {
    const x = Array.from(theta_air_c, (_, lead) => origin - from + lead);
    const { x: hours, y } = hourly({ x, y: [...theta_air_c] }, perHour);
    return { x: [...hours, hours.at(-1)!], y: [...y, Number.NaN] };
  });
  return { label, ink, x: parts.flatMap(({ x }) => x), y: parts.flatMap(({ y }) => y) };
}

/** Means of each hour, in its middle. */
function hourly({ x, y }: Points, perHour: number): Points {
  const size = Math.max(1, Math.round(perHour));
  const hours = Array.from({ length: Math.floor(y.length / size) }, (_, hour) => hour * size);
  return {
    x: hours.map((first) => x[first] + (size - 1) / 2),
    y: hours.map((first) => {
      const known = y.slice(first, first + size).filter((value) => !Number.isNaN(value));
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    }),
  };
}

/** The beginnings of held-out days, at most ten. */
function dayTicks(history: History, from: number): Tick[] {
  const perDay = Math.round(86_400 / history.dtSeconds);
  const days = Math.floor((history.theta_air_c.length - from) / perDay);
  const every = Math.ceil((days + 1) / 10);
  return Array.from({ length: Math.floor(days / every) + 1 }, (_, i) => {
    const at = i * every * perDay;
    return { at, label: homeMinute(timeOf(history, from + at)).slice(5, 10) };
  });
}

function timeOf({ startMs, dtSeconds }: History, step: number): number {
  return startMs + step * dtSeconds * 1000;
}
