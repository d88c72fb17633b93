/**
 * Unknown heat that is there day and night: the least of a day, beyond what is usual in the home. People leave, a stove
 * goes out, the sun sets: what they give is not there in every hour. A thermometer that reads too warm looks like heat
 * that is.
 */

/** What is kept over a restart. Plain data. Heat is given as the difference from outdoors that it makes for good, K. */
export interface BaseGainMemory {
  /** Unknown heat of the last day, hour by hour. */
  readonly hours_k: readonly number[];
  /** Hours in all. */
  readonly hours: number;
  /** The least of a usual day. */
  readonly usual_k: number;
  /** For how many days the least has been above that, and by how much on the first of them. */
  readonly raised_days: number;
  readonly first_k: number;
}

export interface BaseGain {
  /** @param isUsual whether what is usual may be learnt of it */
  note(gain_k: number, isUsual: boolean): void;
  /** The least of the last 24 hours beyond that of a usual day, K; 0 while that is not known. */
  readonly beyond_k: number;
  /** By how much it has grown since the first day on which it was raised, K. Heat that was switched on does not grow. */
  readonly grown_k: number;
  readonly memory: BaseGainMemory;
}

const perDay = 24;
const learning_days = 15;
/** Less than that is within what a rough model shows from day to day. */
const raised_k = 1.5;

export function createBaseGain(hours_step: number, memory?: BaseGainMemory): BaseGain {
  const perHour = Math.max(1, Math.round(1 / hours_step));
  const none = { hours: 0, usual_k: 0, raised_days: 0, first_k: 0 };
  let { hours, usual_k, raised_days, first_k } = memory ?? none;
  const hours_k = [...(memory?.hours_k ?? [])];
  let [sum_k, steps] = [0, 0];

  const isKnown = () => hours >= 2 * perDay;
  const beyond_k = () => (isKnown() && hours_k.length > 0 ? Math.min(...hours_k) - usual_k : 0);

  function endDay(isUsual: boolean): void {
    const days = hours / perDay;
    const now_k = beyond_k();
    raised_days = now_k > raised_k ? raised_days + 1 : 0;
    if (raised_days === 1) first_k = now_k;
    const weight = 1 / Math.min(learning_days, days);
    if (isUsual || days === 1) usual_k += (Math.min(...hours_k) - usual_k) * weight;
  }

  return {
    note(gain_k, isUsual) {
      sum_k += gain_k;
      if (++steps < perHour) return;
      hours_k.push(sum_k / steps);
      if (hours_k.length > perDay) hours_k.shift();
      [sum_k, steps] = [0, 0];
      hours++;
      if (hours % perDay === 0) endDay(isUsual);
    },
    get beyond_k() {
      return beyond_k();
    },
    get grown_k() {
      return raised_days === 0 ? 0 : Math.max(0, beyond_k() - first_k);
    },
    get memory() {
      return { hours_k: [...hours_k], hours, usual_k, raised_days, first_k };
    },
  };
}
