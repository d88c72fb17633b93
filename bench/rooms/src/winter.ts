/** The five rooms through a winter, minute by minute. */
import {
  bankPower_w,
  type HeaterOptions,
  heatersLimit_w,
  startHeaterBank,
  stepHeaterBank,
} from "@azru/actuators";
import type { Forecast } from "@azru/control";
import { discretiseRooms } from "@azru/house/testing";
import type { History } from "@azru/identification";
import { homeHour } from "@azru/runtime";
import { disturbances } from "@azru/simulation";
import { randomLcg, randomNormal } from "d3-random";
import { firstJudgedDay, type Season, stepOfDay } from "../../energyplus/src/season.ts";
import { type BenchHome, restAt_w, setpointAt_c } from "./bench-home.ts";
import { dtSeconds, horizonSteps, type RoomsController } from "./controllers.ts";

const minute_s = 60;
const minutesAStep = dtSeconds / minute_s;
const noise_k = 0.1; // of every thermometer
const start_c = 19;
/** At comfort a radiator's own thermostat stops it there: the dial stands high, so that Azru may warm ahead. */
const dial_c = 24;

/** What a winter under a controller was, from 1 December to 31 March. */
export interface WinterFigures {
  readonly name: string;
  readonly cost_eur: number;
  /** Heat that the house holds at the end, kWh above 0 degrees. */
  readonly stored_kwh: number;
  readonly energy_kwh: number;
  readonly below_kh: readonly number[]; // by room, below what its people want at that hour
  readonly lowest_k: readonly number[]; // the largest shortfall, by room
  readonly warmest_c: number;
  readonly mean_c: readonly number[];
  readonly peak_kw: number; // of the whole home, one minute
  readonly overload_min: number; // minutes above the subscribed power
  readonly cheapest_eur_kwh: number;
}

type ForecastAt = (k: number, horizonSteps: number) => Forecast;

export interface WinterRun {
  readonly home: BenchHome;
  readonly subscribed_kva: number;
  readonly season: Season;
  readonly forecastAt: ForecastAt;
  /** Heats in November, which is recorded. */
  readonly before: RoomsController;
  readonly controller: RoomsController;
  readonly seed: number;
}

/** Simulates November under the one and the winter under the other. */
export function liveThrough({
  home,
  subscribed_kva,
  season,
  forecastAt,
  before,
  controller,
  seed,
}: WinterRun): WinterFigures {
  const { rooms } = home;
  const house = discretiseRooms(home.network, minute_s);
  const solar_w = rooms.map(({ building }) => disturbances(building, season.truth).phi_sol_w);
  const sun_w = disturbances(home.whole, season.truth).phi_sol_w;
  const { dryBulbTemperature_c } = season.truth;
  const heaters = rooms.map(
    ({ rated_w }): HeaterOptions => ({
      rated_w,
      period_ms: 15 * 60_000,
      minimumOn_ms: 180_000,
      minimumOff_ms: 180_000,
    }),
  );
  const noise = randomNormal.source(randomLcg((seed * 0.618) % 1))(0, noise_k);
  const judgedFrom = stepOfDay(firstJudgedDay);
  const tally = createTally(rooms.length, subscribed_kva);
  const recorded = emptyRecord(home, judgedFrom);
  let x_c: Float64Array = Float64Array.from(house.C_j_k, () => start_c);
  let bank = startHeaterBank(heaters, season.startMs);
  let past = { means_c: rooms.map(() => start_c), theta_e_c: dryBulbTemperature_c[0], heat_w: 0 };

  for (let k = 0; k < season.steps; k++) {
    const timeMs = season.startMs + k * dtSeconds * 1000;
    if (k === judgedFrom) controller.learn?.(historyOf(recorded, season.startMs));
    const active = k < judgedFrom ? before : controller;
    const observation = {
      timeMs,
      theta_air_c: past.means_c.map((mean_c) => mean_c + noise()),
      theta_e_c: past.theta_e_c + noise(),
      phi_HC_w: past.heat_w,
    };
    const duties = active.decide(observation, forecastAt(k, horizonSteps));
    const sums_c = rooms.map(() => 0);
    let heat_j = 0;
    for (let minute = 0; minute < minutesAStep; minute++) {
      const nowMs = timeMs + minute * 60_000;
      const hour = homeHour(nowMs);
      const air_c = house.air.map((place) => x_c[place]);
      const rest_w = restAt_w(hour);
      const contract = { subscribed_kva, base_load_w: 0 };
      bank = stepHeaterBank(bank, heaters, {
        nowMs,
        ...(active.switchAt?.(
          air_c.map((theta_c) => theta_c + noise()),
          nowMs,
        ) ?? { duties }),
        available_w: active.isLimited ? heatersLimit_w(contract, rest_w, 0) : Number.POSITIVE_INFINITY,
      });
      const heats = bank.heaters.map(({ isOn }, i) => isOn && air_c[i] < dial_c);
      const phi_HC_w = rooms.map(({ rated_w }, i) => (heats[i] ? rated_w : 0));
      const power_w = phi_HC_w.reduce((sum, one) => sum + one, 0);
      if (active.isLimited && bankPower_w(bank, heaters) < power_w)
        throw new RangeError("more heaters than on");
      x_c = house.next(x_c, {
        theta_e_c: dryBulbTemperature_c[k],
        phi_HC_w,
        phi_sol_w: solar_w.map((column) => column[k]),
        phi_int_w: rooms.map(({ gainsAt_w }) => gainsAt_w(hour)),
      });
      for (const [i, place] of house.air.entries()) sums_c[i] += x_c[place];
      heat_j += power_w * minute_s;
      if (k >= judgedFrom)
        tally.add({
          air_c: house.air.map((place) => x_c[place]),
          setpoints_c: rooms.map((room) => setpointAt_c(room, hour)),
          power_w,
          rest_w,
          price_eur_kwh: season.rates[k].price_eur_kwh,
        });
    }
    past = {
      means_c: sums_c.map((sum) => sum / minutesAStep),
      theta_e_c: dryBulbTemperature_c[k],
      heat_w: heat_j / dtSeconds,
    };
    if (k < judgedFrom) recorded.push(k, past, sun_w[k], noise);
  }
  const stored_j = x_c.reduce((sum, theta_c, i) => sum + theta_c * house.C_j_k[i], 0);
  const last = season.rates
    .slice(Math.max(0, season.steps - 96), season.steps)
    .map(({ price_eur_kwh }) => price_eur_kwh);
  return {
    name: controller.name,
    ...tally.figures(),
    stored_kwh: stored_j / 3.6e6,
    cheapest_eur_kwh: Math.min(...last),
  };
}

