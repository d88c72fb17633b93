import {
  callOf,
  choice,
  createCommand,
  instant,
  number,
  parseOptions,
  UsageError,
  wholeNumber,
} from "@azru/command-line";
import { exampleFile } from "@azru/contracts/building-file";
import { homeMinute } from "@azru/runtime";
import type { Baseline, ComfortTemperature, RunPlan, TwinForm } from "@azru/simulation";
import { tariffSpecForms } from "@azru/tariff";
import { weatherSpecForms } from "@azru/weather";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { BaselineRequest } from "./baselines.ts";
import type { CommandOptions } from "./inputs.ts";
import type { Mode } from "./study.ts";

/** What the user asked for. */
export interface Request {
  readonly study?: StudyRequest;
  readonly reset: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export interface StudyRequest extends Kept {
  /** All options by their names, defaults included, for the result. */
  readonly options: CommandOptions;
  readonly startMs: number; // Unix time
  readonly endMs: number;
  readonly modes: readonly Mode[];
  /** What the predictive controller is compared with, beside the building's thermostat. */
  readonly baselines: BaselineRequest;
  /** Tempo prices in the place of those that Azru knows. */
  readonly pricesFile?: string;
  readonly noise_k: number;
  readonly dtSeconds: number;
  readonly horizonSteps: number;
  readonly buildingFiles: readonly string[];
  /** Weekly schedule of comfort; that of each building, all day, when absent. */
  readonly scheduleFile?: string;
  /** What the controller takes each building for, where that is wrong. */
  readonly modelFile?: string;
  readonly outDirectory?: string;
}

/** Options that the study takes as they are given. */
interface Kept {
  readonly weather: string;
  readonly tariff: string;
  readonly colours: "published" | "perfect";
  /** How likely a colour is taken to be before it is published: as well as it can be known, or by rules alone. */
  readonly odds: "temperature" | "rules";
  readonly forecast: "perfect" | "realistic";
  readonly seed: number;
  /** What the controller knows of the house: all, or what it makes of a sensor with this error. */
  readonly state: "true" | "estimated";
  /** Distance kept from the floor of comfort, in standard deviations of what the controller expects a step ahead. */
  readonly margin: number;
  readonly solver: RunPlan["solver"];
  /** What the houses are. */
  readonly twin: TwinForm;
  /** Each building file's when absent. */
  readonly comfortOf?: ComfortTemperature;
}

const call = callOf("simulate");
const examples = `
Examples:
  ${call} --start 2026-02-01T00:00:00 --end 2026-02-05T00:00:00 --mode mpc
  ${call} --start 2026-01-11 --end 2026-02-10 --compare --out out/january
  ${call} --start 2026-01-11 --end 2026-02-10 --compare --building examples/buildings/light.json examples/buildings/heavy.json
  ${call} --start 2025-12-01 --end 2026-03-01 --compare --weather open-meteo:45.76,4.84
  ${call} --start 2023-11-01 --end 2024-04-01 --compare --tariff hphc:0.27/0.21
  ${call} --start 2026-01-11 --end 2026-02-10 --compare --horizon 24,48 --tariff tempo hphc:0.27/0.21 --out out/grid
  ${call} --from out/january/summary.json
  ${call} --reset

Lists make a grid, one study for each combination: --horizon, --step, --solver, --odds, --colours, --forecast, --state,
--noise, --margin, --seed with commas; --weather, --tariff, --model with spaces.

Results go to InfluxDB when INFLUXDB_URL (with INFLUXDB_TOKEN, INFLUXDB_ORG, INFLUXDB_BUCKET) is set, and to
the file data/azru.db (AZRU_DATA_DIR) otherwise. Exit codes: 0 done, 1 failed, 2 asked wrongly, 130 stopped.`;

/**
 * Reads the command line of one study.
 *
 * @param isRepeated whether the options are those of a result: then one that means nothing is let pass
 * @returns the request, or nothing when help was asked for and printed
 * @throws UsageError in one line naming the option and the value
 */
export function parseCommand(argv: readonly string[], isRepeated = false): Request | undefined {
  const command = createCommand(
    "simulate",
    "Simulates a stretch of weather with a house, a heating controller and the EDF Tempo tariff.",
  );
  for (const add of [addRun, addSurroundings, addController, addHouse, addOutput]) add(command);
  command.addHelpText("after", examples);

  const options = parseOptions<Options>(command, argv);
  if (!options) return undefined;
  if (!isRepeated) refuseIdle(command);
  return toRequest(options);
}

/** A month: the longer, the slower each decision, and no forecast reaches so far. */
const longestHorizon_h = 744;
/** Years that the stores can keep. */
const years = { first: 1700, last: 2260 };

function storedInstant(text: string): number {
  const timeMs = instant(text);
  const year = new Date(timeMs).getUTCFullYear();
  if (year >= years.first && year <= years.last) return timeMs;
  throw new InvalidArgumentError(`Must lie within the years ${years.first} to ${years.last}.`);
}

function addRun(command: Command): void {
  command
    .option("--start <time>", "start, ISO 8601; Europe/Paris unless it carries a zone", storedInstant)
    .option("--end <time>", "end (exclusive)", storedInstant)
    .addOption(
      choice("--mode <mode>", "mpc: the predictive controller; manual, or thermostat: the plain thermostat", [
        "mpc",
        "manual",
        "thermostat",
      ]),
    )
    .option(
      "--compare",
      "run thermostats, Tempo rules and predictive controller on the same weather and tariff, and show the saving",
      false,
    )
    .option(
      "--baseline <names...>",
      "what --compare runs beside the building's thermostat: thermostat (nothing else) | pi (an electronic one) | rule (the best of nine) | rule:A/B/C (holds A, B in the off-peak hours before a red day, C in red peak hours)",
      ["pi", "rule"],
    )
    .option("--reset", "delete all simulated runs from the store (before running, or alone)", false)
    .option("--yes", "do not ask before deleting", false);
}

function addSurroundings(command: Command): void {
  command
    .option("--weather <source>", weatherSpecForms.join(" | "), "reference")
    .option("--tariff <tariff>", `${tariffSpecForms.join(" | ")} (docs/tariffs.md)`, "tempo")
    .option("--prices <file>", "Tempo prices, CSV or JSON, in the place of those that Azru knows")
    .addOption(
      choice("--colours <known>", "published: a colour is known from 11:00 the day before; perfect: always", [
        "published",
        "perfect",
      ]),
    )
    .addOption(
      choice(
        "--odds <from>",
        "how likely a colour is before it is published: temperature: by RTE's method in real seasons, by the cold that is forecast in allotted ones; rules: by rules and quotas alone",
        ["temperature", "rules"],
      ),
    )
    .addOption(
      choice("--forecast <quality>", "perfect, or realistic: with errors that grow with the lead time", [
        "perfect",
        "realistic",
      ]),
    );
}

function addController(command: Command): void {
  command
    .addOption(
      choice(
        "--state <known>",
        "true: the controller knows air and wall temperature; estimated: it makes both out of a noisy sensor",
        ["true", "estimated"],
      ),
    )
    .option("--noise <K>", "standard deviation of that sensor's error", number(0), 0.1)
    .option(
      "--margin <factor>",
      "distance to keep from the floor of comfort, in standard deviations of the air from what was expected",
      number(0),
      2.5,
    )
    .option("--seed <number>", "seed of the errors of forecast and sensor", wholeNumber(0), 1)
    .option("--step <minutes>", "step of control and simulation", wholeNumber(1), 15)
    .option("--horizon <hours>", "how far the controller looks ahead", wholeNumber(1, longestHorizon_h), 48)
    .addOption(
      choice(
        "--solver <solver>",
        "exact: the backward recursion, which plans for what forecasts and colours may turn out to be, in a house of one state (--twin 5r1c), and the interior point in others; interior: the interior point that the live service uses, for a few cases of that; lp: the linear program that stands in for it, for the mean",
        ["exact", "interior", "lp"],
      ),
    );
}

function addHouse(command: Command): void {
  command
    .option("--building <files...>", "building files; several are run side by side", [
      "examples/buildings/medium.json",
    ])
    .addOption(
      choice(
        "--twin <form>",
        "what the house is: states, a house whose air and heater hold heat, as it was learnt where it was; 5r1c, the zone of ISO 13790, whose air holds none, so that thermostats overshoot",
        ["states", "5r1c"],
      ),
    )
    .addOption(
      new Option(
        "--comfort-of <temperature>",
        "what is to be as warm: the air, or operative, air and surfaces together (ISO 13790 C.12); the building file's, or the air, when absent",
      ).choices(["air", "operative"]),
    )
    .option("--schedule <file>", "weekly schedule of comfort, JSON as the core's PUT /comfort takes it")
    .option("--model <file>", "building file that the controller plans with, instead of the house's own");
}

function addOutput(command: Command): void {
  command
    .option(
      "--from <file>",
      "repeat a result (--json, or summary.json of --out); other options replace its own",
    )
    .option("--out <directory>", "write an HTML report, CSV and Parquet files there")
    .option("--json", "print the result as JSON", false);
}

interface Options extends Kept {
  start?: number;
  end?: number;
  mode: Mode | "thermostat";
  compare: boolean;
  baseline: string[];
  reset: boolean;
  yes: boolean;
  prices?: string;
  noise: number;
  step: number;
  horizon: number;
  building: string[];
  schedule?: string;
  model?: string;
  out?: string;
  json: boolean;
}

function toRequest(options: Options): Request {
  const { start, end, reset, yes, json, mode, compare, baseline, step, horizon, noise, building, ...more } =
    options;
  const { prices, schedule, model, out, ...kept } = more;
  if (start === undefined && end === undefined && reset) return { reset, yes, json };
  if (start === undefined)
    throw new UsageError("--start is missing, for example --start 2026-02-01T00:00:00");
  if (end === undefined) throw new UsageError("--end is missing, for example --end 2026-02-05T00:00:00");
  if (end <= start) {
    throw new UsageError(`--end ${homeMinute(end)} must be after --start ${homeMinute(start)}`);
  }
  const dtSeconds = step * 60;
  const horizonSteps = (horizon * 3600) / dtSeconds;
  if (!Number.isInteger(horizonSteps)) {
    throw new UsageError(`--horizon ${horizon} h is not a multiple of --step ${step} min`);
  }
  if (end - start < dtSeconds * 1000) {
    throw new UsageError(`--end must be at least one step (${step} min) after --start`);
  }
  return {
    reset,
    yes,
    json,
    study: {
      ...kept,
      options: commandOptions(options),
      startMs: start,
      endMs: end,
      modes: compare ? ["manual", "mpc"] : [mode === "mpc" ? "mpc" : "manual"],
      baselines: baselinesOf(compare ? baseline : []),
      weather: withExample(kept.weather),
      tariff: withExample(kept.tariff),
      noise_k: noise,
      dtSeconds,
      horizonSteps,
      buildingFiles: building,
      ...(prices !== undefined && { pricesFile: exampleFile(prices) }),
      ...(schedule !== undefined && { scheduleFile: exampleFile(schedule) }),
      ...(model !== undefined && { modelFile: model }),
      ...(out !== undefined && { outDirectory: out }),
    },
  };
}

/** `kind:FILE` with the place of a file that is an example of Azru's own. */
function withExample(spec: string): string {
  return spec.replace(
    /^([a-z-]+:)(examples\/.+)$/s,
    (_, kind: string, file: string) => kind + exampleFile(file),
  );
}

function baselinesOf(names: readonly string[]): BaselineRequest {
  const rules = names.filter((name) => !["thermostat", "pi", "rule"].includes(name)).map(ruleNamed);
  return { hasPi: names.includes("pi"), hasBestRule: names.includes("rule"), rules };
}

function ruleNamed(name: string): Baseline {
  const [kind, setpoints = ""] = name.split(":");
  const [usual_c = Number.NaN, before_c = Number.NaN, red_c = Number.NaN, ...more] = setpoints
    .split("/")
    .map(Number);
  const isRule = kind === "rule" && more.length === 0;
  if (!isRule || ![usual_c, before_c, red_c].every((c) => c >= 5 && c <= 35))
    throw new UsageError(
      `--baseline ${name} is unknown; possible: thermostat, pi, rule, rule:A/B/C with three temperatures from 5 to 35, such as rule:19.5/22/19`,
    );
  return { kind: "rule", usual_c, before_c, red_c };
}

/** The options of a study as plain values; where results go is none of it. */
function commandOptions({
  start,
  end,
  reset: _,
  yes: __,
  json: ___,
  out: ____,
  ...options
}: Options): CommandOptions {
  const times = { start: new Date(start ?? 0).toISOString(), end: new Date(end ?? 0).toISOString() };
  const given = Object.entries({ ...options, ...times }).filter(([, value]) => value !== undefined);
  const isIdle = options.compare ? "mode" : "compare";
  return Object.fromEntries(given.filter(([name]) => name !== isIdle)) as CommandOptions;
}

/** Refuses an option that another one makes meaningless: whoever wrote it expects something of it. */
function refuseIdle(command: Command): void {
  const { colours, compare, forecast, mode, state, tariff, twin } = command.opts<Options>();
  const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
  if (compare && isGiven("mode"))
    throw new UsageError("--mode and --compare exclude each other: --compare runs both");
  if (!compare && isGiven("baseline"))
    throw new UsageError("--baseline needs --compare: it is what the predictive controller is compared with");
  for (const name of ["noise", "margin"])
    if (state !== "estimated" && isGiven(name))
      throw new UsageError(
        `--${name} needs --state estimated: otherwise the controller knows the true temperatures`,
      );
  if (twin === "states" && isGiven("margin"))
    throw new UsageError(
      "--margin needs --twin 5r1c: with states the distance follows from the errors of the predictions",
    );
  if (colours === "perfect" && isGiven("odds"))
    throw new UsageError("--odds and --colours perfect exclude each other: no colour is unknown then");
  const isTempo = tariff === "tempo" || tariff.startsWith("tempo:");
  for (const name of ["odds", "colours", "prices"])
    if (!isTempo && isGiven(name)) throw new UsageError(`--${name} needs --tariff tempo, or tempo:...`);
  if (isGiven("odds") && !compare && mode !== "mpc")
    throw new UsageError("--odds needs --mode mpc or --compare: a thermostat does not look at prices");
  if (state !== "estimated" && forecast !== "realistic" && isGiven("seed"))
    throw new UsageError(
      "--seed needs --forecast realistic or --state estimated (the seed of the weather is in --weather reference:lyon:7)",
    );
}
