/**
 * What the home is doing and why, read from what the core says of itself. Claims nothing that the plan, the
 * prices and the state do not show.
 */
import type {
  ComfortResponse,
  LowerCeilingResponse,
  PlanResponse,
  StateResponse,
  TariffState,
} from "@azru/contracts";

/** What there is to read from; null before the first of its kind. */
export interface Situation {
  readonly state: StateResponse;
  readonly plan: PlanResponse | null;
  readonly tariff: TariffState | null;
  readonly comfort: ComfortResponse | null;
}

type Colour = NonNullable<TariffState["today"]["colour"]>;

/** A dearer time to come. */
export interface Dearer {
  readonly atMs: number;
  readonly price_eur_kwh: number;
  readonly colour: Colour | null;
  /** It begins with tomorrow's tariff day, which has another colour than today's. */
  readonly isTomorrow: boolean;
}

/** What is done, and the strongest reason that can be shown. */
export type Why =
  | { readonly kind: "waiting"; readonly hasTemperature: boolean }
  | { readonly kind: "manual"; readonly valve_percent: number; readonly untilMs: number }
  | { readonly kind: "off" }
  | { readonly kind: "failsafe"; readonly valve_percent: number }
  /** `untilLearnt`: the model of the house has not proved itself yet. */
  | { readonly kind: "thermostat"; readonly isHeating: boolean; readonly untilLearnt?: true }
  /** Heat put into the walls before it gets dearer. */
  | {
      readonly kind: "storing";
      readonly heat_kwh: number;
      readonly from_c: number;
      readonly to_c: number;
      /** Heat that the walls take up. */
      readonly stored_kwh: number;
      /** What the plan saves against heating just what the least comfort needs; null where it does not say. */
      readonly saving_eur: number | null;
      /** How far ahead the plan looks, and so what that counts. */
      readonly horizon_h: number;
      readonly before: Dearer;
    }
  /** Heat that keeps the least comfort. */
  | { readonly kind: "holding"; readonly min_c: number }
  /** Heat for a setpoint that rises ahead. */
  | {
      readonly kind: "warming";
      readonly setpoint_c: number;
      readonly atMs: number;
      readonly isReturn: boolean;
    }
  /** No hour of the plan is cheaper. */
  | { readonly kind: "cheapest"; readonly price_eur_kwh: number }
  | { readonly kind: "heating"; readonly expected_c: number | null }
  /** Waits for a cheaper time. */
  | {
      readonly kind: "saving";
      readonly price_eur_kwh: number;
      readonly untilMs: number;
      readonly later_eur_kwh: number;
      readonly lowest_c: number;
    }
  | { readonly kind: "resting"; readonly untilMs: number; readonly lowest_c: number }
  /** No heat in the whole plan. */
  | { readonly kind: "warm"; readonly lowest_c: number }
  | { readonly kind: "idle" };

/** Below this a valve counts as closed, %. */
const closed_percent = 1;
/** A price has to rise by this share to be a reason. */
const dearer = 1.1;
/** The walls have to warm by this to be said to store, K. */
const stored_k = 0.1;
/** The room counts as held at the least comfort within this, K. */
const held_k = 0.3;
/** A step stores where it warms the walls at least at this share of the mean pace until the dearer time. */
const leastShareOfRise = 0.25;
const cheaper_eur_kwh = 1e-6;
/** A saving below this is none to speak of, EUR. */
const worthSaying_eur = 0.01;

export function whyOf({ state, plan, tariff, comfort }: Situation): Why {
  const { decision, manual, rooms } = state;
  // Frost protection and the upper limit overrule a person too.
  if (decision && state.failsafe.active) {
    return { kind: "failsafe", valve_percent: decision.valve_position };
  }
  if (state.mode === "off") return { kind: "off" };
  if (manual) {
    const { valve_position, expires_at } = manual;
    return { kind: "manual", valve_percent: valve_position, untilMs: Date.parse(expires_at) };
  }
  if (!decision) return { kind: "waiting", hasTemperature: rooms.length > 0 };
  const valve_percent = decision.valve_position;
  const isHeating = valve_percent >= closed_percent;
  if (decision.source === "thermostat") {
    const isProved = state.model.standing?.trusted ?? true;
    return { kind: "thermostat", isHeating, ...(!isProved && { untilLearnt: true as const }) };
  }
  const ahead = plan && stepsAhead(plan, Date.parse(state.time));
  if (!ahead) return isHeating ? { kind: "heating", expected_c: null } : { kind: "idle" };
  return isHeating ? whyHeating(state, ahead, tariff, comfort, plan.plan.storage_saving) : whyNot(ahead);
}

interface Step {
  readonly atMs: number;
  readonly valve_percent: number;
  /** From now on, where the step is in progress. */
  readonly heat_kwh: number;
  readonly theta_air_c: number;
  readonly theta_m_end_c: number;
  readonly price_eur_kwh: number;
}

