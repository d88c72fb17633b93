/** How well whole days were predicted in a home, beside "as warm as the mean of the day before". */

/** Root mean squares over a day ahead, K, and of how many predictions. Plain data. */
export interface DayErrors {
  readonly model_k: number;
  readonly yesterday_k: number;
  readonly predictions: number;
}

export interface DayRecord {
  /** Takes the mean squares of a prediction that has run for a day, K2. */
  add(model_k2: number, yesterday_k2: number): void;
  readonly errors: DayErrors;
}

const remembers = 14 * 24; // predictions, one an hour: a mean at first, then older ones count less

/** @param start an earlier record of the same home, or what held-out days have shown */
export function createDayRecord(
  start: DayErrors = { model_k: 0, yesterday_k: 0, predictions: 0 },
): DayRecord {
  let model = start.model_k ** 2;
  let yesterday = start.yesterday_k ** 2;
  let { predictions } = start;
  return {
    add(model_k2, yesterday_k2) {
      predictions = Math.min(remembers, predictions + 1);
      model += (model_k2 - model) / predictions;
      yesterday += (yesterday_k2 - yesterday) / predictions;
    },
    get errors() {
      return { model_k: Math.sqrt(model), yesterday_k: Math.sqrt(yesterday), predictions };
    },
  };
}

/** A record that begins with what held-out days have shown, which counts as `predictions` in the home do. */
export function dayRecordOf(
  learnt: { readonly rms_k: number },
  yesterday: { readonly rms_k: number },
  predictions: number,
): DayErrors {
  return { model_k: learnt.rms_k, yesterday_k: yesterday.rms_k, predictions };
}
