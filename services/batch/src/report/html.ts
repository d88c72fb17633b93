/** A study as one HTML file that needs nothing else: no network, no other file. */
import { bundlePage, sealedDocument } from "@azru/page";
import { html } from "ghtml";
import type { Run, Study } from "../study.ts";
import { type Case, casesOf } from "./case.ts";
import { dayCount, days, instant } from "./format.ts";
import { headline } from "./headline.ts";
import type { PageData } from "./page/data.ts";
import { pageData } from "./page-data.ts";
import { baselineTable, kpiTable, modeNames, overviewTable } from "./tables.ts";

/**
 * The report of a study: what was simulated, its figures and its charts.
 *
 * @throws RangeError when the runs of one building differ in start or step
 */
export function reportHtml(study: Study): string {
  const cases = casesOf(study);
  const data = pageData(study, cases);
  const period = days(study.startMs, study.endMs);
  const { script, style } = bundlePage(
    new URL("./page/page.ts", import.meta.url),
    new URL("./page/page.css", import.meta.url),
  );
  const isEmpty = cases.length === 0;
  return sealedDocument({
    title: `Azru heating study, ${period}`,
    style,
    ...(!isEmpty && { script }),
    body: html`<header>
<p class="brand">Azru heating study</p>
<h1>${period}</h1>
!${study.complete ? "" : stopped(study)}
!${headline(cases)}
</header>
<main>
<section class="conditions" aria-labelledby="simulated">
<h2 id="simulated">What was simulated</h2>
!${conditions(study, cases)}
</section>
!${isEmpty ? "<p>No step was lived through, so there is nothing to show.</p>" : figures(cases, data)}
</main>
!${isEmpty ? "" : html`<script type="application/json" id="report-data">!${inScript(data)}</script>`}`,
  });
}

/** JSON that cannot end its script element. */
function inScript(data: PageData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function stopped(study: Study): string {
  const lengths = study.runs.map(({ kpis }) => kpis.days);
  const asked = dayCount((study.endMs - study.startMs) / 86_400_000);
  const least = dayCount(Math.min(...lengths));
  const most = dayCount(Math.max(...lengths));
  const lived = lengths.length === 0 ? "none" : least === most ? least : `${least} to ${most}`;
  return html`<p class="notice" role="note"><strong>Stopped before the end.</strong> Of ${asked}, ${lived} were simulated; the figures hold for these, and modes are compared only where both lived through the same time.</p>`;
}

function conditions(study: Study, cases: readonly Case[]): string {
  const isAllotted = /\ballotted\b/i.test(study.tariff);
  const steps = [...new Set(study.runs.map(({ trajectory }) => trajectory.dtSeconds / 60))];
  return html`<dl>
<dt>Period</dt><dd>${instant(study.startMs)} to ${instant(study.endMs)}, Europe/Paris${steps.map((minutes) => `; steps of ${minutes} min`)}</dd>
<dt>Weather</dt><dd>${study.weather}</dd>
<dt>Tariff</dt><dd>${study.tariff}!${isAllotted ? '<p class="notice" role="note"><strong>Not a real Tempo calendar.</strong> The colours were allotted from the weather by Tempo’s rules; savings with the colours of a real winter differ.</p>' : ""}</dd>
<dt>${cases.length === 1 ? "Building" : "Buildings"}</dt><dd>!${cases.map(({ runs }) => buildingText(runs[0]))}</dd>
</dl>`;
}

function buildingText({ building, min_c }: Run): string {
  const { zone, heating, comfort, thermostat } = building;
  const floors_c = [...new Set(min_c)].sort((a, b) => a - b);
  const facts = [
    `${zone.floorArea_m2} m², ${zone.thermalCapacitance_j_m2k / 1000} kJ/(m² K)`,
    `${words(heating.emission)}, ${supplies[heating.supply]}, up to ${heating.maxPower_w / 1000} kW of heat`,
    min_c
      ? `comfort by schedule from ${floors_c.join(" or ")}, up to ${comfort.max_c} °C`
      : `comfort from ${comfort.min_c} to ${comfort.max_c} °C`,
    `thermostat on below ${thermostat.on_c}, off above ${thermostat.off_c} °C${min_c ? ` at ${comfort.min_c}, and moved by the schedule` : ""}`,
  ];
  return html`<p><strong>${building.name}</strong><br>!${facts.map((fact) => html`${fact.replace(/(\d) /g, "$1\u00a0")}<br>`)}</p>`;
}

const supplies: Readonly<Record<Run["building"]["heating"]["supply"], string>> = {
  electric: "direct electric",
  heatPumpAir: "air heat pump",
  heatPumpWater: "water heat pump",
};

function words(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function figures(cases: readonly Case[], data: PageData): string {
  const hasComparison = cases.some(({ comparison }) => comparison);
  return html`<section class="results" aria-labelledby="results">
<h2 id="results">Results</h2>
!${cases.length > 1 ? overviewTable(cases) : ""}
!${cases.length > 1 ? buildingSelector(cases) : ""}
!${cases.map((one, i) => html`<div data-building="${i}">!${kpiTable(one)}!${baselineTable(one)}</div>`)}
!${
    hasComparison
      ? '<p class="remark">Heat its walls lack: what the thermostat’s walls hold more than the MPC’s at the end, at what a kWh of heat cost the thermostat; negative where the MPC’s hold more. It counts in the saving. K h: kelvins below (above) the comfort band times hours.</p>'
      : '<p class="remark">K h: kelvins below (above) the comfort band times hours.</p>'
  }
</section>
<section class="course" aria-labelledby="course">
<h2 id="course">Over time</h2>
<div class="toolbar">
<p id="readout"></p>
<div role="group" aria-label="Stretch of time shown">
<button type="button" id="earlier" aria-label="Earlier">‹</button>
<button type="button" id="day">Day</button>
<button type="button" id="week">Week</button>
<button type="button" id="whole">All</button>
<button type="button" id="later" aria-label="Later">›</button>
</div>
</div>
!${tariffLegend(data)}
<div id="charts" role="group" aria-label="Charts; the left and right arrow keys move the cursor" tabindex="0"></div>
<noscript><p class="notice">The charts need JavaScript.</p></noscript>
</section>`;
}

function buildingSelector(cases: readonly Case[]): string {
  return html`<p class="selector"><label for="building">Building</label> <select id="building">!${cases.map(
    ({ name, runs }, i) =>
      html`<option value="${i}">${name}!${runs.length === 1 ? html`, ${modeNames[runs[0].mode]}` : ""}</option>`,
  )}</select></p>`;
}

function tariffLegend({ spans }: PageData): string {
  const colours = (["blue", "white", "red", "unknown"] as const).filter((colour) =>
    spans.some((span) => span.colour === colour),
  );
  const items = [
    ...colours.map(
      (colour) =>
        html`<li><span class="swatch ${colour}"></span>${colour === "unknown" ? "colour unknown" : `${colour} day`}</li>`,
    ),
    ...(spans.some((span) => span.isPeak)
      ? ['<li><span class="swatch peak"></span>darker: peak hours</li>']
      : []),
  ];
  return items.length === 0
    ? ""
    : html`<ul class="legend" aria-label="Background of the charts">!${items}</ul>`;
}
