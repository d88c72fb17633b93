/** The controller of a home that nobody has modelled before: it learns the house, and plans once its model is proved. */
import {
  createTempoRule,
  type Forecast,
  type MpcProblem,
  mpcProblem,
  type Plan,
  type Solver,
} from "@azru/control";
import { houseOf, modelOf } from "@azru/house";
import {
  dayRecordOf,
  type History,
  type HouseFilterMemory,
  type Learning,
  learnHouse,
  recordOfErrors,
  typicalNoise,
} from "@azru/identification";
import { installerGains } from "./baseline.ts";
import { type Building, heatingCop } from "./building.ts";
import { type Standing, standingOf } from "./earned-control.ts";
import { createHouseKnowledge, type HouseKnowledge, type KnownHouse } from "./house-knowledge.ts";

/** What a home measures of the step just past; absent or NaN where nothing was. */
export interface HomeObservation {
  readonly timeMs: number; // Unix time, now
  readonly theta_air_c?: number;
  readonly theta_e_c?: number;
  readonly phi_HC_w: number; // heat of the heater
}

/** A decision, and why it was made so. */
export interface HomeDecision {
  readonly valve: number; // 0 to 1
  /** Absent where the rule decided. */
  readonly plan?: Plan;
  readonly standing: Standing;
}

export interface HomeControllerOptions {
  readonly building: Building;
  readonly dtSeconds: number;
  readonly horizonSteps: number;
  readonly solver: Solver;
  /** Hour of the day, 0 to 24, of a Unix time in ms. */
  readonly hourOfDay: (timeMs: number) => number;
  /** As of `HouseFilterOptions`. */
  readonly isDayOff?: (timeMs: number) => boolean;
  /** A house that is known already; learnt from nothing when absent. */
  readonly known?: KnownHouse;
  /** What an earlier run knew of the house's states and of its predictions. */
  readonly memory?: HouseFilterMemory;
  /** Days between two attempts to learn from what was recorded; never when absent. */
  readonly learnsEvery_days?: number;
}

export interface HomeController {
  readonly name: string;
  readonly horizonSteps: number;
  readonly standing: Standing;
  readonly knowledge: HouseKnowledge;
  /** What came of the last attempt to learn; undefined before the first. */
  readonly learning: Learning | undefined;
  /** Learns from a history that was recorded before, which goes on being recorded. */
  learn(history: History): Learning;
  decide(observation: HomeObservation, forecast: Forecast): HomeDecision;
}

/**
 * Of the rule, in the off-peak hours before a red day: about the middle of `ruleFamily`. A kWh costs four times as much
 * in a red peak hour, so that it pays where less than three quarters of it are lost until then.
 */
const boost_k = 4;
const remembers_days = 60;

/** The house of a building file, as `calibrate` has written it there or by the standard: it has yet to prove itself. */
export function unprovedHouse(building: Building): KnownHouse {
  const { learnt } = building;
  if (learnt) return { house: learnt.house, noise: learnt.noise, record: learnt.record };
  return { house: houseOf(building), noise: typicalNoise(building.zone.floorArea_m2) };
}

const provedDays = 3; // that held-out days count as, beside the home's own

/** The house to go on with after a learning: what was learnt where it was accepted, else that of the building file. */
export function houseAfter({ accepted, learnt, file, validation }: Learning): KnownHouse {
  const { house, noise } = accepted && learnt ? learnt : file;
  if (!validation) return { house, noise };
  const errors = accepted ? validation.learnt : validation.file;
  return {
    house,
    noise,
    record: recordOfErrors(errors.byLead_k, provedDays),
    days: dayRecordOf(errors, validation.yesterday, 24 * provedDays),
  };
}

/**
 * The problem of a home at one moment: what is known of the house and foreseen, as `mpcProblem` takes it; undefined
 * before the first temperature.
 */
export function homeProblem(
  building: Building,
  knowledge: HouseKnowledge,
  horizonSteps: number,
  nowMs: number,
  forecast: Forecast,
): MpcProblem | undefined {
  const ahead = knowledge.foresee(nowMs, forecast);
  if (!ahead) return undefined;
  const options = {
    // A step that ends warm enough, and began so, is warm enough throughout; its mean hides a cold end.
    model: modelOf(
      knowledge.known.house,
      forecast.dtSeconds,
      building.comfort.of === "operative" ? "operative" : "airAtEnd",
    ),
    maxPower_w: knowledge.known.house.heaterPower_w,
    cop: (theta_e_c: number) => heatingCop(building, theta_e_c),
    horizonSteps,
    comfort: building.comfort,
  };
  return mpcProblem(options, ahead, ahead);
}

/**
 * The rule that heats until a model is proved: as warm as the thermostat's mean, warmer before a red day, and in its peak
 * hours as warm as where the thermostat begins to heat.
 */
export function unprovedRule({ thermostat, comfort, heating }: Building, dtSeconds: number) {
  const usual_c = (thermostat.on_c + thermostat.off_c) / 2;
  const before_c = Math.max(usual_c, Math.min(comfort.max_c, usual_c + boost_k));
  const red_c = Math.min(usual_c, Math.max(comfort.min_c, thermostat.on_c));
  const gains = installerGains(heating.emission);
  return createTempoRule({ usual_c, before_c, red_c, min_c: comfort.min_c, gains, dtSeconds });
}

