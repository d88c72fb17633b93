/** Valid messages of every kind, for property tests. */
import fc from "fast-check";
import type { HomePrices, HomeState } from "../home-assistant.ts";
import type { MpcPlan, MpcRequest, OptimalPlan } from "../mpc.ts";
import type {
  ForecastState,
  Rate,
  SensorMetrics,
  TariffDay,
  TariffState,
  ValveCommand,
} from "../payloads.ts";
import { isoTimeOf } from "../time.ts";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const temperature = number(-60, 80);
const power = number(0, 100_000);
const percent = number(0, 100);
const price = number(-10, 10);
const instantMs = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) });
const time = instantMs.map(isoTimeOf);
const id = fc.stringMatching(/^[\w.:-]{1,64}$/);
const sentence = fc.string({ minLength: 1, maxLength: 200 });

/** A record that leaves out any of its `optional` fields. */
const record = <T extends object>(
  model: { [Key in keyof T]-?: fc.Arbitrary<Exclude<T[Key], undefined>> },
  optional: (keyof T)[],
): fc.Arbitrary<T> => {
  const required = (Object.keys(model) as (keyof T)[]).filter((key) => !optional.includes(key));
  return fc.record(model, { requiredKeys: required }) as fc.Arbitrary<T>;
};

const column = <T>(value: fc.Arbitrary<T>, length: number) =>
  fc.array(value, { minLength: length, maxLength: length });

export const sensorMetrics = record<SensorMetrics>(
  {
    temperature,
    mass_temperature: temperature,
    external_temperature: temperature,
    power_consumption: power,
    solar_power: power,
    valve_position: percent,
    electricity_price: price,
    heating_cost_step: number(-100, 100),
    heating_cost_cumulative: number(-1e5, 1e5),
    battery: percent,
    window_open: fc.constantFrom(0, 1),
    sim_time: time,
  },
  [
    "window_open",
    "mass_temperature",
    "external_temperature",
    "power_consumption",
    "solar_power",
    "valve_position",
    "electricity_price",
    "heating_cost_step",
    "heating_cost_cumulative",
    "battery",
    "sim_time",
  ],
);

export const valveCommand = record<ValveCommand>(
  {
    valve_position: percent,
    planned_power: power,
    setpoint: temperature,
    source: fc.constantFrom("mpc", "manual", "thermostat", "failsafe"),
    sim_time: time,
    issued_at: time,
    valid_until: time,
    id,
  },
  ["planned_power", "setpoint", "sim_time", "issued_at", "valid_until", "id"],
);

const colour = fc.constantFrom("blue", "white", "red", "unknown");
export const rate: fc.Arbitrary<Rate> = fc
  .tuple(instantMs, fc.integer({ min: 1, max: 86_400_000 }), price, fc.option(colour))
  .map(([startMs, length, value, shade]) => ({
    start: isoTimeOf(startMs),
    end: isoTimeOf(startMs + length),
    price: value,
    period: "off_peak" as const,
    ...(shade && { colour: shade }),
  }));
const day = record<TariffDay>(
  { date: time.map((text) => text.slice(0, 10)), colour, peak_price: price, off_peak_price: price },
  ["colour"],
);
const days = fc.integer({ min: 0, max: 366 });
const tariffState = record<TariffState>(
  {
    issued_at: time,
    tariff: fc.constantFrom("tempo", "peak"),
    source: sentence,
    fallback_reason: sentence,
    today: day,
    tomorrow: day,
    remaining_days: fc.record({ blue: days, white: days, red: days }),
    rates: fc.array(rate, { maxLength: 6 }),
  },
  ["fallback_reason", "remaining_days"],
);

