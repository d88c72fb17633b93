/** The tables that the figures of a winter make. */
import { keyOf, type WinterFigure } from "./winter-figures.ts";
import {
  airHomes,
  elsewhereHomes,
  type Home,
  type HomeRun,
  heatPumpHomes,
  homes,
  modelErrors,
  modelHomes,
  type PartName,
  stateHomes,
} from "./winter-parts.ts";
import type { WinterOutcome, WinterRun } from "./winter-run.ts";

export interface WinterTable {
  readonly part: PartName;
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: (figures: readonly WinterFigure[]) => readonly (readonly string[])[];
}

/** The figures of one weather, asked by run. */
export interface Lookup {
  readonly figure: (home: Home, run?: Partial<HomeRun>) => WinterFigure;
  /** What a run saves against the thermostat, over what perfect foresight saves, %. */
  readonly share_percent: (home: Home, run?: Partial<HomeRun>) => number;
}

/**
 * Finds figures of one weather; a run is the MPC's in the zone, 48 h ahead in steps of 15 min and knowing everything,
 * but for what is asked otherwise. What was not measured is NaN.
 */
export function lookup(figures: readonly WinterFigure[]): Lookup {
  const known = new Map(figures.map((figure) => [keyOf(figure), figure]));
  const weather = figures[0]?.weather ?? "";
  const figure: Lookup["figure"] = (home, run) => {
    const asked: WinterRun = { weather, ...usual, ...home, ...run };
    return known.get(keyOf(asked)) ?? { ...asked, ...unmeasured };
  };
  return {
    figure,
    share_percent: (home, run) => {
      const twin = run?.twin && { twin: run.twin };
      const thermostat_eur = figure(home, { ...twin, controller: "thermostat" }).net_eur;
      const best_eur = figure(home, { ...twin, controller: "foresight" }).net_eur;
      return (100 * (thermostat_eur - figure(home, run).net_eur)) / (thermostat_eur - best_eur);
    },
  };
}

const { NaN: none } = Number;
const unmeasured: WinterOutcome = { net_eur: none, below_kh: none, above_kh: none, lowest_c: none };
const usual = { controller: "mpc", knows: "everything", minutes: 15, horizon_h: 48 } as const;

const emissionNames: Readonly<Record<Home["emission"], string>> = {
  floorHeating: "floor heating",
  newRadiators: "radiators",
  oldRadiators: "old radiators",
  chilledBeams: "chilled beams",
  airConditioning: "air conditioning",
  tabs: "slabs",
  convector: "convectors",
  panel: "panels",
  oilRadiator: "oil-filled radiators",
  waterRadiator: "water radiators",
};

/** A home for people: `very heavy, slabs`. */
export function homeName({ home, emission }: Home): string {
  return `${home.replace("-", " ")}, ${emissionNames[emission]}`;
}

const fixed = (value: number, decimals: number) =>
  Number.isFinite(value) ? value.toFixed(decimals) : "not measured";

/** A column's head, and what it has for a home. */
type Column = readonly [head: string, cell: (home: Home, lookup: Lookup) => string];
type Run = Partial<HomeRun>;

const eur = (head: string, run: Run, decimals = 0): Column => [
  head,
  (home, { figure }) => fixed(figure(home, run).net_eur, decimals),
];
const below = (head: string, run: Run): Column => [
  head,
  (home, { figure }) => fixed(figure(home, run).below_kh, 2),
];
const coldest = (head: string, run: Run): Column => [
  head,
  (home, { figure }) => fixed(figure(home, run).lowest_c, 2),
];
const share = (head: string, run: Run): Column => [
  head,
  (home, { share_percent }) => fixed(share_percent(home, run), 1),
];

const thermostat: Run = { controller: "thermostat" };
const foresight: Run = { controller: "foresight" };
const sensors: Run = { knows: "sensors" };
const published: Run = { knows: "published" };

const name: Column = ["home", homeName];
const thermostat_eur = eur("thermostat, EUR", thermostat);
const foresight_eur = eur("foresight, EUR", foresight);
const thermostatBelow = below("thermostat's K h", thermostat);
/** With all known, and with sensors and forecasts that err. */
const shares = [share("all known: share, %", {}), share("uncertain: share, %", sensors)];
const below19 = below("K h below 19", sensors);

/** A table of a row a home, in houses of states where `twin` says so. */
function homesTable(
  part: PartName,
  title: string,
  rowHomes: readonly Home[],
  columns: readonly Column[],
  twin?: "states",
): WinterTable {
  return {
    part,
    title,
    head: columns.map(([head]) => head),
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      const form = twin && { twin };
      const asked: Lookup = {
        figure: (home, run) => figure(home, { ...run, ...form }),
        share_percent: (home, run) => share_percent(home, { ...run, ...form }),
      };
      return rowHomes.map((home) => columns.map(([, cell]) => cell(home, asked)));
    },
  };
}

