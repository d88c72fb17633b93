/**
 * How often a sound home is doubted, and how soon a wrong thermometer or heater is found: twins over winters.
 *
 *     pnpm bench:doubt [--days 120] [--only sound|faults] [--every 1] [--scenario "a stove"]
 */
import { readFileSync } from "node:fs";
import { createCommand, optionsOrExit, wholeNumber } from "@azru/command-line";
import { parseBuilding } from "@azru/contracts";
import { nextState, outputOf, type StepDisturbances } from "@azru/house";
import { createHouseWatch, type Finding, type HouseWatch } from "@azru/identification";
import { type Building, disturbances, unprovedHouse } from "@azru/simulation";
import { referenceYearSource, stepMeans } from "@azru/weather";
import { Option } from "commander";
import { randomLcg, randomNormal } from "d3-random";
import { houseModel } from "../src/home/house-model.ts";
import { type WatchedModel, watchedModel } from "../src/home/watched-model.ts";
import { createWindows } from "../src/home/windows.ts";

const faultFromDay = 30;
const {
  days,
  only,
  every,
  scenario: beginning,
} = optionsOrExit<{ days: number; only?: "sound" | "faults"; every: number; scenario: string }>(
  createCommand(
    "bench:doubt",
    "Counts how often a sound home is doubted, and how soon a wrong thermometer or heater is found, on our own twins.",
  )
    .option(
      "--days <count>",
      `of each winter; faults begin on day ${faultFromDay}`,
      wholeNumber(faultFromDay + 1, 365),
      120,
    )
    .addOption(new Option("--only <homes>", "sound homes or faults alone").choices(["sound", "faults"]))
    .option("--every <n>", "every nth home alone", wholeNumber(1), 1)
    .option("--scenario <name>", "the scenarios whose names begin so", ""),
);
const dtSeconds = 900;
const perDay = 96;
const startMs = Date.UTC(2025, 10, 1);
const names = ["light", "medium", "heavy", "very-heavy"] as const;
const kinds = ["5R1C", "states"] as const;
type Kind = (typeof kinds)[number];

/** The ways to heat: what is asked for at an hour of the day, degrees C. */
const ways: Readonly<Record<string, (hour: number) => number>> = {
  "one temperature": () => 19.5,
  "colder at night": (hour) => (hour >= 22 || hour < 6 ? 17 : 19.5),
  "warm before peak hours": (hour) => (hour >= 3 && hour < 6 ? 22 : 19),
};

interface Scenario {
  readonly name: string;
  /** The house as it is in truth. */
  readonly truth?: (building: Building) => Building;
  readonly heaterFactor?: number;
  readonly sunFactor?: number;
  readonly windows?: number; // times a day that one is opened, for up to two hours
  /** Whether an open window is noticed by how the air falls, as the core does: what is measured meanwhile says nothing. */
  readonly noticesWindows?: boolean;
  readonly gains_w?: (hour: number, day: number) => number;
  readonly setpoint?: (day: number, asked_c: number) => number;
  readonly sensor?: (air_c: number, day: number) => number;
  readonly heater?: (ordered_w: number, day: number, maxPower_w: number) => number;
}

const losses =
  (factor: number) =>
  (building: Building): Building => {
    const { zone } = building;
    return {
      ...building,
      zone: {
        ...zone,
        uWalls_w_m2k: zone.uWalls_w_m2k * factor,
        uWindows_w_m2k: zone.uWindows_w_m2k * factor,
        ventilation_ach: zone.ventilation_ach * factor,
        infiltration_ach: zone.infiltration_ach * factor,
      },
    };
  };
const capacity =
  (factor: number) =>
  (building: Building): Building => ({
    ...building,
    zone: { ...building.zone, thermalCapacitance_j_m2k: building.zone.thermalCapacitance_j_m2k * factor },
  });

const sound: readonly Scenario[] = [
  { name: "as the model has it" },
  { name: "losses +30 %", truth: losses(1.3) },
  { name: "losses -23 %", truth: losses(1 / 1.3) },
  { name: "capacity +30 %", truth: capacity(1.3) },
  { name: "capacity -23 %", truth: capacity(1 / 1.3) },
  { name: "heater +30 %", heaterFactor: 1.3 },
  { name: "heater -23 %", heaterFactor: 1 / 1.3 },
  { name: "sun +30 %", sunFactor: 1.3 },
  { name: "sun -23 %", sunFactor: 1 / 1.3 },
  { name: "windows at random", windows: 1 },
  { name: "windows at random, losses +30 %", windows: 1, truth: losses(1.3) },
  { name: "windows noticed by the fall of the air", windows: 1, noticesWindows: true },
  {
    name: "windows noticed by the fall of the air, losses +30 %",
    windows: 1,
    noticesWindows: true,
    truth: losses(1.3),
  },
  { name: "12 days of holiday", setpoint: (day, asked_c) => (day >= 50 && day < 62 ? 14 : asked_c) },
  { name: "shutters", sunFactor: 0.3 },
  { name: "a stove every evening", gains_w: (hour) => (hour >= 18 && hour < 22 ? 2500 : 0) },
  {
    name: "a stove from January on",
    gains_w: (hour, day) => (day > 61 && hour >= 17 && hour < 22 ? 2500 : 0),
  },
  { name: "thermometer moved, 3 K warmer", sensor: (air_c, day) => (day > 40 ? air_c + 3 : air_c) },
  { name: "thermometer moved, 3 K colder", sensor: (air_c, day) => (day > 40 ? air_c - 3 : air_c) },
];

