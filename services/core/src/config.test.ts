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
