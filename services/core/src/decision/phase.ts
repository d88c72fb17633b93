/** When within its step a site decides, so that the homes of a fleet do not all ask at the same instant. */
import { createHash } from "node:crypto";

/** Longest spread together with the time that an answer may take, as a share of the step. */
const largestShare = 0.5;

/**
 * How long after the full step a site decides, ms: always the same for the same site, and even over `[0, spread)`
 * for many sites, whatever their names.
 */
export function decisionPhase_ms(site: string, spread_s: number): number {
  const hash = createHash("sha256").update(site).digest().readUIntBE(0, 6);
  return spread_s === 0 ? 0 : hash % Math.ceil(spread_s * 1000);
}

/** The largest spread that leaves the answer half of its step, s. */
export function largestSpread_s(step_s: number, answerTimeout_s: number): number {
  return Math.max(0, largestShare * step_s - answerTimeout_s);
}

/** The next instant after `nowMs` that lies `phase_ms` after a full step, home time. */
export function nextDecisionMs(nowMs: number, step_ms: number, phase_ms: number): number {
  return (Math.floor((nowMs - phase_ms) / step_ms) + 1) * step_ms + phase_ms;
}
