/** What the home and its baseline cost side by side. */
import { storeTemperature_c } from "@azru/house";
import { homeDay } from "@azru/runtime";
import type { Disturbances } from "@azru/simulation";
import { type BaselineState, type BaselineStep, baselineSteps, shiftedStates, statesOf } from "./baseline.ts";
import { type CostInterval, CostLedger, type Counted } from "./cost-ledger.ts";
import { gainsTranslation, type HouseModel, translatedGains } from "./house-model.ts";
import { shifted } from "./shifted.ts";
import { type Savings, withSpent } from "./spending.ts";

/** Where the home stands at an instant. */
type HomeState = Pick<BaselineState, "theta_m_c" | "theta_air_c" | "heating" | "x_c">;

/** The home's temperatures by one model. */
type HeldTemperatures = Pick<BaselineState, "theta_m_c" | "x_c">;

/** A change of model, and the home by the model before and by the one after; undefined before the first measurement. */
export interface ModelChange {
  readonly from: HouseModel;
  readonly to: HouseModel;
  readonly before: HeldTemperatures | undefined;
  readonly after: HeldTemperatures | undefined;
}

/** The steps that begin: what acts on the house, prices, setpoints. */
interface Foreseen {
  readonly weather: Disturbances;
  readonly price_eur_kwh: Float64Array;
  readonly min_c: Float64Array;
}

export class SavingsMeter {
  #ledger = new CostLedger();
  #baseline: BaselineState | undefined;
  #savings: Savings | undefined;
  #foreseen: Foreseen | undefined;

  constructor(stored: { readonly baseline?: BaselineState; readonly savings?: Savings | undefined }) {
    this.#baseline = stored.baseline;
    this.#savings = stored.savings;
  }

  /** Undefined until the baseline begins. */
  get savings(): Savings | undefined {
    return this.#savings;
  }

  /** The baseline's walls. */
  get theta_m_c(): number | undefined {
    return this.#baseline?.theta_m_c;
  }

  foresee(weather: Disturbances, price_eur_kwh: Float64Array, min_c: Float64Array): void {
    this.#foreseen = { weather, price_eur_kwh, min_c };
  }

  /** The home has paid for the heat of a time; it counts as far as the baseline's cost of that time is known. */
  addPaid(paid: CostInterval): void {
    this.#count(this.#ledger.addPaid(paid));
  }

  /**
   * Takes the baseline to an instant, as far as that was foreseen; at the beginning and after a gap it starts where the
   * home stands.
   *
   * @param home undefined where that is not known
   * @returns the steps of the baseline that are over
   */
  advance(model: HouseModel, instantMs: number, home: HomeState | undefined): readonly BaselineStep[] {
    const before = this.#baseline;
    const steps = before && this.#foreseen ? this.#stepsUntil(model, before, this.#foreseen, instantMs) : [];
    const reached = steps.at(-1)?.next ?? before;
    for (const step of steps) this.#addBaseline(model, step);
    const isThere = reached?.atMs === instantMs;
    this.#baseline =
      isThere || !home ? reached : { atMs: instantMs, ...home, cost_eur: reached?.cost_eur ?? 0 };
    if (this.#baseline) {
      this.#savings ??= { ...nothingYet, sinceMs: instantMs };
    }
    return steps;
  }

  /** Home time was set, by whole steps: the baseline is where it was; what waits for its other side is not counted. */
  shiftTime(shift_ms: number): void {
    const baseline = this.#baseline;
    const foreseen = this.#foreseen;
    this.#ledger = new CostLedger();
    if (baseline) this.#baseline = { ...baseline, atMs: baseline.atMs + shift_ms };
    if (foreseen) this.#foreseen = { ...foreseen, weather: shifted(foreseen.weather, shift_ms) };
  }

  /**
   * The baseline goes on in another model of the house. In a house of several states it holds as much more or less heat
   * than the home as before, so that what was saved does not jump; in the 5R1C zone its walls are as much warmer or
   * colder than the home's as before. Its air is as it was.
   */
  changeModel(change: ModelChange): void {
    const foreseen = this.#foreseen;
    if (foreseen) {
      const weather = translatedGains(foreseen.weather, gainsTranslation(change.from, change.to));
      this.#foreseen = { ...foreseen, weather };
    }
    if (this.#baseline) this.#baseline = { ...this.#baseline, ...baselineIn(change, this.#baseline) };
  }

  #stepsUntil(model: HouseModel, from: BaselineState, foreseen: Foreseen, untilMs: number) {
    return baselineSteps(model, from, foreseen.weather, foreseen.price_eur_kwh, foreseen.min_c, untilMs);
  }

  #addBaseline({ maxPower_w, step }: HouseModel, { startMs, next, metrics }: BaselineStep): void {
    const { heating_cost_step = 0, valve_position = 0 } = metrics;
    const heat_kwh = ((valve_position / 100) * maxPower_w * step.dtSeconds) / 3.6e6;
    const interval = { startMs, endMs: next.atMs, cost_eur: heating_cost_step, heat_kwh };
    this.#count(this.#ledger.addBaseline(interval));
  }

  #count(counted: readonly Counted[]): void {
    if (!this.#savings) return;
    let { counted_ms, cost_eur, baseline_eur, baselineHeat_kwh, days } = this.#savings;
    for (const one of counted) {
      counted_ms += one.length_ms;
      cost_eur += one.paid_eur;
      baseline_eur += one.baseline_eur;
      baselineHeat_kwh += one.baselineHeat_kwh;
      days = withSpent(days, homeDay(one.startMs), one);
    }
    this.#savings = { ...this.#savings, counted_ms, cost_eur, baseline_eur, baselineHeat_kwh, days };
  }
}

const nothingYet = { counted_ms: 0, cost_eur: 0, baseline_eur: 0, baselineHeat_kwh: 0, days: [] };

/** The baseline's temperatures by the model after a change. */
function baselineIn({ from, to, before, after }: ModelChange, baseline: BaselineState): HeldTemperatures {
  if (!before || !after) return baseline;
  const more_k = baseline.theta_m_c - before.theta_m_c; // than the home
  if (!to.known || !after.x_c) return { theta_m_c: after.theta_m_c + more_k };
  const theta_m_c = after.theta_m_c + (more_k * from.capacity_kwh_k) / to.capacity_kwh_k;
  const home_c = before.x_c?.length === after.x_c.length ? before.x_c : undefined;
  const own_c = statesOf(from, baseline);
  const moved_c = after.x_c.map((theta_c, i) => (home_c ? theta_c + own_c[i] - home_c[i] : theta_c));
  const x_c = shiftedStates(moved_c, to.storeWeights, baseline.theta_air_c, theta_m_c);
  return { theta_m_c: storeTemperature_c({ weights: to.storeWeights }, x_c), x_c };
}
