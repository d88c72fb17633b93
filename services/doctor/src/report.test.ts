import { expect, it } from "vitest";
import { ok, problem, warning } from "./finding.ts";
import { isHealthy, jsonReport, textReport } from "./report.ts";

const findings = [
  ok("node", "Node 24"),
  warning("clock", "slow", "wait"),
  problem("broker", "away", "start it"),
];

it("has a line a finding, aligned, with what to do", () => {
  expect(textReport(findings, false)).toBe(
    "ok       node           Node 24\nwarning  clock          slow -> wait\nproblem  broker         away -> start it\n",
  );
});

it("is coloured only where asked", () => {
  expect(textReport(findings, true)).toContain("\u001B[31mproblem\u001B[39m");
});

it("is healthy with warnings, not with problems", () => {
  expect(isHealthy(findings.slice(0, 2))).toBe(true);
  expect(isHealthy(findings)).toBe(false);
  expect(JSON.parse(jsonReport(findings))).toEqual({ healthy: false, findings });
});
