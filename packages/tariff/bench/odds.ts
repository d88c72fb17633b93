/**
 * Odds of colours on the eleven published seasons, each foreseen by what the ten others teach.
 *
 *     pnpm bench:odds [--temperatures FILE] [--error 2] [--learn]
 */
import { readFileSync } from "node:fs";
import { createCommand, number, optionsOrExit } from "@azru/command-line";
import Table from "cli-table3";
import { parse } from "csv-parse/sync";
import { seasonRules, type TempoCalendar } from "../src/calendar.ts";
import { addDays, dayNumber, weekday } from "../src/day.ts";
import { isPublicHoliday } from "../src/holidays.ts";
import { netConsumptionExpectation } from "../src/net-consumption-odds.ts";
import { type ColourProbabilities, colourProbabilities } from "../src/probabilities.ts";
import { publishedSeasons } from "../src/published-seasons.ts";
import { temperatureExpectation } from "../src/temperature-odds.ts";
import { learn, type Temperatures } from "./learn.ts";

const options = optionsOrExit<{ temperatures?: string; error: number; learn: boolean }>(
  createCommand(
    "bench:odds",
    "Judges the odds of colours on the eleven published seasons, each foreseen by what the ten others teach.",
  )
    .option(
      "--temperatures <file>",
      'daily mean temperatures of France: CSV with the header date,temperature_c, such as RTE\'s "pic journalier de la consommation brute" (open data of ODRÉ)',
    )
    .option("--error <K>", "standard deviation of the temperature forecast's error", number(0), 2)
    .option("--learn", "print the coefficients of all seasons", false),
);
const error_k = options.error;
const seasons = Array.from({ length: 11 }, (_, i) => `${2014 + i}-${2015 + i}`);
const colours = ["blue", "white", "red"] as const;
const truth = publishedSeasons.colours;
const temperatures: Temperatures =
  options.temperatures === undefined ? undefined : read(options.temperatures);

function read(file: string): Map<string, number> {
  const rows: Record<string, string>[] = parse(readFileSync(file, "utf8"), { columns: true, bom: true });
  return new Map(rows.map(({ date, temperature_c }) => [date, Number(temperature_c)]));
}

/** A forecast's error, the same for the same day and lead. @see Box and Muller (1958) */
function error_of(day: string, lead: number): number {
  const uniform = (salt: number) => {
    let x = Math.imul(dayNumber(day) * 8 + lead * 2 + salt, 0x9e3779b1);
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (((x ^ (x >>> 16)) >>> 0) + 0.5) / 2 ** 32;
  };
  return error_k * Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(1));
}

type Odds = (day: string, known: TempoCalendar, lead: number) => ColourProbabilities;
type Method = (others: readonly string[]) => Odds;

/** How often days of the same month and kind had a colour. */
const climatology: Method = (others) => {
  const kind = (day: string) => {
    const isFree = isPublicHoliday(day) || weekday(day) === 0;
    return `${day.slice(5, 7)} ${isFree ? "free" : weekday(day) === 6 ? "saturday" : "working"}`;
  };
  const counts = new Map<string, Record<(typeof colours)[number], number>>();
  for (const season of others) {
    for (const { day } of seasonRules(season)) {
      const count = counts.get(kind(day)) ?? { blue: 0, white: 0, red: 0 };
      count[truth.get(day)!]++;
      counts.set(kind(day), count);
    }
  }
  return (day) => {
    const { blue, white, red } = counts.get(kind(day)) ?? { blue: 1, white: 0, red: 0 };
    const sum = blue + white + red;
    return { blue: blue / sum, white: white / sum, red: red / sum };
  };
};