/** From the step in progress to the end of the plan, at least one; undefined where the plan does not reach. */
function stepsAhead({ plan }: PlanResponse, nowMs: number): readonly Step[] | undefined {
  const { step_s } = plan;
  const first = plan.time.findIndex((time) => {
    const atMs = Date.parse(time);
    return atMs <= nowMs && nowMs < atMs + step_s * 1000;
  });
  if (first < 0) return undefined;
  const steps = plan.time.map((time, k) => ({
    atMs: Date.parse(time),
    valve_percent: plan.valve_position[k],
    heat_kwh: (plan.heating_power[k] * Math.min(step_s, (Date.parse(time) - nowMs) / 1000 + step_s)) / 3.6e6,
    theta_air_c: plan.temperature[k],
    theta_m_end_c: plan.mass_temperature[k],
    price_eur_kwh: plan.electricity_price[k],
  }));
  return steps.slice(first);
}

function whyHeating(
  state: StateResponse,
  steps: readonly Step[],
  tariff: TariffState | null,
  comfort: ComfortResponse | null,
  storage_eur: number | undefined,
): Why {
  const [now] = steps;
  const from_c = state.estimate?.mass_temperature;
  const rise = steps.findIndex(({ price_eur_kwh }) => price_eur_kwh > now.price_eur_kwh * dearer);
  if (rise > 0 && from_c !== undefined) {
    const before = steps.slice(0, rise);
    const to_c = before[rise - 1].theta_m_end_c;
    const couldWait = before.some(({ price_eur_kwh }) => price_eur_kwh < now.price_eur_kwh - cheaper_eur_kwh);
    const nowMs = Date.parse(state.time);
    if (!couldWait && to_c - from_c >= stored_k && isStoring(steps.slice(0, rise + 1), from_c, nowMs)) {
      const heat_kwh = before.reduce((sum, step) => sum + step.heat_kwh, 0);
      const stored_kwh = (to_c - from_c) * (state.estimate?.heat_capacity ?? 0);
      const saving_eur = storage_eur !== undefined && storage_eur >= worthSaying_eur ? storage_eur : null;
      return {
        kind: "storing",
        heat_kwh,
        from_c,
        to_c,
        stored_kwh,
        saving_eur,
        horizon_h: Math.round((steps[steps.length - 1].atMs + steps[1].atMs - 2 * now.atMs) / 3_600_000),
        before: dearerTime(steps[rise], tariff),
      };
    }
  }
  const { min: min_c } = state.comfort;
  if (now.theta_air_c <= min_c + held_k) return { kind: "holding", min_c };
  const rising = risingSetpoint(steps, comfort);
  if (rising) return rising;
  const prices = steps.map(({ price_eur_kwh }) => price_eur_kwh);
  const isCheapest = now.price_eur_kwh <= Math.min(...prices) + cheaper_eur_kwh;
  if (isCheapest && Math.max(...prices) > now.price_eur_kwh * dearer) {
    return { kind: "cheapest", price_eur_kwh: now.price_eur_kwh };
  }
  return { kind: "heating", expected_c: now.theta_air_c };
}

/**
 * Whether the step in progress takes part in the warming of the walls until the dearer time; where it does not,
 * the room is only held now, and the storing comes later.
 */
function isStoring(steps: readonly Step[], from_c: number, nowMs: number): boolean {
  const [now] = steps;
  const dearerMs = steps[steps.length - 1].atMs;
  const to_c = steps[steps.length - 2].theta_m_end_c;
  const stepEndMs = steps[1].atMs;
  const share = (stepEndMs - nowMs) / (dearerMs - nowMs);
  return now.theta_m_end_c - from_c >= leastShareOfRise * share * (to_c - from_c);
}

/** The first higher setpoint that the plan reaches, where the room is still colder and gets warmer until then. */
function risingSetpoint(steps: readonly Step[], comfort: ComfortResponse | null): Why | undefined {
  const [now] = steps;
  const [held, ...later] = comfort?.ahead ?? [];
  const next = later.find(({ setpoint_c }) => setpoint_c > held.setpoint_c);
  if (!next || now.theta_air_c >= next.setpoint_c) return undefined;
  const atMs = Date.parse(next.start);
  const before = steps.filter((step) => step.atMs < atMs);
  const isReached = atMs < steps[steps.length - 1].atMs;
  const getsWarmer = before[before.length - 1].theta_m_end_c > now.theta_m_end_c;
  if (!isReached || !(before.length === 1 || getsWarmer)) return undefined;
  return { kind: "warming", setpoint_c: next.setpoint_c, atMs, isReturn: held.rule === "vacation" };
}

function dearerTime({ atMs, price_eur_kwh }: Step, tariff: TariffState | null): Dearer {
  const rate = tariff?.rates.find(({ start, end }) => Date.parse(start) <= atMs && atMs < Date.parse(end));
  const isTomorrow = tariff !== null && atMs >= tomorrowMs(tariff) && rate?.colour !== tariff.today.colour;
  return { atMs, price_eur_kwh, colour: rate?.colour ?? null, isTomorrow };
}

