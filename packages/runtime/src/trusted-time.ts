/** What the time is, by a system's clock that may be wrong, and by one that only counts. */
/** Home time goes on from another instant than the one that it had come to. */
export interface ClockChange {
  readonly fromMs: number;
  readonly toMs: number;
  /** False where home time was not known before. */
  readonly wasKnown: boolean;
}

/** Where time comes from, ms. */
export interface TimeSources {
  /** The system's clock: it may be set, also to what is wrong. */
  readonly wall: () => number;
  /** Counts from an unknown beginning, and is never set. */
  readonly steady: () => number;
}

/** No time before it is right: it is older than this software. A machine without a battery starts at 1970. */
const earliestMs = Date.UTC(2024, 0, 1);
/** What is taken for the time where nothing is known: a noon of winter, as days and seasons must come from somewhere. */
const assumedMs = Date.UTC(2024, 0, 1, 11);

/** Small enough to be a clock that is being set right little by little. */
const drift_ms = 2_000;
/** A change by more is trusted when it has lasted; less is a machine that slept, or was off and has reached a time server. */
const followed_ms = 86_400_000;
const lasting_ms = 10 * 60_000;

/**
 * Home time: it counts steadily, and follows the system's clock where that can be right. A change of the system's
 * clock by a day at most is followed at once, a larger one when it has lasted for ten minutes. Where the system's clock
 * says what cannot be, time goes on from the last that is known.
 */
export class TrustedTime {
  readonly #sources: TimeSources;
  /** Home time less steady time. */
  #offset_ms: number;
  #isKnown: boolean;
  #last = Number.NEGATIVE_INFINITY;
  /** Since when, by steady time, the system's clock differs too much, and by how much. */
  #doubted: { readonly since_ms: number; readonly shift_ms: number } | undefined;

  constructor(sources: TimeSources) {
    const wallMs = sources.wall();
    this.#sources = sources;
    this.#isKnown = wallMs >= earliestMs;
    this.#offset_ms = (this.#isKnown ? wallMs : assumedMs) - sources.steady();
  }

  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Whole ms; goes back only where `look` has found a change. */
  now(): number {
    this.#last = Math.max(this.#last, Math.round(this.#sources.steady() + this.#offset_ms));
    return this.#last;
  }

  get problem(): string | undefined {
    const wall = new Date(this.#sources.wall()).toISOString().slice(0, 16).replace("T", " ");
    if (!this.#isKnown)
      return `the system's clock says ${wall} UTC, which cannot be: the time is not known yet`;
    if (!this.#doubted) return undefined;
    return `the system's clock has jumped to ${wall} UTC: the home keeps its own time until that has lasted for ten minutes`;
  }

  hasPassed(timeMs: number): void {
    if (timeMs < earliestMs || timeMs - this.now() <= (this.#isKnown ? followed_ms : 0)) return;
    this.#isKnown = false;
    this.#offset_ms = timeMs - this.#sources.steady();
  }

  /** Compares with the system's clock. @returns how home time was set, if it was */
  look(): ClockChange | undefined {
    const { wall, steady } = this.#sources;
    const fromMs = this.now();
    const shift_ms = wall() - (steady() + this.#offset_ms);
    if (wall() < earliestMs) {
      this.#doubted = { since_ms: steady(), shift_ms };
      return undefined;
    }
    if (this.#isKnown && Math.abs(shift_ms) <= drift_ms) {
      this.#doubted = undefined;
      this.#offset_ms += shift_ms;
      return undefined;
    }
    if (!this.#isTrusted(shift_ms)) return undefined;
    const wasKnown = this.#isKnown;
    this.#doubted = undefined;
    this.#isKnown = true;
    this.#offset_ms += shift_ms;
    this.#last = Number.NEGATIVE_INFINITY;
    return { fromMs, toMs: this.now(), wasKnown };
  }

  /** A clock that was behind what is known to have passed, and now is not, is trusted at once. */
  #isTrusted(shift_ms: number): boolean {
    const isSmall = Math.abs(shift_ms) <= followed_ms;
    if (isSmall || (!this.#isKnown && shift_ms > 0)) return true;
    const now_ms = this.#sources.steady();
    const goesOn = this.#doubted && Math.abs(shift_ms - this.#doubted.shift_ms) <= drift_ms;
    if (!this.#doubted || !goesOn) this.#doubted = { since_ms: now_ms, shift_ms };
    return now_ms - this.#doubted.since_ms >= lasting_ms;
  }
}