/** The controller of one home. Each instance has its own memory. */
export function createHomeController(options: HomeControllerOptions): HomeController {
  const { building, dtSeconds, horizonSteps, solver, hourOfDay, learnsEvery_days } = options;
  const rule = unprovedRule(building, dtSeconds);
  const recorded = emptyHistory(dtSeconds);
  const { known = unprovedHouse(building), memory, isDayOff } = options;
  const knowledge = createHouseKnowledge(known, {
    dtSeconds,
    hourOfDay,
    ...(isDayOff && { isDayOff }),
    ...(memory && { memory }),
  });
  let standing = standingOf(knowledge.filter.days, false);
  let sun_w = Number.NaN; // of the step just past, through the file's windows
  let valve = Number.NaN; // of the step just past
  let steps = 0; // recorded
  let learning: Learning | undefined;
  let isLearnt = options.known !== undefined;

  function learn(): Learning {
    learning = learnHouse(recorded.history(), building, { hourOfDay });
    goOnAfter(learning);
    return learning;
  }

  /** A refusal is no reason to give up a house that was learnt before and predicts well. */
  function goOnAfter(learning: Learning): void {
    if (!learning.accepted && isLearnt && standing.isTrusted) return;
    isLearnt = learning.accepted;
    // What the home has recorded holds forecasts' errors too, which held-out days do not.
    knowledge.change(houseAfter(learning), standing.isTrusted);
    standing = standingOf(knowledge.filter.days, standing.isTrusted);
  }

  return {
    name: "azru",
    horizonSteps,
    get standing() {
      return standing;
    },
    knowledge,
    get learning() {
      return learning;
    },
    learn(history) {
      recorded.restore(history);
      const first = learn();
      knowledge.replay(recorded.history());
      // The days that the house was learnt from are no proof of it: only those held out are.
      goOnAfter(first);
      return first;
    },
    decide({ timeMs, phi_HC_w, theta_air_c = Number.NaN, theta_e_c = Number.NaN }, forecast) {
      knowledge.advance({ phi_HC_w, theta_air_c, theta_e_c });
      const isOver = !Number.isNaN(sun_w); // a step that was foreseen
      if (isOver) recorded.push(timeMs, { theta_air_c, theta_e_c, phi_HC_w, sun_w, valve });
      sun_w = forecast.phi_sol_w[0];
      const dueEvery =
        learnsEvery_days === undefined ? 0 : Math.round((learnsEvery_days * 86_400) / dtSeconds);
      if (dueEvery > 0 && isOver && ++steps % dueEvery === 0) learn();
      standing = standingOf(knowledge.filter.days, standing.isTrusted);
      const isSeen = !Number.isNaN(theta_air_c);
      const ruled = isSeen ? rule.decide({ theta_air_c, x_c: [theta_air_c] }, forecast).valve : 0;
      const problem = homeProblem(building, knowledge, horizonSteps, timeMs, forecast);
      const plan = problem && standing.isTrusted ? solver(problem) : undefined;
      valve = plan ? plan.valve[0] : ruled;
      return { valve, ...(plan && { plan }), standing };
    },
  };
}

interface RecordedStep {
  readonly theta_air_c: number;
  readonly theta_e_c: number;
  readonly phi_HC_w: number;
  readonly sun_w: number;
  readonly valve: number;
}

const unrecorded: RecordedStep = {
  theta_air_c: Number.NaN,
  theta_e_c: Number.NaN,
  phi_HC_w: Number.NaN,
  sun_w: Number.NaN,
  valve: Number.NaN,
};

/** What a home has recorded; older than `remembers_days` is dropped. */
function emptyHistory(dtSeconds: number) {
  const stepMs = dtSeconds * 1000;
  const perDay = Math.round(86_400_000 / stepMs);
  let steps: RecordedStep[] = [];
  let endMs = 0;
  const column = (from: number, of: (step: RecordedStep) => number) =>
    Float64Array.from(steps.slice(from), of);
  return {
    /** @param atMs when the step ended */
    push(atMs: number, step: RecordedStep) {
      // Time that was not recorded is a gap, not another history; one as long as the memory leaves nothing.
      const missing = Math.round((atMs - endMs) / stepMs) - 1;
      if (missing > remembers_days * perDay) steps = [];
      else if (steps.length > 0) for (let k = 0; k < missing; k++) steps.push(unrecorded);
      steps.push(step);
      endMs = atMs;
      if (steps.length > (remembers_days + 1) * perDay) steps = steps.slice(-remembers_days * perDay);
    },
    restore({ startMs, theta_air_c, theta_e_c, phi_HC_w, phi_sol_w, valve }: History) {
      if (!phi_HC_w) throw new RangeError("history.phi_HC_w is missing: a home meters its heat");
      steps = Array.from(theta_air_c, (air_c, k) => ({
        theta_air_c: air_c,
        theta_e_c: theta_e_c[k],
        phi_HC_w: phi_HC_w[k],
        sun_w: phi_sol_w[k],
        valve: valve[k],
      }));
      endMs = startMs + steps.length * stepMs;
    },
    history(days = remembers_days): History {
      const from = Math.max(0, steps.length - days * perDay);
      return {
        startMs: endMs - (steps.length - from) * stepMs,
        dtSeconds,
        theta_air_c: column(from, (step) => step.theta_air_c),
        valve: column(from, (step) => step.valve),
        phi_HC_w: column(from, (step) => step.phi_HC_w),
        theta_e_c: column(from, (step) => step.theta_e_c),
        phi_sol_w: column(from, (step) => step.sun_w),
        solarGains: "windows",
      };
    },
  };
}
