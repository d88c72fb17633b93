import { readConfig } from "@azru/runtime";
import { expect, test } from "vitest";
import { checkTogether, variables } from "./config.ts";

const check = (environment: Readonly<Record<string, string>>) =>
  checkTogether(readConfig(variables, environment));

test("decisions may spread over as much of the step as leaves the answer half of it", () => {
  check({ AZRU_DECISION_SPREAD_SECONDS: "430" });
  expect(() => check({ AZRU_DECISION_SPREAD_SECONDS: "440" })).toThrow(
    "AZRU_DECISION_SPREAD_SECONDS must be at most 430: with AZRU_MPC_TIMEOUT_SECONDS (20) it may take half of a step of 15 minutes, got 440",
  );
  check({ AZRU_MPC_TIMEOUT_SECONDS: "600" });
});

test("decisions of a simulated home do not spread, its clock waits for them at the full step", () => {
  expect(() => check({ AZRU_DECISION_SPREAD_SECONDS: "60", AZRU_TIME: "simulated" })).toThrow(
    "AZRU_DECISION_SPREAD_SECONDS must be 0 with AZRU_TIME simulated",
  );
});

test("a step so short that no message and no solver could hold its plans is refused, with the least that works", () => {
  check({ AZRU_STEP_MINUTES: "5" });
  check({ AZRU_STEP_MINUTES: "3", AZRU_HORIZON_HOURS: "24" });
  expect(() => check({ AZRU_STEP_MINUTES: "1" })).toThrow(
    "AZRU_STEP_MINUTES must be at least 4 with AZRU_HORIZON_HOURS 48: a plan may have 2016 steps, and the longest, before a return from a vacation, would have 7200; got 1",
  );
  expect(() => check({ AZRU_STEP_MINUTES: "1", AZRU_HORIZON_HOURS: "24" })).toThrow(
    "must be at least 3 with",
  );
  expect(() => check({ AZRU_STEP_MINUTES: "2", AZRU_HORIZON_HOURS: "1" })).toThrow("must be at least 3 with");
});

test("a horizon that is no whole number of steps is refused", () => {
  check({ AZRU_STEP_MINUTES: "20", AZRU_HORIZON_HOURS: "24" });
  expect(() => check({ AZRU_STEP_MINUTES: "60", AZRU_HORIZON_HOURS: "1.5" })).toThrow(
    "AZRU_HORIZON_HOURS must be whole steps of 60 minutes, got 1.5",
  );
});
