import { expect, test } from "vitest";
import { createErrorRecord } from "./error-record.ts";

const flat = Float64Array.of(0.04, 0.04, 0.04, 0.04);

/** A record in which each lead was missed on both sides by so much, for so many days. */
function recordOf(errors_k: readonly number[], days: number) {
  const record = createErrorRecord(4, 24);
  for (const [lead, error_k] of errors_k.entries())
    for (let i = 0; i < 24 * days; i++) record.add(lead, i % 2 === 0 ? -error_k : error_k);
  return record;
}

test("what is farther ahead is not taken to be predicted better", () => {
  const rms_k = recordOf([0.4, 0.2, 0.5, 0.6], 30).rms_k(flat, 0);
  expect(rms_k[0]).toBe(rms_k[1]);
  expect(rms_k[0]).toBeCloseTo(Math.sqrt((0.4 ** 2 + 0.2 ** 2) / 2), 1);
  expect(rms_k[2]).toBeCloseTo(0.5, 1);
  expect(rms_k[3]).toBeGreaterThan(rms_k[2]);
});

test("the noise of the thermometer is taken off after that", () => {
  // 0.12 and 0.08 K: of a noise of 0.1 K alone, nothing of the house is in them.
  const rms_k = recordOf([0.12, 0.08], 30).rms_k(Float64Array.of(1e-6, 1e-6, 1e-6, 1e-6), 0.1);
  expect(rms_k[0]).toBeLessThan(0.03);
});

test("leads that were never measured grow as the model expects, from the level of the others", () => {
  const rms_k = recordOf([0.2, 0.4], 30).rms_k(Float64Array.of(0.01, 0.04, 0.09, 0.16), 0);
  expect(rms_k[2]).toBeGreaterThan(0.45); // 0.3 by the model alone
  expect(rms_k[3] / rms_k[2]).toBeCloseTo(4 / 3, 9);
});

test("nothing is known where nothing was measured but what the model expects", () => {
  expect([...createErrorRecord(4, 24).rms_k(flat, 0.1)]).toEqual([0.2, 0.2, 0.2, 0.2]);
});
