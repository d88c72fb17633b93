/** What was measured and ordered since the last step: air and outdoor temperatures, and the heat that flowed. */

/** What is measured at an instant; each value is of the time up to it. */
export interface Sample {
  /** Absent where no room can be trusted. */
  readonly theta_air_c?: number | undefined;
  /** What that is known within, K; 0 for a fine sensor. */
  readonly within_k?: number | undefined;
  /** Whether it was not measured now: the last reading of a sensor that is silent while little changes. */
  readonly isHeld?: boolean | undefined;
  /** Heat since the sample before, where the valve reports its position. */
  readonly phi_HC_w?: number | undefined;
  readonly theta_e_c?: number | undefined;
}

interface Timed {
  readonly timeMs: number;
  readonly value: number;
}

/** Air temperature of a time: the mean of what was measured in it. */
export interface AirSample {
  readonly theta_air_c: number;
  readonly within_k: number;
  readonly isHeld: boolean;
}

/** Farther from the forecast is no weather but a broken sensor. */
export const largestMiss_k = 15;
/** A valve that is as far from where it was taken to be has moved, as a share of the full heat. */
const moved = 0.01;

export class Samples {
  /** For how long a measured outdoor temperature counts for more than the one foreseen. */
  readonly #freshFor_ms: number;
  #air: (Timed & Pick<AirSample, "within_k" | "isHeld">)[] = [];
  #outdoor: Timed[] = [];
  /** From when on which heat flowed, in order of time. */
  #heat: Timed[] = [{ timeMs: Number.NEGATIVE_INFINITY, value: 0 }];
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(freshFor_ms: number) {
    this.#freshFor_ms = freshFor_ms;
  }

  /** Samples come in order of time; one from long before the last is of a clock that has jumped back. */
  add(
    timeMs: number,
    { theta_air_c, within_k = 0, isHeld = false, phi_HC_w, theta_e_c }: Sample,
    maxPower_w: number,
  ): void {
    if (timeMs < this.#lastMs - this.#freshFor_ms) this.#forgetAll();
    if (theta_air_c !== undefined) this.#air.push({ timeMs, value: theta_air_c, within_k, isHeld });
    if (theta_e_c !== undefined) this.#outdoor.push({ timeMs, value: theta_e_c });
    const last = this.#heat.at(-1)!;
    if (phi_HC_w !== undefined && Math.abs(phi_HC_w - last.value) > moved * maxPower_w) {
      const sinceMs = Math.max(last.timeMs, this.#lastMs);
      this.#heat = [
        ...this.#heat.filter((before) => before.timeMs < sinceMs),
        { timeMs: sinceMs, value: phi_HC_w },
      ];
    }
    this.#lastMs = timeMs;
  }

  /** Another heat was ordered at an instant. */
  order(timeMs: number, phi_HC_w: number): void {
    this.#heat = [...this.#heat.filter((before) => before.timeMs < timeMs), { timeMs, value: phi_HC_w }];
  }

  /** Ends of the times without change between two instants: where the heat changes, to the second, and where steps end. */
  cuts(fromMs: number, toMs: number, step_ms: number): number[] {
    const changes = this.#heat.map(({ timeMs }) => toSecond(timeMs));
    const boundaries = [];
    for (let timeMs = fromMs + step_ms; timeMs < toMs; timeMs += step_ms) boundaries.push(timeMs);
    const within = [...changes, ...boundaries].filter((timeMs) => timeMs > fromMs && timeMs < toMs);
    return [...new Set([...within, toMs])].sort((a, b) => a - b);
  }

  /** Mean heat between two instants. */
  meanHeat_w(startMs: number, endMs: number, step_ms: number): number {
    let heat_j = 0;
    let fromMs = startMs;
    for (const untilMs of this.cuts(startMs, endMs, step_ms)) {
      heat_j += (this.heatAt_w(fromMs) * (untilMs - fromMs)) / 1000;
      fromMs = untilMs;
    }
    return (1000 * heat_j) / (endMs - startMs);
  }

  heatAt_w(timeMs: number): number {
    return this.#heat.findLast((since) => toSecond(since.timeMs) <= timeMs)!.value;
  }

  /** Mean of the air temperatures measured after `startMs` and no later than `endMs`, with a mean width. */
  air(startMs: number, endMs: number): AirSample | undefined {
    const samples = between(this.#air, startMs, endMs);
    const theta_air_c = mean(samples);
    if (theta_air_c === undefined) return undefined;
    const within_k = mean(samples.map((sample) => ({ value: sample.within_k })))!;
    return { theta_air_c, within_k, isHeld: samples.every(({ isHeld }) => isHeld) };
  }

  /** The same of the outdoor temperatures that the weather foreseen leaves possible; else the last fresh one. */
  outdoor_c(startMs: number, endMs: number, foreseen_c: number): number | undefined {
    const possible = this.#outdoor.filter(({ value }) => Math.abs(value - foreseen_c) <= largestMiss_k);
    const last = possible.findLast(({ timeMs }) => timeMs <= endMs && timeMs > endMs - this.#freshFor_ms);
    return mean(between(possible, startMs, endMs)) ?? last?.value;
  }

  /** The same valve positions stand for more or less heat. */
  scaleHeat(factor: number): void {
    this.#heat = this.#heat.map(({ timeMs, value }) => ({ timeMs, value: value * factor }));
  }

  forgetBefore(timeMs: number): void {
    this.#air = this.#air.filter((sample) => sample.timeMs > timeMs);
    this.#outdoor = this.#outdoor.filter((sample) => Math.abs(sample.timeMs - timeMs) < this.#freshFor_ms);
    const held = this.#heat.findLast((since) => since.timeMs <= timeMs) ?? this.#heat.at(-1)!;
    const later = this.#heat.filter((since) => since.timeMs > timeMs);
    this.#heat = [{ ...held, timeMs: Number.NEGATIVE_INFINITY }, ...later];
  }

  /** Home time was set: what was measured and ordered lies as far back as before. */
  shiftTime(shift_ms: number): void {
    const shifted = <T extends Timed>(values: readonly T[]): T[] =>
      values.map((value) => ({ ...value, timeMs: value.timeMs + shift_ms }));
    this.#air = shifted(this.#air);
    this.#outdoor = shifted(this.#outdoor);
    this.#heat = shifted(this.#heat);
    this.#lastMs += shift_ms;
  }

  #forgetAll(): void {
    this.#air = [];
    this.#outdoor = [];
    this.#heat = [{ timeMs: Number.NEGATIVE_INFINITY, value: this.#heat.at(-1)!.value }];
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }
}

function toSecond(timeMs: number): number {
  return Math.round(timeMs / 1000) * 1000;
}

function between<T extends Timed>(values: readonly T[], startMs: number, endMs: number): readonly T[] {
  return values.filter(({ timeMs }) => timeMs > startMs && timeMs <= endMs);
}

function mean(values: readonly Pick<Timed, "value">[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, { value }) => sum + value, 0) / values.length;
}