/** A thermometer drifts so far, K: beyond, rooms are implausible. */
const drift_k = (k_d: number, day: number) => Math.min(12, k_d * Math.max(0, day - faultFromDay));
const faults: readonly Scenario[] = [
  { name: "says 5", sensor: (air_c, day) => (day >= faultFromDay ? 5 : air_c) },
  { name: "says 30", sensor: (air_c, day) => (day >= faultFromDay ? 30 : air_c) },
  { name: "5 K too low at once", sensor: (air_c, day) => (day >= faultFromDay ? air_c - 5 : air_c) },
  { name: "drifts down by 2.4 K a day", sensor: (air_c, day) => air_c - drift_k(2.4, day) },
  { name: "drifts down by 0.5 K a day", sensor: (air_c, day) => air_c - drift_k(0.5, day) },
  { name: "drifts up by 2.4 K a day", sensor: (air_c, day) => air_c + drift_k(2.4, day) },
  { name: "drifts up by 0.5 K a day", sensor: (air_c, day) => air_c + drift_k(0.5, day) },
  { name: "heater gives nothing", heater: (heat_w, day) => (day >= faultFromDay ? 0 : heat_w) },
  { name: "heater gives half", heater: (heat_w, day) => (day >= faultFromDay ? heat_w / 2 : heat_w) },
  { name: "heater does not stop", heater: (heat_w, day, most_w) => (day >= faultFromDay ? most_w : heat_w) },
];

const series = await referenceYearSource().series(startMs, startMs + days * 86_400_000);
const weather = stepMeans(series, startMs, dtSeconds, days * perDay);

function modelFor(building: Building, kind: Kind): WatchedModel {
  const known = kind === "states" ? unprovedHouse(building) : undefined;
  return watchedModel(houseModel(building, dtSeconds, undefined, known));
}

function buildingOf(name: string): Building {
  const file = new URL(`../../../examples/buildings/${name}.json`, import.meta.url);
  return parseBuilding(readFileSync(file, "utf8"), `${name}.json`);
}

interface Winter {
  readonly findings: readonly {
    readonly fault: Finding["fault"];
    readonly day: number;
    readonly felt?: number | undefined;
  }[];
  readonly coldest_c: number;
  readonly warmest_c: number;
}

interface Home {
  readonly name: string;
  readonly kind: Kind;
  readonly way: string;
  readonly seed: number;
}

/** What the valve may give by the model where it contradicts the thermometer, as the core bounds it. */
function boundedHeat(
  wanted_w: number,
  asked_c: number,
  watch: HouseWatch,
  model: WatchedModel,
  forces: StepDisturbances,
) {
  const { house } = watch;
  const isDoubted = watch.finding?.fault === "thermometer";
  if (!house || !(watch.isSuspicious || isDoubted)) return wanted_w;
  const acting = { ...forces, phi_int_w: forces.phi_int_w + house.unknown_w };
  const shut_c = outputOf(model.house.model, house.x_c, 0, acting);
  const open_c = outputOf(model.house.model, house.x_c, model.maxPower_w, acting);
  const holding_w = (theta_c: number) =>
    model.maxPower_w * Math.max(0, Math.min(1, (theta_c - shut_c) / (open_c - shut_c)));
  if (isDoubted) return holding_w(watch.mayLoseMore ? asked_c + 2.5 : asked_c);
  const least_c = watch.mayBeStove ? 10 : asked_c - 3;
  const most_c = watch.hasJumped ? Math.min(28, asked_c + 3) : 28;
  return Math.min(Math.max(wanted_w, holding_w(least_c)), holding_w(most_c));
}

