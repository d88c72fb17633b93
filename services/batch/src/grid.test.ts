import { expect, test } from "vitest";
import { cellsOf } from "./grid.ts";

test("a command line without lists is one study, as it is", () => {
  const argv = [
    "--start",
    "2026-01-11",
    "--weather",
    "open-meteo:45.76,4.84",
    "--building",
    "a.json",
    "b.json",
    "--compare",
  ];
  expect(cellsOf(argv)).toEqual([{ argv, label: "" }]);
  expect(cellsOf(["--horizon=24", "--compare"])).toEqual([
    { argv: ["--horizon", "24", "--compare"], label: "" },
  ]);
});

test("lists with commas, and several specs one after the other, make each combination", () => {
  const cells = cellsOf([
    "--horizon",
    "24,48",
    "--compare",
    "--tariff",
    "tempo",
    "hphc:0.3/0.2:22:00-06:00,12:00-14:00",
  ]);
  expect(cells.map(({ label }) => label)).toEqual([
    "horizon 24, tariff tempo",
    "horizon 24, tariff hphc:0.3/0.2:22:00-06:00,12:00-14:00",
    "horizon 48, tariff tempo",
    "horizon 48, tariff hphc:0.3/0.2:22:00-06:00,12:00-14:00",
  ]);
  expect(cells[2].argv).toEqual(["--horizon", "48", "--compare", "--tariff", "tempo"]);
});

test("an option without a value is left to the reader of options", () => {
  expect(cellsOf(["--horizon"])).toEqual([{ argv: ["--horizon"], label: "" }]);
  expect(cellsOf(["--tariff", "--compare"])).toEqual([{ argv: ["--tariff", "--compare"], label: "" }]);
});
