/** Every environment variable of every service: a configuration, or a ConfigError that names the variable. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConfigError,
  createLogger,
  logVariables,
  readConfig,
  secretsOf,
  type Variables,
} from "@azru/runtime";
import fc from "fast-check";
import { afterAll, describe, it } from "vitest";
import { checkLine } from "./errors.ts";
import { anyText, mutated } from "./mutations.ts";
import { patience_ms, runs } from "./runs.ts";

const folder = mkdtempSync(join(tmpdir(), "azru-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true }));

function isDeclaration(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const variables: unknown[] = Object.values(value);
  return (
    variables.length > 0 &&
    variables.every(
      (variable) =>
        typeof variable === "object" && variable !== null && "env" in variable && "schema" in variable,
    )
  );
}

const services = new URL("../../services/", import.meta.url);
const declarations: [string, Variables][] = [["every service", logVariables]];
for (const entry of readdirSync(services, { withFileTypes: true })) {
  const sources = entry.isDirectory() ? new URL(`${entry.name}/src/`, services) : undefined;
  if (!sources || !readdirSync(sources).includes("config.ts")) continue;
  const module: Record<string, unknown> = await import(new URL("config.ts", sources).href);
  // A program without an environment of its own, or one that declares it by another name.
  const declared = Object.entries(module).filter(([, value]) => isDeclaration(value));
  for (const [name, variables] of declared)
    declarations.push([`${entry.name} (${name})`, variables as Variables]);
}

it("finds the services' declarations", () => {
  const found = declarations.map(([name]) => name.replace(/ .*/, ""));
  for (const service of ["core", "mpc", "sensor-simulator", "valves", "standalone", "batch"])
    assert.ok(found.includes(service));
});

const plausible = fc.constantFrom(
  "home",
  "mqtt://localhost:1883",
  "mqtts://user:pass@broker:8883/x?y#z",
  "http://localhost:8086",
  "127.0.0.1",
  "8000",
  "0.5",
  "15",
  "true",
  "tempo:calendar.csv",
  "open-meteo:45.76,4.84",
  "2026-01-11T00:00:00+01:00",
  "living-room",
  "info",
  "simulated",
);
const values = fc.oneof(
  { weight: 2, arbitrary: plausible },
  { weight: 4, arbitrary: mutated(plausible) },
  { weight: 4, arbitrary: anyText },
);

describe.each(declarations)("environment of %s", (_service, variables) => {
  const list = Object.values(variables);
  const names = list.map(({ env }) => env);
  // What is wrong with a variable must not be hidden behind what another one lacks.
  const required: Record<string, string> = {};
  for (const { env, schema } of list)
    if (!schema.safeParse(undefined).success) required[env] = "0123456789abcdef";

  function problemsOf(environment: Record<string, string>): readonly string[] {
    try {
      const config = readConfig(variables, environment);
      for (const value of Object.values(config)) {
        if (typeof value === "number") assert.ok(Number.isFinite(value));
      }
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems;
    }
  }

  it("names the variable that is wrong, in a line each", { timeout: patience_ms }, () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), values, { minKeys: 1, maxKeys: 4 }), (given) => {
        for (const problem of problemsOf({ ...required, ...given })) {
          checkLine(problem, /^[A-Z0-9_]+ .+/);
          const name = problem.slice(0, problem.indexOf(" "));
          assert.ok(name in given, `${problem}: ${name} was not touched`);
        }
      }),
      runs(10_000),
    );
  });

  const secrets = list.filter(({ secret }) => secret);
  it.skipIf(secrets.length === 0)(
    "keeps secrets out of what it says, from a variable or from a file",
    { timeout: patience_ms },
    () => {
      const file = join(folder, "secret");
      const secret = fc.tuple(fc.constantFrom("", "x".repeat(20), "y"), anyText).map(
        ([a, b]) =>
          // an environment is UTF-8, which has no halves of characters
          `k3y ${a}${b.replaceAll(/\p{Surrogate}/gu, "")}`,
      );
      fc.assert(
        fc.property(
          fc.constantFrom(...secrets),
          secret,
          fc.constantFrom("variable", "file", "mistaken for a file", "both"),
          values,
          (variable, value, way, other) => {
            writeFileSync(file, value);
            const { [variable.env]: _, ...rest } = required;
            const environment = {
              ...rest,
              ...(way !== "file" && way !== "mistaken for a file" && { [variable.env]: value }),
              ...((way === "file" || way === "both") && { [`${variable.env}_FILE`]: file }),
              ...(way === "mistaken for a file" && { [`${variable.env}_FILE`]: value }),
              [names[0]]: other,
            };
            const hidden = JSON.stringify(value).slice(1, -1);
            for (const problem of problemsOf(environment)) {
              checkLine(problem, /^[A-Z0-9_]+ .+/);
              assert.ok(!problem.includes("k3y"), problem);
            }
            const [config] = [way === "variable" || way === "file" ? configOf(environment) : undefined];
            if (!config) return;
            const lines: string[] = [];
            const log = createLogger({
              service: "fuzz",
              format: "json",
              secrets: secretsOf(variables, config),
              destination: { write: (line) => lines.push(line) },
            });
            log.info(
              {
                url: `mqtt://user:${encodeURIComponent("k3y")}@host`,
                text: value,
                nested: { deep: [value] },
                err: new Error(`refused ${value}`),
              },
              `with ${value}`,
            );
            assert.ok(!lines.join("").includes(hidden), lines.join(""));
          },
        ),
        runs(1_000),
      );
    },
  );

  function configOf(environment: Record<string, string>) {
    return problemsOf(environment).length === 0 ? readConfig(variables, environment) : undefined;
  }
});
