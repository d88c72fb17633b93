/** Who heats the rooms: each room by itself, or the home as a whole. */
import {
  type BankDemand,
  createRoomFloor,
  heatersLimit_w,
  roomFloorTop_k,
  type Target,
} from "@azru/actuators";
import {
  anticipated_c,
  createInteriorPoint,
  createRoomSharing,
  createTempoRule,
  type Forecast,
  piGains,
  piLaw,
  type ShareHeat,
  warmUpSteps,
} from "@azru/control";
import { houseOf, modelOf } from "@azru/house";
import type { History } from "@azru/identification";
import { homeHour } from "@azru/runtime";
import { createHomeController } from "@azru/simulation";
import { type BenchHome, type BenchRoom, setpointAt_c } from "./bench-home.ts";

export const dtSeconds = 900;
export const horizonSteps = 192;
/** A room is warm when its hour comes: each room's own heater looks so far ahead, h. */
const ownAnticipation_h = 1;
/** Azru looks as far ahead as the home takes to warm up, and no farther, steps. */
const longestLead = 24;
/** What the valves file of such a home says of the rest of it, W. */
const base_load_w = 1500;

/** Whose rooms are heated, and within what power. */
export interface Dwelling {
  readonly home: BenchHome;
  readonly subscribed_kva: number;
}

/** What the home measures at the start of a step. */
interface RoomsObservation {
  readonly timeMs: number; // Unix time
  readonly theta_air_c: readonly number[]; // by room, mean of the step just past, with the sensors' errors
  readonly theta_e_c: number;
  readonly phi_HC_w: number; // heat of all heaters, mean of the step just past
}

export interface RoomsController {
  readonly name: string;
  /** Whether the home shares its subscribed power among the heaters. */
  readonly isLimited: boolean;
  /** What the home recorded before; called once. */
  learn?(history: History): void;
  /** Share of the step that each room's heaters are to be on, 0 to 1. */
  decide(observation: RoomsObservation, forecast: Forecast): readonly number[];
  /** Asked each minute where given, in the place of the shares of the step; by the thermometers of that minute. */
  switchAt?(theta_air_c: readonly number[], timeMs: number): Pick<BankDemand, "duties" | "areFirst">;
}

/** The highest setpoint of a room from now until it must be warm. */
function soughtAt_c(room: BenchRoom, timeMs: number, reach_h = ownAnticipation_h): number {
  let highest_c = Number.NEGATIVE_INFINITY;
  for (let ahead_h = 0; ahead_h <= reach_h; ahead_h += 0.25)
    highest_c = Math.max(highest_c, setpointAt_c(room, homeHour(timeMs + ahead_h * 3_600_000)));
  return highest_c;
}

/** A thermostat in each room, on half a kelvin above the room's setpoint and off a kelvin later. */
export function independentThermostats({ home: { rooms } }: Dwelling): RoomsController {
  const on = rooms.map(() => false);
  return {
    name: "independent thermostats",
    isLimited: false,
    decide: () => rooms.map(() => 0),
    switchAt(theta_air_c, timeMs) {
      for (const [i, room] of rooms.entries()) {
        const above_k = theta_air_c[i] - soughtAt_c(room, timeMs);
        if (above_k < 0.5) on[i] = true;
        else if (above_k > 1.5) on[i] = false;
      }
      return { duties: on.map(Number) };
    },
  };
}

/** An electronic thermostat in each room: PI control half a kelvin above the room's setpoint. */
export function electronicThermostats({ home: { rooms } }: Dwelling): RoomsController {
  const laws = rooms.map(() => piLaw(piGains.room));
  return {
    name: "electronic thermostats",
    isLimited: false,
    decide: ({ theta_air_c, timeMs }) =>
      rooms.map((room, i) => laws[i](soughtAt_c(room, timeMs) + 0.5 - theta_air_c[i], dtSeconds)),
  };
}

/** The Tempo rule in each room: 2 K warmer in the night before a red day, at the setpoint in its peak hours. */
export function ruleInEachRoom({ home: { rooms } }: Dwelling): RoomsController {
  const rules = rooms.map(() =>
    createTempoRule({ usual_c: 19.5, before_c: 21.5, red_c: 19, min_c: 19, dtSeconds }),
  );
  return {
    name: "Tempo rule in each room",
    isLimited: false,
    decide: ({ theta_air_c, timeMs }, forecast) =>
      rooms.map((room, i) => {
        const seen = { theta_air_c: theta_air_c[i], x_c: [theta_air_c[i]] };
        const min_c = Float64Array.of(soughtAt_c(room, timeMs));
        return rules[i].decide(seen, { ...forecast, min_c }).valve;
      }),
  };
}

