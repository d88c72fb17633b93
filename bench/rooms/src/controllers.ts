/** Who heats the five rooms: each room by itself, or the home as a whole. */
import { type BankDemand, createRoomFloor, roomFloorTop_k, type Target } from "@azru/actuators";
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
import { type BenchRoom, rooms, setpointAt_c, wholeHome } from "./five-rooms.ts";

export const dtSeconds = 900;
export const horizonSteps = 192;
/** A room is warm when its hour comes: each room's own heater looks so far ahead, h. */
const ownAnticipation_h = 1;
/** Azru looks as far ahead as the home takes to warm up, and no farther, steps. */
const longestLead = 24;
/** What the subscribed power leaves for the heaters, as the valves file of such a home says, W. */
const heaterLimit_w = 9000 - 1500;

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
export function independentThermostats(): RoomsController {
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
export function electronicThermostats(): RoomsController {
  const laws = rooms.map(() => piLaw(piGains.room));
  return {
    name: "electronic thermostats",
    isLimited: false,
    decide: ({ theta_air_c, timeMs }) =>
      rooms.map((room, i) => laws[i](soughtAt_c(room, timeMs) + 0.5 - theta_air_c[i], dtSeconds)),
  };
}

/** The Tempo rule in each room: 2 K warmer in the night before a red day, at the setpoint in its peak hours. */
export function ruleInEachRoom(): RoomsController {
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

const total_w = rooms.reduce((sum, { rated_w }) => sum + rated_w, 0);
const weights = rooms.map(({ rated_w }) => rated_w / total_w);
const mean = (values: readonly number[]) => values.reduce((sum, value, i) => sum + weights[i] * value, 0);
/** By how much all heaters together lift the home's air within a step, by the building file. */
const homeModel = modelOf(houseOf(wholeHome), dtSeconds, "airAtEnd");
const lift_k = homeModel.D * total_w;
const hottest_c = 24; // of any room, by what its people want

/** Azru: a plan of the home, its heat shared among the rooms, or given to all alike. */
export function azru(sharing: "fair" | "alike"): RoomsController {
  const home = createHomeController({
    building: wholeHome,
    dtSeconds,
    horizonSteps,
    solver: createInteriorPoint(),
    hourOfDay: homeHour,
  });
  const share: ShareHeat =
    sharing === "fair"
      ? createRoomSharing(rooms.length, { lift_k, above_k: roomFloorTop_k })
      : (_, heat_w) => rooms.map(() => heat_w / total_w);
  let duties: readonly number[] = rooms.map(() => 0);
  let kept_c: readonly number[] = rooms.map(({ usual_c }) => usual_c);
  return {
    name: sharing === "fair" ? "Azru" : "one-zone plan, the same for all rooms",
    isLimited: true,
    ...(sharing === "fair" && { switchAt: keepRooms(() => ({ duties, kept_c })) }),
    learn(history) {
      home.learn(history);
    },
    decide({ timeMs, theta_air_c, theta_e_c, phi_HC_w }, forecast) {
      const min_c = Float64Array.from(forecast.price_eur_kwh, (_, k) =>
        mean(rooms.map((room) => setpointAt_c(room, homeHour(timeMs + k * dtSeconds * 1000)))),
      );
      const seen = { timeMs, theta_air_c: mean(theta_air_c), theta_e_c, phi_HC_w };
      const { valve } = home.decide(seen, { ...forecast, min_c });
      kept_c = rooms.map((room, i) => keptAbove_c(room, timeMs, theta_air_c[i], forecast.theta_e_c[0]));
      const shared = rooms.map((room, i) => ({
        rated_w: room.rated_w,
        theta_air_c: theta_air_c[i],
        setpoint_c: kept_c[i],
        max_c: hottest_c,
      }));
      duties = share(shared, valve * total_w, dtSeconds);
      return duties;
    },
  };
}

/** As the valves service does: a room that is too near its setpoint is heated fully, the others for their share. */
function keepRooms(
  commandsNow: () => { readonly duties: readonly number[]; readonly kept_c: readonly number[] },
): NonNullable<RoomsController["switchAt"]> {
  const follow = rooms.map(() => createRoomFloor());
  return (theta_air_c) => {
    const { duties, kept_c } = commandsNow();
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
  };
}

/** As the core does: a higher setpoint counts as long before its time as the home takes to get there. */
function keptAbove_c(room: BenchRoom, timeMs: number, theta_air_c: number, theta_e_c: number): number {
  const setpoints_c = Float64Array.from({ length: longestLead }, (_, k) =>
    setpointAt_c(room, homeHour(timeMs + k * dtSeconds * 1000)),
  );
  const heat_w = Math.min(total_w, heaterLimit_w);
  return anticipated_c({
    setpoints_c,
    theta_air_c,
    above_k: roomFloorTop_k,
    stepsTo: (from_c, to_c) =>
      warmUpSteps({ model: homeModel, heat_w, theta_e_c, from_c, to_c }, longestLead),
  });
}