/** When tomorrow's tariff day begins: half of its two days, to the nearest change of price. */
export function tomorrowMs({ rates }: TariffState): number {
  const starts = rates.map(({ start }) => Date.parse(start));
  const middleMs = (starts[0] + Date.parse(rates.at(-1)?.end ?? "")) / 2;
  return starts.reduce((best, one) => (Math.abs(one - middleMs) < Math.abs(best - middleMs) ? one : best));
}

function whyNot(steps: readonly Step[]): Why {
  const [now] = steps;
  const next = steps.findIndex(({ valve_percent }, k) => k > 0 && valve_percent >= closed_percent);
  const rest = next < 0 ? steps : steps.slice(0, next);
  const lowest_c = Math.min(...rest.map(({ theta_air_c }) => theta_air_c));
  if (next < 0) return { kind: "warm", lowest_c };
  const { atMs: untilMs, price_eur_kwh: later_eur_kwh } = steps[next];
  if (now.price_eur_kwh > later_eur_kwh * dearer) {
    return { kind: "saving", price_eur_kwh: now.price_eur_kwh, untilMs, later_eur_kwh, lowest_c };
  }
  return { kind: "resting", untilMs, lowest_c };
}

/** A stretch of the plan in which it heats, and what for. */
export interface Next {
  /** Undefined where it heats already. */
  readonly fromMs: number | undefined;
  /** Undefined where it heats until the plan ends. */
  readonly toMs: number | undefined;
  /** When it heats again after that; undefined where the plan does not know. */
  readonly againMs: number | undefined;
  /** The dearer time that it heats for; undefined where there is none. */
  readonly before: Dearer | undefined;
}

/** What the plan does next; undefined where no plan is followed, or it does not heat at all. */
export function nextOf({ state, plan, tariff }: Situation): Next | undefined {
  if (state.mode !== "auto" || state.failsafe.active || state.decision?.source !== "mpc") return undefined;
  const steps = plan && stepsAhead(plan, Date.parse(state.time));
  if (!steps) return undefined;
  const isOn = ({ valve_percent }: Step) => valve_percent >= closed_percent;
  const first = steps.findIndex(isOn);
  if (first < 0) return undefined;
  const at = (k: number) => (k < 0 ? undefined : steps[k].atMs);
  const end = steps.findIndex((step, k) => k > first && !isOn(step));
  const again = steps.findIndex((step, k) => end >= 0 && k > end && isOn(step));
  const dear = end < 0 ? undefined : steps[end];
  // A stretch that began at a dearer price heats for comfort: it does not wait for a cheap hour.
  const isForDearer =
    dear !== undefined &&
    steps[first].price_eur_kwh <= steps[end - 1].price_eur_kwh * dearer &&
    dear.price_eur_kwh > steps[end - 1].price_eur_kwh * dearer &&
    steps[end - 1].theta_m_end_c > steps[first].theta_m_end_c + stored_k;
  return {
    fromMs: first === 0 ? undefined : at(first),
    toMs: at(end),
    againMs: at(again),
    before: isForDearer ? dearerTime(dear, tariff) : undefined,
  };
}

/** How warm the room gets before a dearer time. */
export interface Peak {
  readonly atMs: number;
  readonly theta_c: number;
  /** What a lower ceiling would cost more, by the optimiser's two plans; undefined where it has not said. */
  readonly lower: Lower | undefined;
}

interface Lower {
  readonly by_k: number;
  readonly cost_eur: number;
  /** What both plans look ahead. */
  readonly horizon_h: number;
}

/** The room has to get this much warmer than the setpoint to be worth a warning, K. */
const worthWarning_k = 1;
/** So old may the plan be that a lower ceiling was compared with. */
const longestKnown_ms = 3_600_000;

/**
 * The warmest that the plan expects before the price rises; undefined where it stays near the setpoint or only cools.
 *
 * @param lower what the optimiser said of a lower ceiling the last time it was asked
 */
export function peakOf(
  { state, plan }: Pick<Situation, "state" | "plan">,
  lower: LowerCeilingResponse | null = null,
): Peak | undefined {
  if (state.mode !== "auto" || state.decision?.source !== "mpc") return undefined;
  const nowMs = Date.parse(state.time);
  const steps = plan && stepsAhead(plan, nowMs);
  if (!steps) return undefined;
  const rise = steps.findIndex(
    (step, k) => k > 0 && step.price_eur_kwh > steps[k - 1].price_eur_kwh * dearer,
  );
  if (rise < 0) return undefined;
  const warmest = steps.slice(0, rise + 1).reduce((a, b) => (b.theta_air_c > a.theta_air_c ? b : a));
  if (warmest === steps[0]) return undefined; // it gets no warmer than it is
  if (warmest.theta_air_c < state.comfort.min + worthWarning_k) return undefined;
  const isKnown = lower !== null && Math.abs(nowMs - Date.parse(lower.start)) <= longestKnown_ms;
  return {
    atMs: warmest.atMs,
    theta_c: warmest.theta_air_c,
    lower: isKnown
      ? {
          by_k: lower.by,
          cost_eur: lower.cost,
          horizon_h: Math.round((Date.parse(lower.end) - Date.parse(lower.start)) / 3_600_000),
        }
      : undefined,
  };
}
