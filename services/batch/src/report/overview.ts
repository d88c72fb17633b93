/** Several studies on one page, with a link to the report of each. */
import { bundlePage, sealedDocument } from "@azru/page";
import { html } from "ghtml";
import type { Study } from "../study.ts";
import { languageLinks, type Words, words } from "./words.ts";

/** @param folders of the studies' reports, beside the page */
export function overviewHtml(studies: readonly Study[], folders: readonly string[]): string {
  const { script, style } = bundlePage(
    new URL("./page/overview.ts", import.meta.url),
    new URL("./page/overview.css", import.meta.url),
  );
  return sealedDocument({
    title: titleOf(studies, words.en),
    style,
    script,
    body: html`!${body(studies, folders, words.en)}
<template id="french" data-title="${titleOf(studies, words.fr)}">!${body(studies, folders, words.fr)}</template>`,
  });
}

function titleOf([{ startMs, endMs }]: readonly Study[], { texts, days }: Words): string {
  return `${texts.study}, ${days(startMs, endMs)}`;
}

function body(studies: readonly Study[], folders: readonly string[], words: Words): string {
  const { texts, modes, fixed, days } = words;
  const [{ startMs, endMs }] = studies;
  const { study, building, controller, below, saving } = texts.columns;
  const rows = studies.flatMap(({ label, runs, comparisons }, i) =>
    runs.map((run) => {
      const { kpis, mode } = run;
      const compared = comparisons.find((each) => each.building === run.building.name)?.result;
      const saved = mode === "mpc" && compared ? fixed(100 * compared.fairSaving, 1) : "";
      return html`<tr><td><a href="${folders[i]}/report.html">${label}</a></td><td>${run.building.name}</td><td>${modes[mode]}</td>
<td class="number">${fixed(kpis.cost_eur, 2)}</td><td class="number">${fixed(kpis.energy_kwh, 1)}</td>
<td class="number">${fixed(kpis.discomfortBelow_kh, 2)}</td><td class="number">${saved}</td></tr>`;
    }),
  );
  return html`!${languageLinks(words)}
<h1>${texts.studies(studies.length)}, ${days(startMs, endMs)}</h1>
<p>${texts.forPrograms}</p>
<table><thead><tr><th>${study}</th><th>${building}</th><th>${controller}</th><th class="number">EUR</th><th class="number">kWh</th>
<th class="number">${below}</th><th class="number">${saving}</th></tr></thead>
<tbody>!${rows.join("\n")}</tbody></table>`;
}
