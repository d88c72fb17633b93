/**
 * A winter in a home of several rooms with electric radiators on pilot wires: `pnpm bench:rooms`.
 *
 *     pnpm bench:rooms [--rooms five|three] [--mass light|medium|heavy] [--kva 9] [--weather FILE.epw] [--seed 1]
 *                      [--until 2026-04-01] [--only azru,rule] [--json FILE]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createCommand, number, optionsOrExit, wholeNumber } from "@azru/command-line";
import Table from "cli-table3";
import { InvalidArgumentError, Option } from "commander";
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
type ControllerName = keyof typeof controllers;

const command = createCommand(
  "bench:rooms",
  "Simulates a winter in a home of several rooms with electric radiators on pilot wires.",
)
  .addOption(new Option("--rooms <home>", "which home").choices(Object.keys(homes)).default("five"))
  .addOption(
    new Option("--mass <name>", "of walls and floors").choices(Object.keys(masses_j_m2k)).default("medium"),
  )
  .option("--kva <power>", "the contract's", number(1), 9)
  .option("--weather <file>", "an EPW file; the reference year of Lyon when absent")
  .option("--seed <number>", "of people's habits, sensors and forecasts", wholeNumber(0), 1)
  .option("--only <names>", `some of ${Object.keys(controllers).join(",")}`, named, named())
  .option("--until <day>", "the day after the last, YYYY-MM-DD", dayAfterLast, "2026-04-01")
  .option("--json <file>", "where the figures are kept");
const {
  rooms: roomsName,
  mass,
  kva,
  weather,
  seed,
  only,
  until,
  json,
} = optionsOrExit<{
  rooms: keyof typeof homes;
  mass: keyof typeof masses_j_m2k;
  kva: number;
  weather?: string;
  seed: number;
  only: readonly ControllerName[];
  until: string;
  json?: string;
}>(command);

/** The controllers of these names, commas between them; all of them without. */
function named(names = Object.keys(controllers).join(",")): readonly ControllerName[] {
  return names.split(",").map((name) => {
    if (!Object.hasOwn(controllers, name))
      throw new InvalidArgumentError(`There is ${Object.keys(controllers).join(", ")}.`);
    return name as ControllerName;
  });
}

function dayAfterLast(day: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && day > firstJudgedDay && day <= "2026-04-01") return day;
  throw new InvalidArgumentError(`It must be a day after ${firstJudgedDay}, 2026-04-01 at most.`);
}

const home = createHome(homes[roomsName], masses_j_m2k[mass]);
const dwelling = { home, subscribed_kva: kva };

const place = await benchWeather(weather);
const whole = await gatherSeason(place, "realistic", seed);
const steps = stepOfDay(until);
const season = { ...whole, steps };
console.error(
  `${roomsName} rooms, ${mass}, ${kva} kVA, ${place.name}, ${firstJudgedDay} to before ${until} after a November under thermostats, seed ${seed}`,
);
const known = json === undefined ? {} : figuresIn(json);
const figures = new Map<string, WinterFigures>();
for (const name of only) {
  const startedAt = performance.now();
  const forecastAt = homeForecasts(season, home.whole);
  const before = electronicThermostats(dwelling);
  const run = { ...dwelling, season, forecastAt, before, controller: controllers[name](dwelling) };
  figures.set(name, liveThrough({ ...run, seed }));
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
console.log(tableOf([...figures.values()]));
if (json !== undefined) {
  const all = {
    ...known,
    rooms: roomsName,
    mass,
    kva,
    weather: place.name,
    until,
    seed,
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
