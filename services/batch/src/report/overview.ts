/** Several studies on one page, with a link to the report of each. */
import { sealedDocument } from "@azru/page";
import { html } from "ghtml";
import type { Study } from "../study.ts";
import { days } from "./format.ts";
import { modeNames } from "./tables.ts";

const style = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: 0.3rem 0.6rem; text-align: left; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

/** @param folders of the studies' reports, beside the page */
export function overviewHtml(studies: readonly Study[], folders: readonly string[]): string {
  const [{ startMs, endMs }] = studies;
  const period = days(startMs, endMs);
  const rows = studies.flatMap((study, i) =>
    study.runs.map(({ building, mode, kpis }) => {
      const saving =
        mode === "mpc"
          ? study.comparisons.find((each) => each.building === building.name)?.result.fairSaving
          : undefined;
      return html`<tr><td><a href="${folders[i]}/report.html">${study.label}</a></td><td>${building.name}</td><td>${modeNames[mode]}</td>
<td class="number">${kpis.cost_eur.toFixed(2)}</td><td class="number">${kpis.energy_kwh.toFixed(1)}</td>
<td class="number">${kpis.discomfortBelow_kh.toFixed(2)}</td><td class="number">${saving === undefined ? "" : (100 * saving).toFixed(1)}</td></tr>`;
    }),
  );
  return sealedDocument({
    title: `Azru heating studies, ${period}`,
    style,
    body: html`<h1>${studies.length} studies, ${period}</h1>
<p>The same figures for programs: runs.csv, runs.parquet and steps.parquet beside this page.</p>
<table><thead><tr><th>study</th><th>building</th><th>controller</th><th class="number">EUR</th><th class="number">kWh</th>
<th class="number">K h below</th><th class="number">saving, %</th></tr></thead>
<tbody>!${rows.join("\n")}</tbody></table>`,
  });
}
