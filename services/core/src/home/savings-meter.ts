/** What the home and its baseline cost side by side. */
import { homeDay } from "@azru/runtime";
import type { Disturbances } from "@azru/simulation";
import { type BaselineState, type BaselineStep, baselineSteps } from "./baseline.ts";
import { type CostInterval, CostLedger, type Counted } from "./cost-ledger.ts";
import { type GainsTranslation, type HouseModel, translatedGains } from "./house-model.ts";
import { shifted } from "./shifted.ts";
import { type Savings, withSpent } from "./spending.ts";

/** Where the home stands at an instant. */
type HomeState = Pick<BaselineState, "theta_m_c" | "theta_air_c" | "heating">;

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

  /** @param translate gains of the model before as the new model has them */
  changeModel(translate: GainsTranslation, walls_k: number): void {
    const foreseen = this.#foreseen;
    if (foreseen) this.#foreseen = { ...foreseen, weather: translatedGains(foreseen.weather, translate) };
    const baseline = this.#baseline;
    if (baseline) this.#baseline = { ...baseline, theta_m_c: baseline.theta_m_c + walls_k };
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
