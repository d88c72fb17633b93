/**
 * A year replayed on one core: 35,040 decisions 24 h ahead in steps of 15 min, in the zone of ISO 13790 with the recursion.
 * `pnpm bench:year [--json FILE]`; aims at less than 20 s.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCommand, optionsOrExit } from "@azru/command-line";
import { readBuilding } from "@azru/contracts/building-file";
import { kpis, simulate } from "@azru/simulation";
import { parseCommand } from "../src/command.ts";
import { gatherWorld } from "../src/world.ts";

const { json } = optionsOrExit<{ json?: string }>(
  createCommand(
    "bench:year",
    "Replays a year of 35,040 decisions on one core, in the zone with the recursion.",
  ).option("--json <file>", "where to keep the figures"),
);
const horizon_h = 24;
const target_s = 20;

const asked = ["--start", "2025-09-01", "--end", "2026-09-01", "--horizon", String(horizon_h)];
const request = parseCommand(asked)?.study;
if (!request) throw new RangeError(`no study in ${asked.join(" ")}`);
const { steps, weather, price_eur_kwh, priceOutlook } = await gatherWorld(request, "data/cache", Date.now());
const building = await readBuilding(join(import.meta.dirname, "../../../examples/buildings/medium.json"));

const start_ms = performance.now();
const spent = process.cpuUsage();
const year = simulate(
  {
    ...{ building, mode: "mpc", steps, horizonSteps: request.horizonSteps, solver: "exact", twin: "5r1c" },
    ...{ weather, price_eur_kwh, theta_start_c: 20, ...(priceOutlook && { priceOutlook }) },
  },
  () => performance.now(),
);
let next = year.next();
while (!next.done) next = year.next();
const seconds = (performance.now() - start_ms) / 1000;
const { user, system } = process.cpuUsage(spent);
const processor_s = (user + system) / 1e6;
const { count, mean_ms } = kpis(next.value, building.comfort).optimisation;

console.log(
  `A year of ${count} decisions over ${request.horizonSteps} steps: ${seconds.toFixed(1)} s, ${processor_s.toFixed(1)} s of processor time (${mean_ms.toFixed(3)} ms a decision); the aim is ${target_s} s on one core: ${processor_s < target_s ? "met" : "missed"}`,
);
if (json !== undefined) {
  const { horizonSteps } = request;
  const figures = { decisions: count, horizonSteps, seconds, processor_s, decision_ms: mean_ms };
  writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
}
