/**
 * A winter in a home of five rooms with electric radiators on pilot wires and 9 kVA: `pnpm bench:rooms`.
 *
 *     pnpm bench:rooms [--weather FILE.epw] [--seed 1] [--until 2026-04-01] [--only azru,rule] [--json FILE]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import {
  benchWeather,
  firstJudgedDay,
  gatherSeason,
  homeForecasts,
  stepOfDay,
} from "../../energyplus/src/season.ts";
import {
  azru,
  electronicThermostats,
  independentThermostats,
  type RoomsController,
  ruleInEachRoom,
} from "./controllers.ts";
import { rooms, wholeHome } from "./five-rooms.ts";
import { liveThrough, type WinterFigures } from "./winter.ts";

const controllers: Readonly<Record<string, () => RoomsController>> = {
  thermostats: independentThermostats,
  electronic: electronicThermostats,
  rule: ruleInEachRoom,
  alike: () => azru("alike"),
  azru: () => azru("fair"),
};

const { weather, seed, only, until, json } = parseArgs({
  options: {
    weather: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: Object.keys(controllers).join(",") },
    until: { type: "string", default: "2026-04-01" },
    json: { type: "string" },
  },
}).values;
const chosen = only.split(",");
for (const name of chosen) {
  if (!Object.hasOwn(controllers, name))
    throw new RangeError(`--only ${name}: there is ${Object.keys(controllers).join(", ")}`);
}
if (!Number.isInteger(Number(seed))) throw new RangeError(`--seed must be a whole number, got ${seed}`);

const place = await benchWeather(weather);
const whole = await gatherSeason(place, "realistic", Number(seed));
const steps = stepOfDay(until);
if (!(steps > stepOfDay(firstJudgedDay) && steps <= whole.steps))
  throw new RangeError(`--until must be a day after ${firstJudgedDay}, 2026-04-01 at most, got ${until}`);
const season = { ...whole, steps };
console.error(
  `${place.name}, ${firstJudgedDay} to before ${until} after a November under thermostats, seed ${seed}`,
);
const known = json === undefined ? {} : figuresIn(json);
const figures = new Map<string, WinterFigures>();
for (const name of chosen) {
  const startedAt = performance.now();
  const forecastAt = homeForecasts(season, wholeHome);
  const run = { season, forecastAt, before: electronicThermostats(), controller: controllers[name]() };
  figures.set(name, liveThrough({ ...run, seed: Number(seed) }));
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
console.log(tableOf([...figures.values()]));
if (json !== undefined) {
  const all = { ...known, weather: place.name, until, seed: Number(seed), runs: Object.fromEntries(figures) };
  writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
}

function figuresIn(file: string): object {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as object;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Costs are made comparable: what the house holds less of at the end is added at 0.9 of the last day's cheapest price. */
function tableOf(all: readonly WinterFigures[]): string {
  const [first] = all;
  const head = [
    "",
    "EUR",
    "saved",
    "kWh",
    ...rooms.map(({ name }) => `${name} K h`),
    "warmest",
    "peak kW",
    "min above 9 kVA",
  ];
  const table = new Table({ head });
  const costs = all.map(
    (one) => one.cost_eur + (first.stored_kwh - one.stored_kwh) * 0.9 * one.cheapest_eur_kwh,
  );
  for (const [i, one] of all.entries()) {
    table.push([
      one.name,
      costs[i].toFixed(0),
      `${(100 * (1 - costs[i] / costs[0])).toFixed(1)} %`,
      one.energy_kwh.toFixed(0),
      ...one.below_kh.map((kh, room) => `${kh.toFixed(1)} (${one.lowest_k[room].toFixed(1)})`),
      one.warmest_c.toFixed(1),
      one.peak_kw.toFixed(2),
      String(one.overload_min),
    ]);
  }
  return table.toString();
}
