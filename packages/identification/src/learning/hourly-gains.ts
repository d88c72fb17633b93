/** What people's heat differs by in each hour of the day from what the house's rhythm has, learnt while it is lived in. */

/** Of each hour of the day, home time: mean and variance. Plain data. */
export interface HourlyGainsState {
  readonly mean_w: readonly number[];
  readonly variance_w2: readonly number[];
}

export interface HourlyGains {
  /** At an hour of the day, 0 to 24, W. */
  at_w(hour: number): number;
  /**
   * Corrects the hour by what a filter did not expect of a measurement in it.
   *
   * @param surprise_k measured less expected, of variance `variance_k2`
   * @param effect_k_w of a watt in that step on what is measured
   */
  learn(hour: number, surprise_k: number, variance_k2: number, effect_k_w: number): void;
  /**
   * Goes on beside another house. What was measured stays measured: it counts against the other house's prior as it
   * counted against the prior before. Where nothing was measured, nothing differs from what the other house expects.
   *
   * @param more_w by how much an hour's gains differ more from what the other house expects of it
   */
  change(prior: HourlyGainsPrior, more_w: (hour: number) => number): void;
  readonly state: HourlyGainsState;
}

const hours = 24;
const remembered_days = 30; // habits change

/** What is taken for granted of heat that is not known, before anything was learnt. */
export interface HourlyGainsPrior {
  readonly sd_w: number; // standard deviation
  /** How long it lasts: measurements nearer to one another than that show the same. */
  readonly lasts_h: number;
}

export interface HourlyGainsOptions extends HourlyGainsPrior {
  readonly stepsAnHour: number;
  readonly start?: HourlyGainsState | undefined;
}

/**
 * A Kalman filter for each hour, decoupled from the house's own: people come, cook and go to bed by the clock, and
 * what they do is sharper than the waves of a rhythm.
 *
 * @see Puskorius, Feldkamp (1994), IEEE Trans. Neural Networks 5: decoupled Kalman filters
 */
export function createHourlyGains({ stepsAnHour, start, ...first }: HourlyGainsOptions): HourlyGains {
  let { sd_w, lasts_h } = first;
  const mean_w = Float64Array.from({ length: hours }, (_, i) => start?.mean_w[i] ?? 0);
  const variance_w2 = Float64Array.from({ length: hours }, (_, i) => start?.variance_w2[i] ?? sd_w ** 2);
  const indexOf = (hour: number) => Math.floor(hour) % hours;
  return {
    at_w: (hour) => mean_w[indexOf(hour)],
    learn(hour, surprise_k, variance_k2, effect_k_w) {
      if (!(effect_k_w > 0)) return;
      const i = indexOf(hour);
      const own_k2 = variance_w2[i] * effect_k_w ** 2;
      const alike = Math.max(1, lasts_h * stepsAnHour);
      const share = own_k2 / (alike * variance_k2 + own_k2);
      mean_w[i] += (share / effect_k_w) * surprise_k;
      variance_w2[i] *= 1 - share;
      variance_w2[i] += (sd_w ** 2 - variance_w2[i]) / (remembered_days * stepsAnHour);
    },
    change(prior, more_w) {
      for (let i = 0; i < hours; i++) {
        const trust = Math.max(0, 1 - variance_w2[i] / sd_w ** 2); // of 0 to 1, in what was measured
        const measured_w = trust > 0 ? mean_w[i] / trust : 0;
        const information = trust / variance_w2[i]; // of the measurements alone, 1/W2
        variance_w2[i] = 1 / (information + 1 / prior.sd_w ** 2);
        mean_w[i] = variance_w2[i] * information * (measured_w + more_w(i + 0.5));
      }
      ({ sd_w, lasts_h } = prior);
    },
    get state() {
      return { mean_w: [...mean_w], variance_w2: [...variance_w2] };
    },
  };
}
