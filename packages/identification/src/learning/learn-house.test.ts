import { beforeAll, describe, expect, test } from "vitest";
import { historyBetween } from "../history.ts";
import { recordedHouse } from "../testing/recorded-house.ts";
import { errorsOf, originsIn, predictDays } from "./day-errors.ts";
import { driveOf } from "./drive.ts";
import { fitHouse } from "./fit-house.ts";
import { type Learning, type LearntHouse, learnHouse } from "./learn-house.ts";
import { parametrise } from "./structure.ts";
import { showsSunOfItsDays } from "./weather-match.ts";

const { building, history } = recordedHouse("brick45");

describe("a month of a brick house with a heated floor, in EnergyPlus", () => {
  let learning: Learning;
  beforeAll(() => {
    learning = learnHouse(history, building);
  });

  test("is learnt well enough to predict held-out days to half a kelvin", () => {
    expect(learning.reason).toBeUndefined();
    expect(learning.accepted).toBe(true);
    const { learnt, file, yesterday } = learning.validation!;
    expect(learnt.rms_k).toBeLessThan(0.5);
    expect(learnt.rms_k).toBeLessThan(0.6 * Math.min(file.rms_k, yesterday.rms_k));
    expect(learnt.predictions).toBeGreaterThan(20);
  });

  test("loses less than its file says", () => {
    const { value, low, high } = learning.learnt!.heatLoss_w_k;
    const truth_w_k = 69;
    expect(low).toBeLessThan(truth_w_k);
    expect(high).toBeGreaterThan(truth_w_k);
    expect(value).toBeLessThan(83);
  });

  test("travels as JSON", () => {
    expect(JSON.parse(JSON.stringify(learning.learnt))).toEqual(learning.learnt);
  });
});

test("knows the sun of these days from that of others", () => {
  const week = 7 * 96;
  const { phi_sol_w } = history;
  const shifted = phi_sol_w.map((_, k) => phi_sol_w[(k + week) % phi_sol_w.length]);
  const floor = { emitter: "screed", layers: 1 } as const;
  const sun = (of: Float64Array) => {
    const drive = driveOf({ ...history, phi_sol_w: of }, (timeMs) => (timeMs / 3_600_000 + 1) % 24);
    const parametrisation = parametrise(building, floor, { isMetered: true, hasWindows: true });
    return showsSunOfItsDays(drive, fitHouse(drive, parametrisation, building.zone.floorArea_m2));
  };
  expect(sun(phi_sol_w)).toBe(true);
  expect(sun(shifted)).toBe(false);
});

test("takes the heater's power by meter and valve, whatever the file says, also in the file's house", () => {
  const week = historyBetween(history, 0, 8 * 96);
  const strong = { ...building, heating: { ...building.heating, maxPower_w: 6500 } };
  const { learnt, file } = learnHouse(week, strong);
  for (const { house } of [file, learnt!]) expect(house.heaterPower_w).toBeCloseTo(4500, -2);
});

test("learns from the first nights of heating ahead, which all days before do not show, and predicts the week after", () => {
  const { building, history } = recordedHouse("stone110");
  const day = 48;
  const known = 51 * day;
  const { accepted, learnt, file, validation } = learnHouse(historyBetween(history, 0, known), building);
  expect(accepted).toBe(true);
  expect(validation).toMatchObject({ heldOutFrom: 0, heldOutTo: 13 * day });
  expect(validation!.learnt.rms_k).toBeLessThan(0.7 * validation!.file.rms_k);

  const drive = driveOf(history, (timeMs) => (timeMs / 3_600_000 + 1) % 24);
  const weekAfter = originsIn(drive, known, 58 * day, 6);
  const missed_k = ({ house, noise }: Pick<LearntHouse, "house" | "noise">) =>
    errorsOf(drive, predictDays(house, noise, drive, weekAfter)).rms_k;
  expect(weekAfter.length).toBeGreaterThan(20);
  expect(missed_k(learnt!)).toBeLessThan(0.5 * missed_k(file));
});

test("says when a history is too short, and when nothing of it was known", () => {
  const few = { ...history, theta_air_c: history.theta_air_c.map((t, k) => (k % 3 ? Number.NaN : t)) };
  expect(learnHouse(few, building)).toMatchObject({
    accepted: false,
    reason: expect.stringMatching(/^Too much is missing/),
  });
});

test("says when the thermometer was silent in the days held out", () => {
  const silentFrom = 0.7 * history.theta_air_c.length;
  const silent = {
    ...history,
    theta_air_c: history.theta_air_c.map((t, k) => (k < silentFrom ? t : Number.NaN)),
  };
  expect(learnHouse(silent, building)).toMatchObject({
    accepted: false,
    reason: "No held-out day has an air temperature.",
  });
});
