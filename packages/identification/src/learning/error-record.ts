/** How far predictions of a home were off, by how far ahead they were made: what a plan has to reckon with. */

/**
 * The record as plain data: of each lead, in steps, twice the mean square of the errors on the cold side, and the days
 * that it stands for. Of errors that are as large on both sides it is the mean square.
 */
export interface ErrorRecordState {
  readonly meanSquares_k2: readonly number[];
  readonly days: readonly number[];
}

export interface ErrorRecord {
  /** Takes the error (measured less predicted) of a prediction made `lead` steps before (0: for the step that followed). */
  add(lead: number, error_k: number): void;
  /**
   * Root mean squares by lead of what the house was colder, see `ErrorRecordState`, K. What is farther ahead is not
   * predicted better: where fewer errors seem to say so, neighbouring leads have their common mean. Leads that were
   * seldom measured go by those that were: they grow with the lead as the model expects, from the level that was measured.
   *
   * @param expected_k2 mean squares that the model expects, one a lead
   * @param sensor_k of the thermometer, whose noise is in the errors but not in the house
   */
  rms_k(expected_k2: Float64Array, sensor_k: number): Float64Array;
  readonly state: ErrorRecordState;
}

const remembered_days = 30;
const expectedWeight_days = 3; // as much as that many days of measurements

/**
 * @param samplesADay that a lead gets
 * @param start an earlier record of the same home
 */
export function createErrorRecord(leads: number, samplesADay: number, start?: ErrorRecordState): ErrorRecord {
  const meanSquares_k2 = Float64Array.from({ length: leads }, (_, lead) => start?.meanSquares_k2[lead] ?? 0);
  const days = Float64Array.from({ length: leads }, (_, lead) => start?.days[lead] ?? 0);
  return {
    add(lead, error_k) {
      // A plain mean at first, an exponential one once the days remembered are full.
      days[lead] = Math.min(remembered_days, days[lead] + 1 / samplesADay);
      const share = 1 / (days[lead] * samplesADay);
      const cold_k2 = error_k < 0 ? 2 * error_k ** 2 : 0;
      meanSquares_k2[lead] += share * (cold_k2 - meanSquares_k2[lead]);
    },
    rms_k(expected_k2, sensor_k) {
      const house_k2 = rising(meanSquares_k2, days).map((square) => Math.max(0, square - sensor_k ** 2));
      let [measured, expected] = [0, 0];
      for (let lead = 0; lead < leads; lead++) {
        measured += house_k2[lead] * days[lead] + expected_k2[lead] * expectedWeight_days;
        expected += expected_k2[lead] * (days[lead] + expectedWeight_days);
      }
      const level = measured / expected;
      return expected_k2.map((square, lead) =>
        Math.sqrt(
          (house_k2[lead] * days[lead] + square * level * expectedWeight_days) /
            (days[lead] + expectedWeight_days),
        ),
      );
    },
    get state() {
      return { meanSquares_k2: [...meanSquares_k2], days: [...days] };
    },
  };
}

/**
 * The nearest values, by weighted least squares, that nowhere fall: neighbours that fall are given their mean.
 *
 * @see Barlow et al. (1972), Statistical Inference under Order Restrictions: pool adjacent violators
 */
function rising(values: Float64Array, weights: Float64Array): Float64Array {
  const blocks: { mean: number; weight: number; count: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    let last = { mean: values[i], weight: weights[i], count: 1 };
    for (let before = blocks.at(-1); before && before.mean >= last.mean; before = blocks.at(-1)) {
      const weight = before.weight + last.weight;
      const mean = weight > 0 ? (before.mean * before.weight + last.mean * last.weight) / weight : last.mean;
      last = { mean, weight, count: before.count + last.count };
      blocks.pop();
    }
    blocks.push(last);
  }
  return Float64Array.from(blocks.flatMap(({ mean, count }) => new Array<number>(count).fill(mean)));
}

/**
 * A record that begins with what held-out days have shown.
 *
 * @param byLead_k root mean squares, one a step
 * @param days that they stand for
 */
export function recordOfErrors(byLead_k: readonly number[], days: number): ErrorRecordState {
  return { meanSquares_k2: byLead_k.map((rms_k) => rms_k ** 2), days: byLead_k.map(() => days) };
}
