/** A study as one HTML file that needs nothing else: no network, no other file. */
import { bundlePage, sealedDocument } from "@azru/page";
import { dayMs } from "@azru/runtime";
import { html } from "ghtml";
import type { Run, Study } from "../study.ts";
import { type Case, casesOf } from "./case.ts";
import { headline } from "./headline.ts";
import type { PageData } from "./page/data.ts";
import { pageData } from "./page-data.ts";
import { baselineTable, kpiTable, overviewTable } from "./tables.ts";
import { languageLinks, type Words, words } from "./words.ts";

/**
 * The report of a study: what was simulated, its figures and its charts, in English and French; the reader's browser
 * chooses.
 *
 * @throws RangeError when the runs of one building differ in start or step
 */
export function reportHtml(study: Study): string {
  const cases = casesOf(study);
  const data = pageData(study, cases);
  const { script, style } = bundlePage(
    new URL("./page/page.ts", import.meta.url),
    new URL("./page/page.css", import.meta.url),
  );
  const isEmpty = cases.length === 0;
  // Without charts only the language is chosen.
  const plain = () =>
    bundlePage(
      new URL("./page/overview.ts", import.meta.url),
      new URL("./page/overview.css", import.meta.url),
    ).script;
  return sealedDocument({
    title: titleOf(study, words.en),
    style,
    script: isEmpty ? plain() : script,
    body: html`!${body(study, cases, data, words.en)}
<template id="french" data-title="${titleOf(study, words.fr)}">!${body(study, cases, data, words.fr)}</template>
!${isEmpty ? "" : html`<script type="application/json" id="report-data">!${inScript(data)}</script>`}`,
  });
}

function titleOf({ startMs, endMs }: Study, { texts, days }: Words): string {
  return `${texts.study}, ${days(startMs, endMs)}`;
}

function body(study: Study, cases: readonly Case[], data: PageData, words: Words): string {
  const { texts, days } = words;
  return html`<header>
!${languageLinks(words)}
<p class="brand">${texts.study}</p>
<h1>${days(study.startMs, study.endMs)}</h1>
!${study.complete ? "" : stopped(study, words)}
!${headline(cases, words)}
</header>
<main>
<section class="conditions" aria-labelledby="simulated">
<h2 id="simulated">${texts.simulated}</h2>
!${conditions(study, cases, words)}
</section>
!${cases.length === 0 ? html`<p>${texts.nothing}</p>` : figures(cases, data, words)}
</main>`;
}