const homeState = record<HomeState>(
  {
    time,
    mode: fc.constantFrom("auto", "thermostat", "manual", "off"),
    action: fc.constantFrom("heating", "idle", "off"),
    manual_until: fc.option(time),
    temperature: fc.option(temperature),
    mass_temperature: fc.option(temperature),
    operative_temperature: fc.option(temperature),
    comfort_of: fc.constantFrom("air", "operative"),
    setpoint: temperature,
    warmest_day: temperature,
    warmest_night: temperature,
    preset: fc.constantFrom("none", "eco", "comfort", "boost", "away", "vacation"),
    preset_until: fc.option(time),
    vacation_until: fc.option(time),
    planned_temperature: fc.option(temperature),
    valve_position: fc.option(percent),
    planned_power: fc.option(power),
    source: fc.option(fc.constantFrom("mpc", "manual", "thermostat", "failsafe")),
    reason: fc.option(sentence),
    detail: fc.option(sentence),
    price: fc.option(price),
    period: fc.option(fc.constantFrom("peak", "off_peak")),
    next_price: fc.option(price),
    price_changes_at: fc.option(time),
    colour_today: fc.option(colour),
    colour_tomorrow: fc.option(colour),
    blue_days_left: fc.option(days),
    white_days_left: fc.option(days),
    red_days_left: fc.option(days),
    energy: number(0, 1e6),
    cost: fc.option(number(-1e5, 1e5)),
    saving: fc.option(number(-1e5, 1e5)),
    failsafe: fc.constantFrom("ON", "OFF"),
    problems: fc.record({ sensors: fc.option(sentence), weather: fc.option(sentence) }),
    rooms: fc.dictionary(
      fc.constantFrom("Salon (nord)", "bath"),
      fc.record({
        temperature: fc.option(temperature),
        setpoint: fc.option(temperature),
        target: fc.option(temperature),
        mode: fc.option(fc.constantFrom("auto", "off")),
        preset: fc.option(fc.constantFrom("none", "eco", "comfort", "boost")),
        action: fc.option(fc.constantFrom("heating", "idle", "off")),
        power: fc.option(power),
        window: fc.constantFrom("ON", "OFF"),
        problem: fc.option(sentence),
      }),
    ),
  },
  [],
);

const hourPrices = fc.array(fc.record({ start: time, end: time, value: price }), { maxLength: 5 });
const homePrices = record<HomePrices>(
  {
    currency: fc.constant("EUR"),
    unit: fc.constant("kWh"),
    raw_today: hourPrices,
    raw_tomorrow: hourPrices,
    tomorrow_valid: fc.boolean(),
  },
  [],
);

const forecastState = fc.integer({ min: 1, max: 8 }).chain((n) =>
  record<ForecastState>(
    {
      issued_at: time,
      source: sentence,
      fallback_reason: sentence,
      start: time,
      step_s: fc.constantFrom(300, 900, 3600),
      temperature: column(temperature, n),
      direct_normal_irradiance: column(number(0, 1500), n),
      diffuse_horizontal_irradiance: column(number(0, 1500), n),
      cloud_cover: column(number(0, 1), n),
      solar_power: column(power, n),
    },
    ["fallback_reason", "solar_power"],
  ),
);

const coefficient = number(-10, 10);
const each = (value: fc.Arbitrary<number>, n: number) => fc.oneof(value, column(value, n));
const mpcRequest: fc.Arbitrary<MpcRequest> = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }))
  .chain(([n, order]) =>
    fc.record({
      id,
      issued_at: fc.constant("2026-02-01T05:00:00.000Z"),
      deadline: fc.constant("2026-02-01T05:00:10.000Z"),
      start: time,
      problem: fc.record({
        model: fc.record({
          dtSeconds: fc.constantFrom(300, 900, 3600),
          A: column(coefficient, order ** 2),
          b: column(coefficient, order),
          E: column(coefficient, 3 * order),
          c: column(coefficient, order),
          D: coefficient,
          F: column(coefficient, 3),
        }),
        x_c: column(temperature, order),
        maxPower_w: each(power, n),
        cop: each(number(0.5, 8), n),
        theta_e_c: column(temperature, n),
        phi_sol_w: column(power, n),
        phi_int_w: column(power, n),
        price_eur_kwh: column(price, n),
        comfort: fc.record({ min_c: each(temperature, n), max_c: each(temperature, n) }),
        weights: fc.record({ below_eur_kh: number(0, 100), above_eur_kh: number(0, 100) }),
        terminal: fc.integer({ min: 1, max: 4 }).chain((m) =>
          fc.record({
            weights: column(number(0, 1), order),
            breakpoints_c: column(temperature, m),
            slopes_eur_k: column(number(-10, 10), m + 1),
          }),
        ),
        surprise_k: column(coefficient, n * order),
        colours: column(
          fc.record({
            step: fc.nat(n),
            branches: column(fc.record({ probability: number(0, 1), price_eur_kwh: column(price, n) }), 2),
          }),
          2,
        ),
      }),
    }),
  );

