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
const eur = ({ net_eur }: WinterFigure) => fixed(net_eur, 0);
const below = ({ below_kh }: WinterFigure) => fixed(below_kh, 2);
const percent = (value: number) => fixed(value, 1);

export const winterTables = {
  states: {
    part: "states",
    title: "Houses of states: share of the attainable saving",
    head: [
      "home",
      "thermostat, EUR",
      "foresight, EUR",
      "all known: share, %",
      "uncertain: share, %",
      "K h below 19",
      "coldest, degrees C",
      "thermostat's K h",
    ],
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      const states = (run: Partial<HomeRun>) => ({ ...run, twin: "states" }) as const;
      return stateHomes.map((home) => {
        const real = figure(home, states({ knows: "sensors" }));
        const thermostat = figure(home, states({ controller: "thermostat" }));
        return [
          homeName(home),
          eur(thermostat),
          eur(figure(home, states({ controller: "foresight" }))),
          percent(share_percent(home, states({}))),
          percent(share_percent(home, states({ knows: "sensors" }))),
          below(real),
          fixed(real.lowest_c, 2),
          below(thermostat),
        ];
      });
    },
  },
  shares: {
    part: "shares",
    title: "House and weather known: share of the attainable saving",
    head: [
      "home",
      "thermostat, EUR",
      "foresight, EUR",
      "24 h ahead, %",
      "48 h ahead, %",
      "24 h, colours as published, %",
      "48 h, colours as published, %",
    ],
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      return homes.map((home) => [
        homeName(home),
        eur(figure(home, { controller: "thermostat" })),
        eur(figure(home, { controller: "foresight" })),
        ...(["everything", "published"] as const).flatMap((knows) =>
          [24, 48].map((horizon_h) => percent(share_percent(home, { knows, horizon_h }))),
        ),
      ]);
    },
  },
  horizons: {
    part: "shares",
    title: "One to three days ahead: share of the attainable saving",
    head: [
      "home",
      ...["24 h, %", "48 h, %", "72 h, %"],
      ...["24 h, colours as published, %", "48 h, %", "72 h, %"],
    ],
    rows: (figures) => {
      const { share_percent } = lookup(figures);
      return homes
        .filter(({ home }) => home === "very-heavy")
        .map((home) => [
          homeName(home),
          ...(["everything", "published"] as const).flatMap((knows) =>
            [24, 48, 72].map((horizon_h) => percent(share_percent(home, { knows, horizon_h }))),
          ),
        ]);
    },
  },
  uncertain: {
    part: "uncertain",
    title: "Sensors and forecasts that err, colours as published: share of the attainable saving",
    head: [
      "home",
      "24 h ahead, %",
      "48 h ahead, %",
      "K h below 19 (48 h)",
      "coldest, degrees C",
      "thermostat's K h",
      "thermostat's coldest",
    ],
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      return homes.map((home) => {
        const real = figure(home, { knows: "sensors" });
        const thermostat = figure(home, { controller: "thermostat" });
        return [
          homeName(home),
          percent(share_percent(home, { knows: "sensors", horizon_h: 24 })),
          percent(share_percent(home, { knows: "sensors" })),
          below(real),
          fixed(real.lowest_c, 2),
          below(thermostat),
          fixed(thermostat.lowest_c, 2),
        ];
      });
    },
  },
  steps: {
    part: "steps",
    title: "Steps of 15 and of 60 min, everything known",
    head: ["home", "15 min, EUR", "60 min, EUR", "60 / 15"],
    rows: (figures) => {
      const { figure } = lookup(figures);
      return homes.map((home) => {
        const [quarter, hour] = [figure(home), figure(home, { minutes: 60 })];
        return [
          homeName(home),
          fixed(quarter.net_eur, 1),
          fixed(hour.net_eur, 1),
          fixed(hour.net_eur / quarter.net_eur, 4),
        ];
      });
    },
  },
  heatpump: {
    part: "heatpump",
    title: "An air heat pump: share of the attainable saving",
    head: [
      "home",
      "thermostat, EUR",
      "foresight, EUR",
      "foresight saves, %",
      "all known: share, %",
      "uncertain: share, %",
      "K h below 19",
      "thermostat's K h",
    ],
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      return heatPumpHomes.map((home) => {
        const thermostat = figure(home, { controller: "thermostat" });
        const best = figure(home, { controller: "foresight" });
        return [
          homeName(home),
          eur(thermostat),
          eur(best),
          percent(100 * (1 - best.net_eur / thermostat.net_eur)),
          percent(share_percent(home)),
          percent(share_percent(home, { knows: "sensors" })),
          below(figure(home, { knows: "sensors" })),
          below(thermostat),
        ];
      });
    },
  },
  air: {
    part: "air",
    title: "Other systems that heat the air, everything known",
    head: ["home", "thermostat, EUR", "foresight, EUR", "48 h ahead, %"],
    rows: (figures) => {
      const { figure, share_percent } = lookup(figures);
      return airHomes.map((home) => [
        homeName(home),
        eur(figure(home, { controller: "thermostat" })),
        eur(figure(home, { controller: "foresight" })),
        percent(share_percent(home)),
      ]);
    },
  },
  elsewhere: {
    part: "elsewhere",
    title: "In other weather: share of the attainable saving",
    head: [
      "weather",
      "home",
      "thermostat, EUR",
      "foresight, EUR",
      "all known: share, %",
      "uncertain: share, %",
      "K h below 19",
      "thermostat's K h",
    ],
    rows: (figures) =>
      [...new Set(figures.map(({ weather }) => weather))].flatMap((weather) => {
        const { figure, share_percent } = lookup(figures.filter((one) => one.weather === weather));
        return elsewhereHomes.map((home) => [
          weather,
          homeName(home),
          eur(figure(home, { controller: "thermostat" })),
          eur(figure(home, { controller: "foresight" })),
          percent(share_percent(home)),
          percent(share_percent(home, { knows: "sensors" })),
          below(figure(home, { knows: "sensors" })),
          below(figure(home, { controller: "thermostat" })),
        ]);
      }),
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
          ...modelRuns(error).flatMap((run) => [percent(share_percent(home, run)), below(figure(home, run))]),
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