/** JSON that cannot end its script element. */
function inScript(data: PageData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function stopped(study: Study, { texts, dayCount }: Words): string {
  const lengths = study.runs.map(({ kpis }) => kpis.days);
  const asked = dayCount((study.endMs - study.startMs) / dayMs);
  const least = dayCount(Math.min(...lengths));
  const most = dayCount(Math.max(...lengths));
  const simulated = lengths.length === 0 ? undefined : least === most ? least : texts.range(least, most);
  return html`<p class="notice" role="note"><strong>${texts.stopped}</strong> ${texts.stoppedAt(asked, simulated)}</p>`;
}

function conditions(study: Study, cases: readonly Case[], words: Words): string {
  const { texts, instant } = words;
  const isAllotted = /\ballotted\b/i.test(study.tariff);
  const steps = [...new Set(study.runs.map(({ trajectory }) => trajectory.dtSeconds / 60))];
  const notReal = html`<p class="notice" role="note"><strong>${texts.notReal}</strong> ${texts.notRealWhy}</p>`;
  return html`<dl>
<dt>${texts.period}</dt><dd>${instant(study.startMs)} ${texts.to} ${instant(study.endMs)}, Europe/Paris${steps.map((minutes) => texts.steps(minutes))}</dd>
<dt>${texts.weather}</dt><dd>!${source(study.weather, words)}</dd>
<dt>${texts.tariff}</dt><dd>!${source(study.tariff, words)}!${isAllotted ? notReal : ""}</dd>
<dt>${texts.buildings(cases.length)}</dt><dd>!${cases.map(({ runs }) => buildingText(runs[0], words))}</dd>
</dl>`;
}

/** A description of weather or tariff, as it is where the language has no words for it. */
function source(text: string, { texts }: Words): string {
  const own = texts.source(text);
  return own === undefined ? html`<span lang="en">${text}</span>` : html`${own}`;
}

function buildingText({ building, min_c, max_c }: Run, { texts, plain }: Words): string {
  const { zone, heating, comfort, thermostat } = building;
  const levels = (of: Iterable<number> | undefined) => [...new Set(of)].sort((a, b) => a - b).map(plain);
  const moved = min_c ? texts.moved(plain(comfort.min_c)) : "";
  const facts = [
    `${plain(zone.floorArea_m2)} m², ${plain(zone.thermalCapacitance_j_m2k / 1000)} kJ/(m² K)`,
    `${texts.emission(heating.emission)}, ${texts.supply[heating.supply]}, ${texts.upTo(plain(heating.maxPower_w / 1000))}`,
    min_c
      ? texts.bySchedule(levels(min_c), levels(max_c ?? [comfort.max_c]))
      : texts.comfort(plain(comfort.min_c), plain(comfort.max_c)),
    texts.thermostat(plain(thermostat.on_c), plain(thermostat.off_c)) + moved,
  ];
  return html`<p><strong>${building.name}</strong><br>!${facts.map((fact) => html`${fact.replace(/(\d) /g, "$1\u00a0")}<br>`)}</p>`;
}

function figures(cases: readonly Case[], data: PageData, words: Words): string {
  const { texts } = words;
  const hasComparison = cases.some(({ comparison }) => comparison);
  return html`<section class="results" aria-labelledby="results">
<h2 id="results">${texts.results}</h2>
!${cases.length > 1 ? overviewTable(cases, words) : ""}
!${cases.length > 1 ? buildingSelector(cases, words) : ""}
!${cases.map((one, i) => html`<div data-building="${i}">!${kpiTable(one, words)}!${baselineTable(one, words)}</div>`)}
<p class="remark">${hasComparison ? texts.remarkPair : texts.remark}</p>
</section>
<section class="course" aria-labelledby="course">
<h2 id="course">${texts.overTime}</h2>
<div class="toolbar">
<p id="readout"></p>
<div role="group" aria-label="${texts.stretch}">
<button type="button" id="earlier" aria-label="${texts.earlier}">‹</button>
<button type="button" id="day">${texts.day}</button>
<button type="button" id="week">${texts.week}</button>
<button type="button" id="whole">${texts.all}</button>
<button type="button" id="later" aria-label="${texts.later}">›</button>
</div>
</div>
!${tariffLegend(data, words)}
<div id="charts" role="group" aria-label="${texts.chartsHelp}" tabindex="0"></div>
<noscript><p class="notice">${texts.needScript}</p></noscript>
</section>`;
}

function buildingSelector(cases: readonly Case[], { texts, modes }: Words): string {
  return html`<p class="selector"><label for="building">${texts.buildings(1)}</label> <select id="building">!${cases.map(
    ({ name, runs }, i) =>
      html`<option value="${i}">${name}!${runs.length === 1 ? html`, ${modes[runs[0].mode]}` : ""}</option>`,
  )}</select></p>`;
}

function tariffLegend({ spans }: PageData, { texts, dayNames }: Words): string {
  const colours = (["blue", "white", "red", "unknown"] as const).filter((colour) =>
    spans.some((span) => span.colour === colour),
  );
  const items = [
    ...colours.map((colour) => html`<li><span class="swatch ${colour}"></span>${dayNames[colour]}</li>`),
    ...(spans.some((span) => span.isPeak)
      ? [html`<li><span class="swatch peak"></span>${texts.peakHours}</li>`]
      : []),
  ];
  return items.length === 0 ? "" : html`<ul class="legend" aria-label="${texts.background}">!${items}</ul>`;
}