export const optimalPlan: fc.Arbitrary<OptimalPlan> = fc.integer({ min: 1, max: 60 }).chain((n) =>
  fc.record({
    id,
    worker: sentence.map((text) => text.slice(0, 100)),
    solve_ms: number(0, 1000),
    status: fc.constant("optimal" as const),
    objective: number(-100, 100),
    energy_cost: number(-100, 100),
    discomfort_below: number(0, 100),
    discomfort_above: number(0, 100),
    step_s: fc.constantFrom(900, 3600),
    time: column(time, n),
    valve_position: column(percent, n),
    heating_power: column(power, n),
    planned_power: column(power, n),
    temperature: column(temperature, n),
    mass_temperature: column(temperature, n),
    external_temperature: column(temperature, n),
    electricity_price: column(price, n),
  }),
);

const mpcPlan: fc.Arbitrary<MpcPlan> = fc.oneof(
  optimalPlan,
  fc.record({
    id,
    worker: fc.constant("mpc-1"),
    solve_ms: number(0, 1000),
    status: fc.constant("failed" as const),
    error: sentence,
  }),
);

/** A valid payload of each topic. */
export const payloads = {
  sensorMetrics,
  valveSet: valveCommand,
  clock: time,
  status: fc.constantFrom("online", "offline"),
  mpcRequest,
  mpcPlan,
  tariff: tariffState,
  forecast: forecastState,
  homeState,
  homePrices,
  controlMode: fc.constantFrom("auto", "thermostat", "manual", "off", "on"),
  controlValve: percent,
  controlPreset: fc.constantFrom("none", "eco", "comfort", "boost", "away"),
  controlSetpoint: number(5, 30),
  controlRoom: fc.oneof(
    fc.record({ room: fc.constantFrom("Salon (nord)", "bath"), setpoint_c: number(5, 30) }),
    fc.record({
      room: fc.constant("bath"),
      preset: fc.constantFrom("boost", "none"),
      duration_min: number(1, 600),
    }),
    fc.record({ room: fc.constant("bath"), mode: fc.constantFrom("auto", "off") }),
  ),
  controlTariff: fc.option(
    fc.oneof(
      fc.array(fc.record({ start: time, value: price }), { minLength: 1, maxLength: 5 }),
      fc.record({ currency: fc.constant("EUR"), raw_today: fc.array(fc.record({ hour: time, price })) }),
      fc.record({ unit: fc.constant("EUR/MWh"), rules: fc.array(fc.record({ price })) }),
    ),
  ),
  controlWarmest: fc.oneof(
    fc.record({ day_c: number(6, 30), night_c: number(6, 30) }, { requiredKeys: ["day_c"] }),
    fc.record({ night_c: number(6, 30) }),
  ),
  controlVacation: fc.option(
    fc.record({ from: time, until: time, setpoint_c: number(5, 30) }, { requiredKeys: ["until"] }),
  ),
  controlOptimize: fc.constant("now"),
};

/** `value` with one of its parts, at any depth, replaced by any JSON value. */
export function damaged<T>(valid: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      valid,
      fc.nat(),
      fc.oneof(
        fc.jsonValue(),
        fc.double(),
        fc.constant(undefined),
        fc.constant({ length: { valueOf: 1, toString: 1 } }),
      ),
    )
    .map(([value, at, poison]) => {
      const copy: unknown = structuredClone(value);
      const spots = spotsOf(copy);
      if (spots.length === 0) return poison;
      const [holder, key] = spots[at % spots.length];
      holder[key] = poison;
      return copy;
    });
}

function spotsOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...spotsOf(holder[key]),
  ]);
}
