/**
 * What a home is, as far as surface, year and a few looks at it show. The figures are typical of French homes of
 * each period, rounded, between what was built and what the rules of the time (1974, 1982, 1988, 2000, 2005,
 * 2012, 2020) allowed; calibration replaces them by what the home's own history shows.
 */
import type { AssumptionName, Assumptions, SetupAnswers } from "@azru/contracts";

/** Typical thermal transmittances, W/(m2 K), and air changes, 1/h, of homes built until a year. */
interface Period {
  readonly until: number;
  readonly walls_w_m2k: number;
  readonly roof_w_m2k: number;
  readonly floor_w_m2k: number;
  readonly airChanges: number;
}

const periods: readonly Period[] = [
  { until: 1947, walls_w_m2k: 1.7, roof_w_m2k: 1.5, floor_w_m2k: 1.2, airChanges: 0.9 },
  { until: 1974, walls_w_m2k: 2, roof_w_m2k: 1.5, floor_w_m2k: 1.5, airChanges: 0.8 },
  { until: 1981, walls_w_m2k: 1, roof_w_m2k: 0.5, floor_w_m2k: 0.9, airChanges: 0.7 },
  { until: 1988, walls_w_m2k: 0.75, roof_w_m2k: 0.35, floor_w_m2k: 0.7, airChanges: 0.6 },
  { until: 2000, walls_w_m2k: 0.5, roof_w_m2k: 0.27, floor_w_m2k: 0.55, airChanges: 0.55 },
  { until: 2005, walls_w_m2k: 0.4, roof_w_m2k: 0.23, floor_w_m2k: 0.35, airChanges: 0.5 },
  { until: 2012, walls_w_m2k: 0.36, roof_w_m2k: 0.2, floor_w_m2k: 0.27, airChanges: 0.45 },
  { until: 2021, walls_w_m2k: 0.23, roof_w_m2k: 0.14, floor_w_m2k: 0.22, airChanges: 0.35 },
  {
    until: Number.POSITIVE_INFINITY,
    walls_w_m2k: 0.18,
    roof_w_m2k: 0.12,
    floor_w_m2k: 0.18,
    airChanges: 0.3,
  },
];

/** What added insulation brings each part down to, W/(m2 K). */
const renovated = { walls_w_m2k: 0.35, roof_w_m2k: 0.2, floor_w_m2k: 0.4, airChanges: 0.5 };
const improvedRoof_w_m2k = 0.25;

const windows_w_m2k = { single: 4.8, double: 2.7, recent: 1.5 } as const;

/** ISO 13790 table 12: heavy, medium and light, kJ/(m2 K). */
const heatCapacity_kj_m2k = { heavy: 260, medium: 165, light: 110 } as const;
/** Walls were thick before hollow blocks and insulation inside. */
const thickUntil = 1947;

/** A floor on the ground loses to earth that is warmer than the air: reduction of ISO 13370's simple method. */
const groundReduction = 0.6;
/** People and appliances, W/m2: the mean of ISO 13790 table G.8 for homes. */
const internalGains_w_m2 = 4;
/** Outdoor temperature that heaters are sized for in most of France, and the reserve to warm up. */
const design = { indoors_c: 19, outdoors_c: -7, reserve: 1.3 };

/** In which unit each is shown, with how many decimals, and within which limits it may be changed. */
export const assumptionRules: Readonly<
  Record<
    AssumptionName,
    { readonly unit: string; readonly decimals: number; readonly min: number; readonly max: number }
  >
> = {
  room_height_m: { unit: "m", decimals: 2, min: 1.8, max: 6 },
  opaque_area_m2: { unit: "m²", decimals: 0, min: 0, max: 5000 },
  opaque_u: { unit: "W/(m² K)", decimals: 2, min: 0.05, max: 4 },
  windows_area_m2: { unit: "m²", decimals: 0, min: 0, max: 1000 },
  windows_u: { unit: "W/(m² K)", decimals: 1, min: 0.5, max: 6 },
  south_share: { unit: "", decimals: 2, min: 0, max: 1 },
  air_changes: { unit: "1/h", decimals: 2, min: 0.05, max: 5 },
  heat_capacity_kj_m2k: { unit: "kJ/(m² K)", decimals: 0, min: 40, max: 800 },
  internal_gains_w: { unit: "W", decimals: 0, min: 0, max: 5000 },
  max_power_kw: { unit: "kW", decimals: 1, min: 0.2, max: 100 },
};

