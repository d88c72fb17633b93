import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ComparedFigure } from "./compared-command.ts";
import { comparedPage } from "./compared-page.ts";

function figure(controller: string, cost_eur: number): ComparedFigure {
  return {
    ...{ weather: "w", house: "h", building: "h", controller, history: "november", forecast: "realistic" },
    ...{
      seed: 1,
      noise_k: 0.1,
      lastDay: "2026-03-31",
      days: 121,
      cost_eur,
      energy_kwh: 1000,
      airBelow_kh: 1,
    },
    ...{ opBelow_kh: 0, airAbove24_kh: 0, airAbove28_kh: 0, coldest_c: 19, redPeak_kwh: 0, whitePeak_kwh: 0 },
    ...{ p50_ms: 1, p95_ms: 2, memory_mb: 100, unplanned: 0 },
  };
}

const figures = [
  figure("azru", 120),
  figure("thermostat", 200),
  figure("rule:19.5/22/19", 150),
  figure("rule:19.5/24/19", 140),
];

test("the table has the thermostat first, one rule, and what each saves", () => {
  const page = comparedPage("# P\n\n<!-- compared -->\nold\n<!-- /compared -->\nrest\n", figures);
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.includes("EUR"));
  expect(rows.map((row) => row.split("|")[1].trim())).toEqual([
    "thermostat, on/off 19.5/20.5",
    "best of 2 rules, 19.5/24/19",
    "**Azru**, 48 h ahead",
  ]);
  expect(rows[2]).toContain("| 120.0 | 40.0 % |");
  expect(page).not.toContain("old");
  expect(page.endsWith("<!-- /compared -->\nrest\n")).toBe(true);
});

test("a house has a table of its own for each stretch of days", () => {
  const december = figures.map((one) => ({ ...one, lastDay: "2025-12-31", days: 31 }));
  const page = comparedPage("<!-- compared -->\n<!-- /compared -->", [...figures, ...december]);
  expect(page.match(/### h: \d+ days/g)).toEqual(["### h: 121 days", "### h: 31 days"]);
  expect(page.match(/best of 2 rules/g)).toHaveLength(2);
});

test("a page without the markers is refused", () => {
  expect(() => comparedPage("# P\n", figures)).toThrow("<!-- compared -->");
});

test("docs/compared.md has its markers once", () => {
  const page = readFileSync(new URL("../../../docs/compared.md", import.meta.url), "utf8");
  expect(comparedPage(page, figures)).toContain("best of 2 rules");
});
