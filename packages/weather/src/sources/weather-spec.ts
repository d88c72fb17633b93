/** Weather sources by the names that people type. */
import { readText } from "@azru/text-file";
import { type Town, towns } from "../normals.ts";
import { defaultSeed, referenceYearSource } from "../reference-year.ts";
import { parseScenario, type Scenario, scenarioSource, scenarios } from "../scenario.ts";
import type { WeatherSource } from "../series.ts";
import { epwFileSource } from "./epw-file.ts";
import { WeatherSourceError } from "./error.ts";
import { type OpenMeteoOptions, openMeteoSource } from "./open-meteo.ts";

/** How weather may be named, for help texts. */
export const weatherSpecForms = [
  `reference[:${Object.keys(towns).join("|")}[:SEED]]`,
  `scenario:${Object.keys(scenarios).join("|")}|FILE.json`,
  "epw:FILE",
  "open-meteo:LAT,LON",
] as const;

export interface WeatherSpecOptions {
  /** The date (YYYY-MM-DD) that a scenario's first day falls on; absent: its own. */
  readonly scenarioFirstDay?: string;
  readonly openMeteo: Omit<OpenMeteoOptions, "location">;
}

/**
 * The source that a text names: `reference`, `reference:paris`, `reference:lyon:7` (a seed),
 * `scenario:harsh-winter`, `scenario:my-scenario.json`, `epw:FILE`, `open-meteo:45.76,4.84`.
 *
 * @throws WeatherSourceError naming what is wrong, with what is possible, or the file that cannot be read
 */
export async function weatherSourceFrom(spec: string, options: WeatherSpecOptions): Promise<WeatherSource> {
  const colon = spec.indexOf(":");
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const rest = colon < 0 ? "" : spec.slice(colon + 1);
  switch (kind) {
    case "reference":
      return reference(rest);
    case "scenario":
      return scenarioSource(await scenarioFrom(rest), options.scenarioFirstDay);
    case "epw":
      if (rest === "") throw new WeatherSourceError("epw needs a file: epw:FILE");
      return epwFileSource(rest);
    case "open-meteo":
      return openMeteo(rest, options.openMeteo);
    default:
      throw new WeatherSourceError(
        `unknown weather ${quoted(spec)}; possible: ${weatherSpecForms.join(", ")}`,
      );
  }
}

function reference(rest: string): WeatherSource {
  const [town = "", seedText] = rest.split(":");
  if (town !== "" && !isTown(town)) {
    throw new WeatherSourceError(
      `unknown town ${quoted(town)} of the reference year; possible: ${Object.keys(towns).join(", ")}`,
    );
  }
  const seed = seedText === undefined ? defaultSeed : Number(seedText);
  if (seedText === "" || !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new WeatherSourceError(
      `the reference year's seed must be a whole number within 0..4294967295, got ${quoted(seedText ?? "")}`,
    );
  }
  return referenceYearSource({ town: town === "" ? "lyon" : town, seed });
}

function isTown(name: string): name is Town {
  return Object.hasOwn(towns, name);
}

async function scenarioFrom(name: string): Promise<Scenario> {
  if (isScenario(name)) return scenarios[name];
  if (!name.endsWith(".json")) {
    throw new WeatherSourceError(
      `unknown scenario ${quoted(name)}; possible: ${Object.keys(scenarios).join(", ")}, or a file that ends in .json`,
    );
  }
  try {
    return parseScenario(JSON.parse(await readText(name)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WeatherSourceError(`cannot use scenario file ${name}: ${reason}`, { cause: error });
  }
}

function isScenario(name: string): name is keyof typeof scenarios {
  return Object.hasOwn(scenarios, name);
}

function openMeteo(rest: string, options: WeatherSpecOptions["openMeteo"]): WeatherSource {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(rest);
  const latitude_deg = Number(match?.[1]);
  const longitude_deg = Number(match?.[2]);
  if (!(Math.abs(latitude_deg) <= 90 && Math.abs(longitude_deg) <= 180)) {
    throw new WeatherSourceError(
      `open-meteo needs latitude (-90..90) and longitude (-180..180), as in open-meteo:45.76,4.84; got ${quoted(rest)}`,
    );
  }
  const location = { name: `${latitude_deg},${longitude_deg}`, latitude_deg, longitude_deg };
  return openMeteoSource({ ...options, location });
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
