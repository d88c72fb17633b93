import type { Baseline, Kpis } from "@azru/simulation";
import { expect, test } from "vitest";
import { type BaselineRun, baselineResults } from "./baselines.ts";
import { parseCommand } from "./command.ts";
import { casesOf } from "./report/case.ts";
import { summaryCsv } from "./report/csv.ts";
import { baselineTable } from "./report/tables.ts";
import { words } from "./report/words.ts";
import { summaryText } from "./summary.ts";
import { testStudy } from "./testing/test-study.ts";

const asked = (...words: string[]) =>
  parseCommand(["--start", "2026-02-01", "--end", "2026-02-03", ...words])?.study?.baselines;

test("--compare runs an electronic thermostat and the best rule by default", () => {
  expect(asked("--compare")).toEqual({ hasPi: true, hasBestRule: true, rules: [] });
  expect(asked("--compare", "--baseline", "thermostat")).toEqual({
    hasPi: false,
    hasBestRule: false,
    rules: [],
  });
  expect(asked("--compare", "--baseline", "pi", "rule:20/23.5/19")).toEqual({
    ...{ hasPi: true, hasBestRule: false },
    rules: [{ kind: "rule", usual_c: 20, before_c: 23.5, red_c: 19 }],
  });
  expect(asked()).toEqual({ hasPi: false, hasBestRule: false, rules: [] });
});

test("a baseline that is none is refused by its name", () => {
  for (const name of ["mpc", "rule:19", "rule:19/x/19", "rule:19/22/19/20", "rule:19/99/19", "pi:20"])
    expect(() => asked("--compare", "--baseline", name)).toThrow(`--baseline ${name} is unknown; possible: `);
  expect(() => asked("--baseline", "pi")).toThrow("--baseline needs --compare");
});

test("the best rule is the cheapest that is hardly colder than the electronic thermostat", async () => {
  const { runs } = await testStudy({ hours: 48 });
  const mpc = runs.find(({ mode }) => mode === "mpc")!;
  const run = (baseline: Baseline, cost_eur: number, discomfortBelow_kh: number): BaselineRun => ({
    ...{ building: mpc.building, baseline, steps: mpc.trajectory.length },
    kpis: { ...mpc.kpis, cost_eur, discomfortBelow_kh } satisfies Kpis,
  });
  const rule = (before_c: number, red_c: number): Baseline => ({
    kind: "rule",
    usual_c: 19.5,
    before_c,
    red_c,
  });
  const baselines = [
    run({ kind: "pi", setpoint_c: 19.5 }, 12, 0.3),
    run(rule(22, 19), 6, 2),
    run(rule(24, 19.2), 8, 0.3),
    run(rule(25, 19.5), 9, 0),
    run(rule(21, 19), 7, 1),
    run(rule(24, 19.5), 8.5, 0.3), // of the family and named: it runs twice
    run(rule(24, 19.5), 8.5, 0.3),
  ];
  const results = baselineResults(runs, baselines, {
    ...{ hasPi: true, hasBestRule: true },
    rules: [rule(21, 19), rule(24, 19.5)],
  });
  expect(results.map(({ baseline, isBestRule }) => [baseline, isBestRule])).toEqual([
    ["pi 19.5", false],
    ["rule:19.5/21/19", false],
    ["rule:19.5/24/19.5", false],
    ["rule:19.5/24/19.2", true],
  ]);
  expect(results[3].result.saving_eur).toBeCloseTo(8 - mpc.kpis.cost_eur, 12);
  const short = baselines.map((one) => ({ ...one, steps: one.steps - 1 }));
  expect(baselineResults(runs, short, { hasPi: true, hasBestRule: true, rules: [] })).toEqual([]);
});

test("summary and report say what is saved against each, and by what", async () => {
  const study = await testStudy({ hours: 48 });
  const [mpc] = study.runs.filter(({ mode }) => mode === "mpc");
  const baseline: BaselineRun = {
    ...{ building: mpc.building, baseline: { kind: "rule", usual_c: 19.5, before_c: 24, red_c: 19.2 } },
    ...{ steps: mpc.trajectory.length, kpis: { ...mpc.kpis, cost_eur: 2 * mpc.kpis.cost_eur } },
  };
  const request = { hasPi: false, hasBestRule: true, rules: [] };
  const compared = { ...study, baselines: baselineResults(study.runs, [baseline], request) };
  const saved_eur = mpc.kpis.cost_eur.toFixed(2);
  expect(summaryText(compared)).toContain(
    `medium: ${saved_eur} EUR (50.0 %) against the best Tempo rule (rule:19.5/24/19.2): ${saved_eur} shifted to cheaper hours, 0.00 by heating less`,
  );
  const table = baselineTable(casesOf(compared)[0], words.en);
  expect(table.match(/<tr><th scope="row">([^<]+)/g)).toEqual([
    '<tr><th scope="row">Thermostat',
    '<tr><th scope="row">Best Tempo rule: 19.5 °C, 24 in the night before a red day, 19.2 in red peak hours',
  ]);
  expect(table).toContain('<td class="total">50.0</td>');
  expect(baselineTable(casesOf(study)[0], words.en)).toBe("");
  const rows = summaryCsv(compared).trim().split("\n");
  expect(rows).toHaveLength(4);
  expect(rows[3]).toMatch(/^,medium,rule:19\.5\/24\/19\.2,/);
});