/** Simulates a winter of the twin, with a thermostat that reads the thermometer, and has it watched. */
function live({ name, kind, way, seed }: Home, scenario: Scenario): Winter {
  const building = buildingOf(name);
  const assumed = modelFor(building, kind);
  const truth = modelFor(scenario.truth?.(building) ?? building, kind);
  const airy = modelFor(
    losses(1)({
      ...building,
      zone: { ...building.zone, ventilation_ach: building.zone.ventilation_ach + 4 },
    }),
    kind,
  );
  const foreseen = disturbances(building, weather);
  const random = randomLcg((seed * 0.618_033_988_7) % 1);
  const noise = randomNormal.source(random)();
  const watch = createHouseWatch(assumed.house);
  const noticed = createWindows(30 * 60_000);
  const { maxPower_w } = assumed;
  let x: ArrayLike<number> = new Float64Array(truth.house.model.b.length).fill(19.5);
  let [measured_c, isOn, open] = [19.5, false, 0];
  let [coldest_c, warmest_c] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const findings: Winter["findings"][number][] = [];
  let last: Finding["fault"] | undefined;
  let guests_w = 0;
  for (let k = 0; k < days * perDay; k++) {
    const day = k / perDay;
    const hour = (day * 24) % 24;
    if (k % perDay === 0) guests_w = random() < 0.1 ? 500 : 0;
    const asked_c = scenario.setpoint?.(day, ways[way](hour)) ?? ways[way](hour);
    const band_k = 0.3;
    isOn = measured_c < asked_c - band_k || (isOn && measured_c < asked_c + band_k);
    const forces = assumed.forcesOf(foreseen, k);
    const timeMs = startMs + k * dtSeconds * 1000;
    const isOpen = scenario.noticesWindows && noticed.openIn("room", timeMs) !== undefined;
    const ordered_w = isOpen ? 0 : boundedHeat(isOn ? maxPower_w : 0, asked_c, watch, assumed, forces);
    const given_w =
      (scenario.heater?.(ordered_w, day, maxPower_w) ?? ordered_w) * (scenario.heaterFactor ?? 1);
    const people_w = hour >= 18 && hour < 22 ? 300 + guests_w + 200 * random() : 0;
    const gains_w = people_w + (scenario.gains_w?.(hour, day) ?? 0);
    if (open > 0) open--;
    else if (random() < (scenario.windows ?? 0) / 24 / 4) open = Math.ceil(8 * random());
    const { model } = (open > 0 ? airy : truth).house;
    const acting = {
      ...forces,
      phi_sol_w: forces.phi_sol_w * (scenario.sunFactor ?? 1),
      phi_int_w: forces.phi_int_w + gains_w,
    };
    const air_c = outputOf(model, x, given_w, acting);
    x = nextState(model, x, given_w, acting);
    measured_c = (scenario.sensor?.(air_c, day) ?? air_c) + 0.1 * noise();
    if (day >= faultFromDay) {
      coldest_c = Math.min(coldest_c, air_c);
      warmest_c = Math.max(warmest_c, air_c);
    }
    const reading = { room: "room", timeMs: timeMs + dtSeconds * 1000, metrics: { temperature: measured_c } };
    noticed.accept(reading, { valve: ordered_w / maxPower_w, lift_k: assumed.house.model.D * maxPower_w });
    const isHidden = scenario.noticesWindows && noticed.openIn("room", reading.timeMs) !== undefined;
    watch.advance({ ...forces, phi_HC_w: ordered_w, theta_air_c: isHidden ? undefined : measured_c });
    const { finding } = watch;
    if (finding && finding.fault !== last) findings.push({ fault: finding.fault, day, felt: finding.felt });
    last = finding?.fault;
  }
  return { findings, coldest_c, warmest_c };
}

const homes: Home[] = names
  .flatMap((name, i) =>
    kinds.flatMap((kind, j) =>
      Object.keys(ways).map((way, l) => ({ name, kind, way, seed: 1 + i + 4 * j + 8 * l })),
    ),
  )
  .filter((_, i) => i % every === 0);

if (only !== "faults") {
  let [winters, all] = [0, 0];
  for (const scenario of sound.filter(({ name }) => name.startsWith(beginning))) {
    const found = homes.map((home) => ({ home, winter: live(home, scenario) }));
    const wrong = found.filter(({ winter }) => winter.findings.length > 0);
    winters += found.length;
    all += wrong.reduce((sum, { winter }) => sum + winter.findings.length, 0);
    const which = wrong.map(
      ({ home, winter }) =>
        `${home.name} ${home.kind} (${home.way}): ${winter.findings.map(({ fault, day }) => `${fault} day ${day.toFixed(1)}`).join(", ")}`,
    );
    console.log(
      [`${scenario.name}: ${wrong.length} of ${found.length} homes doubted`, ...which].join("\n  "),
    );
  }
  console.log(`sound: ${all} findings in ${winters} winters of ${days} days`);
}
if (only !== "sound") {
  const hours = (sorted_d: readonly number[], at: number) =>
    sorted_d.length === 0 ? "" : `${(24 * sorted_d[at]).toFixed(0)} h`;
  for (const scenario of faults.filter(({ name }) => name.startsWith(beginning))) {
    const winters = homes.map((home) => live(home, scenario));
    const firsts = winters.flatMap(({ findings }) => findings.find(({ day }) => day >= faultFromDay) ?? []);
    const delays_d = firsts.map(({ day }) => day - faultFromDay).toSorted((a, b) => a - b);
    const coldest_c = Math.min(...winters.map((winter) => winter.coldest_c));
    const warmest_c = Math.max(...winters.map((winter) => winter.warmest_c));
    const kindsFound = [...new Set(firsts.map(({ fault }) => fault))].map(
      (fault) => `${fault} ${firsts.filter((first) => first.fault === fault).length}`,
    );
    console.log(
      [
        `| ${scenario.name} | ${firsts.length} of ${winters.length}`,
        `${hours(delays_d, delays_d.length >> 1)} | ${hours(delays_d, delays_d.length - 1)}`,
        `${kindsFound.join(", ")} | ${coldest_c.toFixed(1)} to ${warmest_c.toFixed(1)} |`,
      ].join(" | "),
    );
  }
}
