import {
  callOf,
  choice,
  createCommand,
  instant,
  parseOptions,
  UsageError,
  wholeNumber,
} from "@azru/command-line";
import { weatherSpecForms } from "@azru/weather";
import { InvalidArgumentError } from "commander";

/** What the user asked for. */
export interface Request extends Kept {
  readonly from: { readonly kind: "store" } | { readonly kind: "csv"; readonly file: string };
  readonly buildingFile: string;
  readonly startMs?: number; // Unix time
  readonly endMs?: number; // excluded
  /** That of the measurements, at least a quarter of an hour, when absent. */
  readonly dtSeconds?: number;
  readonly outFile?: string;
  readonly reportDirectory?: string;
}

/** Options that are taken as they are given. */
interface Kept {
  /** Columns or entities of the CSV file, by our name for them. */
  readonly columns?: Readonly<Record<string, string>>;
  /** A simulated run of the store; the live home when absent. */
  readonly run?: string;
  /** All rooms when absent. */
  readonly room?: string;
  readonly weather?: string;
  readonly heat: "metered" | "valve" | "auto";
  readonly json: boolean;
}

const call = callOf("calibrate");
const examples = `
Examples:
  ${call} --from store --building examples/buildings/medium.json --weather open-meteo:45.76,4.84 --out our-home.json
  ${call} --from store --run 2026-01-11--2026-02-10-medium-mpc-k3f9 --building my.json --weather reference
  ${call} --from csv:out/january/run-1.csv --building my.json --weather reference --report out/calibration

A CSV file has a header and a row a measurement: time_utc (ISO 8601), air_temperature_c, valve_percent, and
where known heating_electric_w, outdoor_temperature_c, solar_gains_w; others are left out. The files that
pnpm simulate --out writes are such. Without --weather the solar gains must be measured, and windows stay.

The store is InfluxDB when INFLUXDB_URL (with INFLUXDB_TOKEN, INFLUXDB_ORG, INFLUXDB_BUCKET) is set, and the file
data/azru.db (AZRU_DATA_DIR) otherwise. Exit codes: 0 calibrated, 1 refused or failed, 2 asked wrongly.`;

/**
 * Reads the command line.
 *
 * @returns the request, or nothing when help was asked for and printed
 * @throws UsageError in one line naming the option and the value
 */
export function parseCommand(argv: readonly string[]): Request | undefined {
  const command = createCommand(
    "calibrate",
    "Learns a house from its recorded history: corrects the building file, or says why the data do not suffice.",
  )
    .option("--from <source>", "store | csv:FILE", "store")
    .option(
      "--columns <names>",
      "columns of the CSV file, or entities of Home Assistant's history, as in air_temperature_c=sensor.salon,valve_percent=number.vanne",
      columnNames,
    )
    .option("--run <id>", "a simulated run of the store, instead of the live home")
    .option("--room <name>", "a room of the store; all rooms together otherwise")
    .requiredOption("--building <file>", "the building file to correct")
    .option("--start <time>", "start, ISO 8601; Europe/Paris unless it carries a zone", instant)
    .option("--end <time>", "end (exclusive)", instant)
    .option(
      "--step <minutes>",
      "length of a step; that of the measurements, at least 15, otherwise",
      wholeNumber(1, 120),
    )
    .option("--weather <source>", weatherSpecForms.join(" | "))
    .addOption(
      choice(
        "--heat <known>",
        "metered: by the electric power; valve: by its position; auto: metered if it is",
        ["auto", "metered", "valve"],
      ),
    )
    .option("--out <file>", "write the corrected building file there")
    .option("--report <directory>", "write calibration.html there")
    .option("--json", "print the result as JSON", false)
    .addHelpText("after", examples);

  const options = parseOptions<Options>(command, argv);
  return options && toRequest(options);
}

interface Options extends Kept {
  from: string;
  building: string;
  start?: number;
  end?: number;
  step?: number;
  out?: string;
  report?: string;
}

function toRequest({ from: source, building, start, end, step, out, report, ...kept }: Options): Request {
  const from = sourceOf(source);
  for (const name of ["run", "room"] as const) {
    if (from.kind === "csv" && kept[name] !== undefined)
      throw new UsageError(`--${name} ${kept[name]} is of a store; --from ${source} has none`);
  }
  if (start !== undefined && end !== undefined && end <= start)
    throw new UsageError("--end must be after --start");
  if (from.kind === "store" && kept.columns !== undefined)
    throw new UsageError("--columns needs --from csv:FILE");
  return {
    ...kept,
    from,
    buildingFile: building,
    ...(start !== undefined && { startMs: start }),
    ...(end !== undefined && { endMs: end }),
    ...(step !== undefined && { dtSeconds: step * 60 }),
    ...(out !== undefined && { outFile: out }),
    ...(report !== undefined && { reportDirectory: report }),
  };
}

function sourceOf(text: string): Request["from"] {
  if (text === "store") return { kind: "store" };
  if (text.startsWith("csv:") && text.length > 4) return { kind: "csv", file: text.slice(4) };
  throw new UsageError(`--from ${text} is unknown; possible: store, csv:FILE`);
}

/** "air_temperature_c=sensor.salon,valve_percent=number.vanne". */
function columnNames(text: string): NonNullable<Request["columns"]> {
  const pairs = text.split(",").map((pair) => pair.split("=").map((part) => part.trim()));
  for (const [ours, theirs, more] of pairs) {
    if (!csvColumns.includes(ours) || !theirs || more !== undefined)
      throw new InvalidArgumentError(`Must be NAME=COLUMN with the names ${csvColumns.join(", ")}.`);
  }
  return Object.fromEntries(pairs.map(([ours, theirs]) => [ours, theirs]));
}

const csvColumns = [
  ...["time_utc", "air_temperature_c", "valve_percent", "heating_electric_w"],
  ...["outdoor_temperature_c", "solar_gains_w"],
];
