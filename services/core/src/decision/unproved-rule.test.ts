import { tempoTariff } from "@azru/tariff";
import { expect, test } from "vitest";
import { building, stepMs } from "../testing/test-home.ts";
import { UnprovedRule } from "./unproved-rule.ts";

const startMs = Date.parse("2026-01-13T02:00:00+01:00");
const calendar = { source: "test", colours: new Map([["2026-01-13", "red"]] as const) };
const rates = tempoTariff({ calendar }).rates(startMs, startMs + 86_400_000);

test("before a red day it heats to the warmest that somebody accepts, and no further", () => {
  const rule = new UnprovedRule(building, stepMs / 1000);
  const valveUpTo = (ceiling_c: number) =>
    rule.valveAt({ startMs, theta_air_c: 21.2, setpoint_c: 19, ceiling_c, forecast: { startMs, rates } });
  expect(valveUpTo(28)).toBeGreaterThan(0.2);
  expect(valveUpTo(21)).toBe(0);
});
