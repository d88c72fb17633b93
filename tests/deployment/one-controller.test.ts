/**
 * A replay and a home are one controller without an option set: they look as far ahead, in the same steps, keep the
 * same distance and solve alike. That they then ask for the same valve is shown in
 * `services/core/src/one-controller.test.ts`.
 */
import { readConfig } from "@azru/runtime";
import { simulateWhole } from "@azru/simulation";
import { expect, test } from "vitest";
import { parseCommand } from "../../services/batch/src/command.ts";
import { prepareStudy } from "../../services/batch/src/run-study.ts";
import { variables as coreVariables } from "../../services/core/src/config.ts";
import { variables as mpcVariables } from "../../services/mpc/src/config.ts";

const day = ["--start", "2026-01-11", "--end", "2026-01-12"];

function studyOf(...options: string[]) {
  return parseCommand([...day, ...options])!.study!;
}

test("simulate and the core have the same defaults", () => {
  const { horizonHours, stepMinutes, comfortMargin } = readConfig(coreVariables, {});
  const { dtSeconds, horizonSteps, margin } = studyOf();
  expect(dtSeconds).toBe(60 * stepMinutes);
  expect(horizonSteps * dtSeconds).toBe(3600 * horizonHours);
  expect(margin).toBe(comfortMargin);
});

test("simulate solves a house of states by the solver that the mpc service uses", async () => {
  const valves = async (...solver: string[]) => {
    const study = studyOf("--state", "estimated", "--forecast", "realistic", ...solver);
    const { plans } = await prepareStudy(study, "data/cache", study.startMs);
    return [...simulateWhole(plans[0]).valve];
  };
  const { solver } = readConfig(mpcVariables, {});
  expect(await valves()).toEqual(await valves("--solver", solver));
});
