/** What the home and its baseline cost side by side. */
import { homeDay } from "@azru/runtime";
import type { Disturbances } from "@azru/simulation";
import { type BaselineState, type BaselineStep, baselineSteps } from "./baseline.ts";
import { type GainsTranslation, type HouseModel, translatedGains } from "./house-model.ts";
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

  /** The home has paid for heat that flowed before an instant. */
  addPaid(timeMs: number, paid_eur: number): void {
    if (!this.#savings) return;
    const { cost_eur, days } = this.#savings;
    this.#savings = {
      ...this.#savings,
      cost_eur: cost_eur + paid_eur,
      days: withSpent(days, homeDay(timeMs - 1), { paid_eur }),
    };
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
    if (steps.length > 0) this.#addBaseline(model, steps);
    const isThere = reached?.atMs === instantMs;
    this.#baseline =
      isThere || !home ? reached : { atMs: instantMs, ...home, cost_eur: reached?.cost_eur ?? 0 };
    if (this.#baseline) {
      this.#savings ??= { sinceMs: instantMs, cost_eur: 0, baseline_eur: 0, baselineHeat_kwh: 0, days: [] };
    }
    return steps;
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

  #addBaseline({ maxPower_w, step }: HouseModel, steps: readonly BaselineStep[]): void {
    if (!this.#savings) return;
    let { baseline_eur, baselineHeat_kwh, days } = this.#savings;
    for (const { startMs, metrics } of steps) {
      const { heating_cost_step: step_eur = 0, valve_position = 0 } = metrics;
      baseline_eur += step_eur;
      baselineHeat_kwh += ((valve_position / 100) * maxPower_w * step.dtSeconds) / 3.6e6;
      days = withSpent(days, homeDay(startMs), { baseline_eur: step_eur });
    }
    this.#savings = { ...this.#savings, baseline_eur, baselineHeat_kwh, days };
  }
}