/** The coldest days are the dear ones; normals are the other seasons' means within a week of the date. */
const coldest =
  (known_c: ReadonlyMap<string, number>, forecastError_k: number): Method =>
  (others) => {
    const normals = new Map<string, number>();
    const normal_c = (day: string) => {
      const key = day.slice(5);
      let mean = normals.get(key);
      if (mean === undefined) {
        const values = others.flatMap((season) => {
          const first = Number(season.slice(0, 4));
          const middle = dayNumber(
            `${key >= "09-01" ? first : first + 1}-${key === "02-29" ? "02-28" : key}`,
          );
          return Array.from(
            { length: 15 },
            (_, i) => known_c.get(addDays("1970-01-01", middle + i - 7)) ?? [],
          );
        });
        const flat = values.flat();
        mean = flat.reduce((sum, value) => sum + value, 0) / flat.length;
        normals.set(key, mean);
      }
      return mean;
    };
    return (day, known, lead) =>
      temperatureExpectation({
        normal_c,
        forecastError_k: Math.max(forecastError_k, 1e-3),
        forecast_c: (each) => {
          const ahead = dayNumber(each) - dayNumber(day) + lead;
          if (ahead < 1 || ahead > lead) return undefined;
          return known_c.get(each)! + (forecastError_k > 0 ? error_of(each, ahead) : 0);
        },
      })(day, known, 0);
  };

const models = new Map<string, ReturnType<typeof learn>>();

function learnt(others: readonly string[], known_c: Temperatures) {
  const key = `${others.join(" ")} ${known_c !== undefined}`;
  const model = models.get(key) ?? learn(others, known_c);
  models.set(key, model);
  return model;
}

const netConsumption =
  (known_c: Temperatures, temperatureError_k: number): Method =>
  (others) => {
    const models = { with: learnt(others, known_c), without: learnt(others, undefined) };
    return (day, known, lead) =>
      netConsumptionExpectation({
        models,
        temperatureError_k,
        ...(known_c && {
          temperature_c: (each) => {
            const ahead = dayNumber(each) - dayNumber(day) + lead;
            return known_c.get(each)! + (temperatureError_k > 0 ? error_of(each, ahead) : 0);
          },
        }),
      })(day, known, 0);
  };

interface Score {
  sum: number;
  days: number;
  winterSum: number;
  winterDays: number;
  readonly bySeason: number[];
}

/** The Brier score, summed over the three colours, where colours are known until `lead` days before. */
function score(method: Method, lead: number): Score {
  const total: Score = { sum: 0, days: 0, winterSum: 0, winterDays: 0, bySeason: [] };
  for (const season of seasons) {
    const odds = method(seasons.filter((each) => each !== season));
    const known = new Map<string, (typeof colours)[number]>();
    let seasonSum = 0;
    let seasonDays = 0;
    const days = seasonRules(season).map(({ day }) => day);
    for (const [i, day] of days.entries()) {
      const decided = days[i - lead];
      if (decided !== undefined) known.set(decided, truth.get(decided)!);
      if (i < lead) continue;
      const p = odds(day, { source: "", colours: new Map(known) }, lead);
      const brier = colours.reduce((sum, each) => sum + (p[each] - Number(truth.get(day) === each)) ** 2, 0);
      total.sum += brier;
      total.days++;
      if (day.slice(5) >= "11-01" || day.slice(5) <= "03-31") {
        seasonSum += brier;
        seasonDays++;
      }
    }
    total.winterSum += seasonSum;
    total.winterDays += seasonDays;
    total.bySeason.push(seasonSum / seasonDays);
  }
  return total;
}

const methods: [string, Method][] = [
  ["climatology", climatology],
  ["rules and quotas", () => colourProbabilities],
  ["RTE's method, no temperature", netConsumption(undefined, 0)],
];
if (temperatures) {
  methods.push(
    ["coldest days, true temperature", coldest(temperatures, 0)],
    [`coldest days, error ${error_k} K`, coldest(temperatures, error_k)],
    ["RTE's method, true temperature", netConsumption(temperatures, 0)],
    [`RTE's method, error ${error_k} K`, netConsumption(temperatures, error_k)],
  );
}

if (options.learn) {
  for (const each of temperatures ? [temperatures, undefined] : [undefined])
    process.stdout.write(`${JSON.stringify(learn(seasons, each), null, 1)}\n`);
}
for (const lead of [1, 2]) {
  const table = new Table({
    head: [
      `${lead} day(s) ahead`,
      "all days",
      "Nov-Mar",
      ...seasons.map((season) => season.slice(2, 5) + season.slice(7)),
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, method] of methods) {
    const { sum, days, winterSum, winterDays, bySeason } = score(method, lead);
    table.push([
      name,
      (sum / days).toFixed(3),
      (winterSum / winterDays).toFixed(3),
      ...bySeason.map((value) => value.toFixed(2)),
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
}