/** What is assumed where nobody changed it. Rounded to the decimals that it is shown with. */
export function assumptionsOf(answers: SetupAnswers): Assumptions {
  const known = answers.changed;
  const period = periodOf(answers);
  const isFlat = answers.dwelling === "flat";
  const room_height_m = known.room_height_m ?? 2.5;
  const windows_area_m2 = known.windows_area_m2 ?? rounded("windows_area_m2", answers.floor_area_m2 / 6);
  const footprint_m2 = answers.floor_area_m2 / answers.storeys;
  // A flat shows two of its four sides to the outside, a house all of them; both one and a half times as long as wide.
  const perimeter_m = (isFlat ? 0.5 : 1) * 5 * Math.sqrt(footprint_m2 / 1.5);
  const walls_m2 = Math.max(0, perimeter_m * room_height_m * answers.storeys - windows_area_m2);
  const lids_m2 = isFlat ? 0 : footprint_m2;
  const opaque_area_m2 = rounded("opaque_area_m2", walls_m2 + 2 * lids_m2);
  const loss_w_k =
    walls_m2 * period.walls_w_m2k + lids_m2 * (period.roof_w_m2k + groundReduction * period.floor_w_m2k);
  const opaque_u = rounded("opaque_u", loss_w_k / (walls_m2 + 2 * lids_m2 || 1));
  const assumed = {
    room_height_m: 2.5,
    opaque_area_m2,
    opaque_u: Math.max(assumptionRules.opaque_u.min, opaque_u),
    windows_area_m2: rounded("windows_area_m2", answers.floor_area_m2 / 6),
    windows_u: windows_w_m2k[answers.insulation === "renovated" ? "recent" : answers.glazing],
    south_share: 0.5,
    air_changes: period.airChanges,
    heat_capacity_kj_m2k: heatCapacity_kj_m2k[wallsOf(answers)],
    internal_gains_w: rounded("internal_gains_w", internalGains_w_m2 * answers.floor_area_m2),
  };
  const radiators_w = answers.radiators.reduce((sum, { rated_w }) => sum + rated_w, 0);
  const heater_kw =
    radiators_w > 0
      ? radiators_w / 1000
      : (answers.power_kw ?? sizedPower_kw(merged(assumed, known), answers.floor_area_m2));
  return { ...assumed, max_power_kw: rounded("max_power_kw", heater_kw * (answers.heat_pump ? 3 : 1)) };
}

/** What is assumed, with what somebody knows better. */
export function figuresOf(answers: SetupAnswers): Assumptions {
  return merged(assumptionsOf(answers), answers.changed);
}

function merged<Figures extends Partial<Assumptions>>(
  assumed: Figures,
  changed: SetupAnswers["changed"],
): Figures {
  const known = Object.entries(changed).filter(([, value]) => value !== undefined);
  return { ...assumed, ...Object.fromEntries(known) };
}

/** A home to begin with: the figures of a usual one, for a person to change. */
export const usualAnswers: SetupAnswers = {
  town: { name: "Lyon", latitude_deg: 45.75, longitude_deg: 4.85 },
  dwelling: "flat",
  floor_area_m2: 65,
  storeys: 1,
  year: 1985,
  insulation: "as_built",
  glazing: "double",
  walls: "unknown",
  heater: "convector",
  heat_pump: false,
  power_kw: null,
  rooms: ["living-room"],
  thermometers: [],
  radiators: [],
  subscribed_kva: null,
  base_load_w: 1500,
  thermostat: "night_setback",
  contract: "tempo",
  coolest_day_c: 19,
  coolest_night_c: 17,
  warmest_day_c: 23,
  warmest_night_c: 21,
  wake: "06:30",
  sleep: "22:30",
  changed: {},
};

function periodOf({ year, insulation }: SetupAnswers): Period {
  const built = periods.find(({ until }) => year <= until) ?? periods[periods.length - 1];
  if (insulation === "as_built") return built;
  if (insulation === "improved") {
    return {
      ...built,
      walls_w_m2k: (built.walls_w_m2k + Math.min(built.walls_w_m2k, renovated.walls_w_m2k)) / 2,
      roof_w_m2k: Math.min(built.roof_w_m2k, improvedRoof_w_m2k),
    };
  }
  return {
    until: built.until,
    walls_w_m2k: Math.min(built.walls_w_m2k, renovated.walls_w_m2k),
    roof_w_m2k: Math.min(built.roof_w_m2k, renovated.roof_w_m2k),
    floor_w_m2k: Math.min(built.floor_w_m2k, renovated.floor_w_m2k),
    airChanges: Math.min(built.airChanges, renovated.airChanges),
  };
}

function wallsOf({ walls, year }: SetupAnswers): keyof typeof heatCapacity_kj_m2k {
  if (walls !== "unknown") return walls;
  return year <= thickUntil ? "heavy" : "medium";
}

/** What heaters of a home have to give on the coldest day, with a reserve to warm up. */
function sizedPower_kw(a: Omit<Assumptions, "max_power_kw">, floor_area_m2: number): number {
  const air_w_k = 0.34 * a.air_changes * a.room_height_m * floor_area_m2; // 0.34 Wh/(m3 K): heat capacity of air
  const loss_w_k = a.opaque_area_m2 * a.opaque_u + a.windows_area_m2 * a.windows_u + air_w_k;
  return (design.reserve * loss_w_k * (design.indoors_c - design.outdoors_c)) / 1000;
}

function rounded(name: AssumptionName, value: number): number {
  const unit = 10 ** assumptionRules[name].decimals;
  return Math.round(value * unit) / unit;
}