interface Minute {
  readonly air_c: readonly number[];
  readonly setpoints_c: readonly number[];
  readonly power_w: number;
  readonly rest_w: number;
  readonly price_eur_kwh: number;
}

function createTally(count: number, subscribed_kva: number) {
  const zeros = () => Array.from({ length: count }, () => 0);
  const [below_kmin, lowest_k, sum_c] = [zeros(), zeros(), zeros()];
  let [cost_eur, energy_kwh, warmest_c, peak_w, overload_min, minutes] = [0, 0, -99, 0, 0, 0];
  return {
    add({ air_c, setpoints_c, power_w, rest_w, price_eur_kwh }: Minute) {
      for (const [i, theta_c] of air_c.entries()) {
        const short_k = Math.max(0, setpoints_c[i] - theta_c);
        below_kmin[i] += short_k;
        lowest_k[i] = Math.max(lowest_k[i], short_k);
        sum_c[i] += theta_c;
        warmest_c = Math.max(warmest_c, theta_c);
      }
      const energy = power_w / 60_000;
      energy_kwh += energy;
      cost_eur += energy * price_eur_kwh;
      peak_w = Math.max(peak_w, power_w + rest_w);
      if (power_w + rest_w > subscribed_kva * 1000) overload_min++;
      minutes++;
    },
    figures: () => ({
      cost_eur,
      energy_kwh,
      below_kh: below_kmin.map((sum) => sum / 60),
      lowest_k,
      warmest_c,
      mean_c: sum_c.map((sum) => sum / minutes),
      peak_kw: peak_w / 1000,
      overload_min,
    }),
  };
}

function emptyRecord({ rooms, total_w }: BenchHome, steps: number) {
  const column = () => new Float64Array(steps);
  const columns = { theta_air_c: column(), theta_e_c: column(), phi_HC_w: column(), phi_sol_w: column() };
  return {
    ...columns,
    push(
      k: number,
      { means_c, theta_e_c, heat_w }: { means_c: readonly number[]; theta_e_c: number; heat_w: number },
      sun_w: number,
      noise: () => number,
    ) {
      columns.theta_air_c[k] = means_c.reduce(
        (sum, mean_c, i) => sum + ((mean_c + noise()) * rooms[i].rated_w) / total_w,
        0,
      );
      columns.theta_e_c[k] = theta_e_c + noise();
      columns.phi_HC_w[k] = heat_w;
      columns.phi_sol_w[k] = sun_w;
    },
  };
}

function historyOf(record: ReturnType<typeof emptyRecord>, startMs: number): History {
  const { theta_air_c, theta_e_c, phi_HC_w, phi_sol_w } = record;
  return {
    startMs,
    dtSeconds,
    theta_air_c,
    valve: new Float64Array(theta_air_c.length),
    phi_HC_w,
    theta_e_c,
    phi_sol_w,
    solarGains: "windows",
  };
}
