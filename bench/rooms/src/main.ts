/**
 * A winter in a home of several rooms with electric radiators on pilot wires: `pnpm bench:rooms`.
 *
 *     pnpm bench:rooms [--rooms five|three] [--mass light|medium|heavy] [--kva 9] [--weather FILE.epw] [--seed 1]
 *                      [--until 2026-04-01] [--only azru,rule] [--json FILE]
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
import { createHome, masses_j_m2k } from "./bench-home.ts";
import {
  azru,
  type Dwelling,
  electronicThermostats,
  independentThermostats,
  keptByTheMinute,
  type RoomsController,
  ruleInEachRoom,
} from "./controllers.ts";
import { fiveRooms } from "./five-rooms.ts";
import { threeRooms } from "./three-rooms.ts";
import { liveThrough, type WinterFigures } from "./winter.ts";

const homes = { five: fiveRooms, three: threeRooms };
const controllers = {
  thermostats: independentThermostats,
  electronic: electronicThermostats,
  "electronic-kept": (dwelling) => {
    const kept = keptByTheMinute(electronicThermostats(dwelling), dwelling);
    return { ...kept, name: "electronic thermostats, kept by the minute" };
  },
  rule: ruleInEachRoom,
  "rule-kept": (dwelling) => {
    const kept = keptByTheMinute(ruleInEachRoom(dwelling), dwelling);
    return { ...kept, name: "Tempo rule in each room, kept by the minute" };
  },
  alike: (dwelling) => azru(dwelling, "alike"),
  azru: (dwelling) => azru(dwelling, "fair"),
} satisfies Readonly<Record<string, (dwelling: Dwelling) => RoomsController>>;

const {
  rooms: roomsName,
  mass,
  kva,
  weather,
  seed,
  only,
  until,
  json,
} = parseArgs({
  options: {
    rooms: { type: "string", default: "five" },
    mass: { type: "string", default: "medium" },
    kva: { type: "string", default: "9" },
    weather: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: Object.keys(controllers).join(",") },
    until: { type: "string", default: "2026-04-01" },
    json: { type: "string" },
  },
}).values;

/** The one of that name. */
function named<T>(option: string, of: Readonly<Record<string, T>>, name: string): T {
  if (!Object.hasOwn(of, name))
    throw new RangeError(`--${option} ${name}: there is ${Object.keys(of).join(", ")}`);
  return of[name];
}

const chosen = only.split(",").map((name) => [name, named("only", controllers, name)] as const);
const home = createHome(named("rooms", homes, roomsName), named("mass", masses_j_m2k, mass));
const subscribed_kva = Number(kva);
if (!(subscribed_kva > 0)) throw new RangeError(`--kva must be a power > 0, got ${kva}`);
if (!Number.isInteger(Number(seed))) throw new RangeError(`--seed must be a whole number, got ${seed}`);
const dwelling = { home, subscribed_kva };

const place = await benchWeather(weather);
const whole = await gatherSeason(place, "realistic", Number(seed));
const steps = stepOfDay(until);
if (!(steps > stepOfDay(firstJudgedDay) && steps <= whole.steps))
  throw new RangeError(`--until must be a day after ${firstJudgedDay}, 2026-04-01 at most, got ${until}`);
const season = { ...whole, steps };
console.error(
  `${roomsName} rooms, ${mass}, ${kva} kVA, ${place.name}, ${firstJudgedDay} to before ${until} after a November under thermostats, seed ${seed}`,
);
const known = json === undefined ? {} : figuresIn(json);
const figures = new Map<string, WinterFigures>();
for (const [name, create] of chosen) {
  const startedAt = performance.now();
  const forecastAt = homeForecasts(season, home.whole);
  const before = electronicThermostats(dwelling);
  const run = { ...dwelling, season, forecastAt, before, controller: create(dwelling) };
  figures.set(name, liveThrough({ ...run, seed: Number(seed) }));
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
console.log(tableOf([...figures.values()]));
if (json !== undefined) {
  const all = {
    ...known,
    rooms: roomsName,
    mass,
    kva: subscribed_kva,
    weather: place.name,
    until,
    seed: Number(seed),
    runs: Object.fromEntries(figures),
  };
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
    ...home.rooms.map(({ name }) => `${name} K h`),
    "warmest",
    "peak kW",
    `min above ${kva} kVA`,
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