const hottest_c = 24; // of any room, by what its people want

/** Azru: a plan of the home, its heat shared among the rooms, or given to all alike. */
export function azru(dwelling: Dwelling, sharing: "fair" | "alike"): RoomsController {
  const { rooms, whole, total_w } = dwelling.home;
  const controller = createHomeController({
    building: whole,
    dtSeconds,
    horizonSteps,
    solver: createInteriorPoint(),
    hourOfDay: homeHour,
  });
  const anticipated = createAnticipation(dwelling);
  const lift_k = homeModelOf(dwelling).D * total_w;
  const share: ShareHeat =
    sharing === "fair"
      ? createRoomSharing(rooms.length, { lift_k, above_k: roomFloorTop_k })
      : (_, heat_w) => rooms.map(() => heat_w / total_w);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value, i) => sum + (rooms[i].rated_w / total_w) * value, 0);
  const planned: RoomsController = {
    name: sharing === "fair" ? "Azru" : "one-zone plan, the same for all rooms",
    isLimited: true,
    learn(history) {
      controller.learn(history);
    },
    decide(observation, forecast) {
      const { timeMs, theta_air_c, theta_e_c, phi_HC_w } = observation;
      const min_c = Float64Array.from(forecast.price_eur_kwh, (_, k) =>
        mean(rooms.map((room) => setpointAt_c(room, homeHour(timeMs + k * dtSeconds * 1000)))),
      );
      const seen = { timeMs, theta_air_c: mean(theta_air_c), theta_e_c, phi_HC_w };
      const { valve } = controller.decide(seen, { ...forecast, min_c });
      const kept_c = anticipated(observation, forecast);
      const shared = rooms.map(({ rated_w }, i) => ({
        rated_w,
        theta_air_c: theta_air_c[i],
        setpoint_c: kept_c[i],
        max_c: hottest_c,
      }));
      return share(shared, valve * total_w, dtSeconds);
    },
  };
  return sharing === "fair" ? keptByTheMinute(planned, dwelling) : planned;
}

/**
 * A controller whose heaters are kept as the valves service keeps those of Azru: a room that is too near its setpoint is
 * heated fully, the others for their share, together within the subscribed power.
 */
export function keptByTheMinute(controller: RoomsController, dwelling: Dwelling): RoomsController {
  const { rooms } = dwelling.home;
  const anticipated = createAnticipation(dwelling);
  const follow = rooms.map(() => createRoomFloor());
  let duties: readonly number[] = rooms.map(() => 0);
  let kept_c: readonly number[] = rooms.map(({ usual_c }) => usual_c);
  return {
    ...controller,
    isLimited: true,
    decide(observation, forecast) {
      duties = controller.decide(observation, forecast);
      kept_c = anticipated(observation, forecast);
      return duties;
    },
    switchAt(theta_air_c) {
      const targets = rooms.map((_, i) => {
        const asked: Target = {
          kind: "open",
          opening_percent: 100 * duties[i],
          setpoint_c: kept_c[i],
          number: 0,
        };
        return follow[i](asked, theta_air_c[i]);
      });
      return {
        duties: targets.map((target) => (target.kind === "open" ? target.opening_percent / 100 : 0)),
        areFirst: targets.map((target) => target.kind === "open" && target.isCold === true),
      };
    },
  };
}

/** The home as one zone by its building file. */
const homeModelOf = ({ home }: Dwelling) => modelOf(houseOf(home.whole), dtSeconds, "airAtEnd");

/**
 * What each room is to be kept above from now on. As the core does: a higher setpoint counts as long before its time as
 * the home takes to get there.
 */
function createAnticipation(dwelling: Dwelling) {
  const { home, subscribed_kva } = dwelling;
  const model = homeModelOf(dwelling);
  const heat_w = Math.min(home.total_w, heatersLimit_w({ subscribed_kva, base_load_w }));
  return ({ timeMs, theta_air_c }: RoomsObservation, { theta_e_c: outdoors_c }: Forecast): number[] =>
    home.rooms.map((room, i) =>
      anticipated_c({
        setpoints_c: Float64Array.from({ length: longestLead }, (_, k) =>
          setpointAt_c(room, homeHour(timeMs + k * dtSeconds * 1000)),
        ),
        theta_air_c: theta_air_c[i],
        above_k: roomFloorTop_k,
        stepsTo: (from_c, to_c) =>
          warmUpSteps({ model, heat_w, theta_e_c: outdoors_c[0], from_c, to_c }, longestLead),
      }),
    );
}
