/** When a fault that was found is over: how long it has lasted, and for how long all has been well again. */
import type { Fault, Suspicion } from "./suspicion.ts";

/** A fault of the heater is over when heat was asked for, and felt, for so long. */
const recovery_h = 1;
/** Nothing can be felt where no heat is asked for: a fault of the heater is forgotten after so long. */
const forgotten_h = 48;
/** A thermometer is trusted again when for so long it reads what the model has, within ... */
const return_h = 1;
const return_k = 2.5;
/** ... or when for a day it moves as the model does, and is where the house can be. */
const agreement_h = 24;

/** A fault that was found, as plain data. */
export interface Fact {
  fault: Fault;
  age_s: number;
  fine_s: number;
  idle_s: number;
}

/** What a step shows of a heater. */
interface HeaterShows {
  readonly ordered_w: number;
  readonly unknown_w: number;
  /** No less unknown heat than this can be. */
  readonly least_w: number;
  /** Whether the unknown heat is within what a rough model explains. */
  readonly isTolerated: boolean;
}

/** Counts a step of a fault of the heater; true where the heater is well again, or nothing can show whether it is. */
export function isHeaterBack(
  fact: Fact,
  dtSeconds: number,
  { ordered_w, unknown_w, least_w, isTolerated }: HeaterShows,
): boolean {
  const isUnasked = fact.fault === "unaskedHeat";
  const wouldShow = isUnasked || ordered_w > -least_w;
  fact.idle_s = wouldShow ? 0 : fact.idle_s + dtSeconds;
  const isFelt = isUnasked ? isTolerated : unknown_w > least_w / 2;
  if (wouldShow) fact.fine_s = isFelt ? fact.fine_s + dtSeconds : 0;
  return fact.fine_s >= recovery_h * 3600 || fact.idle_s >= forgotten_h * 3600;
}

/** What a step shows of a thermometer. */
interface ThermometerShows {
  /** What it reads beyond what the model has. */
  readonly departure_k: number;
  /** Whether the unknown heat is within what a rough model explains. */
  readonly isTolerated: boolean;
  readonly suspicion: Suspicion;
}

/**
 * Counts a step of a fault of the thermometer. `returned`: it reads what the model has; `agrees`: it moves as the
 * model does.
 */
export function thermometerBack(
  fact: Fact,
  dtSeconds: number,
  { departure_k, isTolerated, suspicion }: ThermometerShows,
): "returned" | "agrees" | undefined {
  const isBack = Math.abs(departure_k) <= return_k;
  fact.idle_s = isBack ? fact.idle_s + dtSeconds : 0;
  fact.fine_s = isTolerated ? fact.fine_s + dtSeconds : 0;
  if (fact.idle_s >= return_h * 3600) return "returned";
  return fact.fine_s >= agreement_h * 3600 && suspicion.movesAlike() ? "agrees" : undefined;
}