const inOneWeather = homesTable(
  "elsewhere",
  "In other weather: share of the attainable saving",
  elsewhereHomes,
  [name, thermostat_eur, foresight_eur, ...shares, below19, thermostatBelow],
);

export const winterTables = {
  states: homesTable(
    "states",
    "Houses of states: share of the attainable saving",
    stateHomes,
    [
      name,
      thermostat_eur,
      foresight_eur,
      ...shares,
      below19,
      coldest("coldest, degrees C", sensors),
      thermostatBelow,
    ],
    "states",
  ),
  shares: homesTable("shares", "House and weather known: share of the attainable saving", homes, [
    name,
    thermostat_eur,
    foresight_eur,
    share("24 h ahead, %", { horizon_h: 24 }),
    share("48 h ahead, %", {}),
    share("24 h, colours as published, %", { ...published, horizon_h: 24 }),
    share("48 h, colours as published, %", published),
  ]),
  horizons: homesTable(
    "shares",
    "One to three days ahead: share of the attainable saving",
    homes.filter(({ home }) => home === "very-heavy"),
    [
      name,
      ...[24, 48, 72].map((horizon_h) => share(`${horizon_h} h, %`, { horizon_h })),
      share("24 h, colours as published, %", { ...published, horizon_h: 24 }),
      ...[48, 72].map((horizon_h) => share(`${horizon_h} h, %`, { ...published, horizon_h })),
    ],
  ),
  uncertain: homesTable(
    "uncertain",
    "Sensors and forecasts that err, colours as published: share of the attainable saving",
    homes,
    [
      name,
      share("24 h ahead, %", { ...sensors, horizon_h: 24 }),
      share("48 h ahead, %", sensors),
      below("K h below 19 (48 h)", sensors),
      coldest("coldest, degrees C", sensors),
      thermostatBelow,
      coldest("thermostat's coldest", thermostat),
    ],
  ),
  steps: homesTable("steps", "Steps of 15 and of 60 min, everything known", homes, [
    name,
    eur("15 min, EUR", {}, 1),
    eur("60 min, EUR", { minutes: 60 }, 1),
    [
      "60 / 15",
      (home, { figure }) => fixed(figure(home, { minutes: 60 }).net_eur / figure(home, {}).net_eur, 4),
    ],
  ]),
  heatpump: homesTable("heatpump", "An air heat pump: share of the attainable saving", heatPumpHomes, [
    name,
    thermostat_eur,
    foresight_eur,
    [
      "foresight saves, %",
      (home, { figure }) =>
        fixed(100 * (1 - figure(home, foresight).net_eur / figure(home, thermostat).net_eur), 1),
    ],
    ...shares,
    below19,
    thermostatBelow,
  ]),
  air: homesTable("air", "Other systems that heat the air, everything known", airHomes, [
    name,
    thermostat_eur,
    foresight_eur,
    share("48 h ahead, %", {}),
  ]),
  elsewhere: {
    ...inOneWeather,
    head: ["weather", ...inOneWeather.head],
    rows: (figures) =>
      [...new Set(figures.map(({ weather }) => weather))].flatMap((weather) =>
        inOneWeather.rows(figures.filter((one) => one.weather === weather)).map((row) => [weather, ...row]),
      ),
  },
  models: {
    part: "models",
    title: "A wrong model under the same uncertainty: share of the attainable saving",
    head: [
      "floor heating",
      "walls known: share, %",
      "K h below 19",
      "estimated: share, %",
      "K h",
      "estimated and calibrated: share, %",
      "K h",
    ],
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      return modelHomes.flatMap((home) =>
        modelErrors.map((error) => [
          `${home.home}, C x ${error.capacitance}, losses x ${error.losses}`,
          ...modelRuns(error).flatMap((run) => [
            fixed(share_percent(home, run), 1),
            fixed(figure(home, run).below_kh, 2),
          ]),
        ]),
      );
    },
  },
} satisfies Record<string, WinterTable>;

/** A wrong model, with the walls' temperature known, without, and calibrated. */
function modelRuns(error: (typeof modelErrors)[number]): readonly Partial<HomeRun>[] {
  return [
    { knows: "forecast", model: { ...error, calibrated: false } },
    { knows: "sensors", model: { ...error, calibrated: false } },
    { knows: "sensors", model: { ...error, calibrated: true } },
  ];
}
