import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  ConfigError,
  documentVariables,
  exampleEnv,
  flag,
  numeric,
  readConfig,
  secretsOf,
} from "./config.ts";

const variables = {
  site: { env: "AZRU_SITE", schema: z.string().max(20).default("home"), description: "root of the topics" },
  port: { env: "AZRU_PORT", schema: numeric(1, 65_535).default(8000), description: "port of the API" },
  simulator: { env: "AZRU_SIMULATOR", schema: flag.default(true), description: "start the twin" },
  mode: {
    env: "AZRU_MODE",
    schema: z.enum(["auto", "manual"]).default("auto"),
    description: "mode | at the start",
  },
  broker: { env: "MQTT_URL", schema: z.url({ protocol: /^mqtts?$/ }), description: "address of the broker" },
  password: {
    env: "MQTT_PASSWORD",
    schema: z.string().min(8).optional(),
    description: "password of the broker's account",
    secret: true,
  },
} as const;

const folder = mkdtempSync(join(tmpdir(), "azru-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(variables, environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
}

describe("configuration", () => {
  it("is typed, with defaults for what is unset or empty", () => {
    const config = readConfig(variables, {
      MQTT_URL: "mqtt://localhost:1883",
      AZRU_PORT: "9000",
      AZRU_SITE: "",
      AZRU_SIMULATOR: "no",
    });
    const port: number = config.port;
    const simulator: boolean = config.simulator;
    expect({ ...config, port, simulator }).toEqual({
      site: "home",
      port: 9000,
      simulator: false,
      mode: "auto",
      broker: "mqtt://localhost:1883",
      password: undefined,
    });
  });

  it("names every bad variable and its value at once, but never a secret", () => {
    expect(
      problemsOf({ AZRU_PORT: "70000", AZRU_SIMULATOR: "maybe", AZRU_MODE: "eco", MQTT_PASSWORD: "hunter2" }),
    ).toEqual([
      'AZRU_PORT expected number to be <=65535, got "70000"',
      'AZRU_SIMULATOR must be true or false, got "maybe"',
      'AZRU_MODE expected one of "auto"|"manual", got "eco"',
      "MQTT_URL is missing: address of the broker",
      "MQTT_PASSWORD expected string to have >=8 characters",
    ]);
  });

  it.each(["abc", " ", "1e999", "12px", "NaN"])("refuses the number %j", (text) => {
    const number = { count: { env: "COUNT", schema: numeric(0, 1e6), description: "a count" } };
    expect(() => readConfig(number, { COUNT: text })).toThrow(
      `COUNT must be a number, got ${JSON.stringify(text)}`,
    );
  });

  it("reads a secret from a file, without the line's end", () => {
    const file = join(folder, "password");
    writeFileSync(file, "correct horse\n");
    const environment = { MQTT_URL: "mqtt://localhost", MQTT_PASSWORD_FILE: file };
    const config = readConfig(variables, environment);
    expect(config.password).toBe("correct horse");
    expect(secretsOf(variables, config)).toEqual(["correct horse"]);
    expect(problemsOf({ ...environment, MQTT_PASSWORD: "correct horse" })).toEqual([
      "MQTT_PASSWORD and MQTT_PASSWORD_FILE are both set, set one",
    ]);
  });

  it("does not show a secret that was set where its file was meant", () => {
    const [problem] = problemsOf({ MQTT_URL: "mqtt://localhost", MQTT_PASSWORD_FILE: "correct horse" });
    expect(problem).toMatch(/^MQTT_PASSWORD_FILE cannot be read/);
    expect(problem).not.toContain("horse");
  });

  it("says which variable's file cannot be read, and takes no file for what is no secret", () => {
    const missing = join(folder, "missing");
    expect(problemsOf({ MQTT_URL: "mqtt://localhost", MQTT_PASSWORD_FILE: missing })[0]).toBe(
      "MQTT_PASSWORD_FILE cannot be read: ENOENT (it must name a file that holds the secret)",
    );
    expect(readConfig(variables, { MQTT_URL: "mqtt://localhost", AZRU_SITE_FILE: missing }).site).toBe(
      "home",
    );
  });

  it("never fails but in one line per variable, whatever the environment holds, and keeps the secret", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("0", "-1", "true", "mqtt://x", "1e3", "\n", "{}"));
    fc.assert(
      fc.property(
        fc.record({ AZRU_PORT: text, AZRU_SIMULATOR: text, AZRU_MODE: text, MQTT_URL: text }),
        (environment) => {
          const problems = problemsOf({ ...environment, MQTT_PASSWORD: "s3cr3t!" });
          for (const problem of problems) expect(problem).toMatch(/^[A-Z_]+ [^\n]+$/);
          expect(problems.join()).not.toContain("s3cr3t!");
        },
      ),
      { numRuns: 2000 },
    );
  });
});

it("documents itself as a table", () => {
  expect(documentVariables(variables)).toBe(
    [
      "| variable | meaning | values | default |",
      "|---|---|---|---|",
      "| `AZRU_SITE` | root of the topics | text | home |",
      "| `AZRU_PORT` | port of the API | 1 to 65535 | 8000 |",
      "| `AZRU_SIMULATOR` | start the twin | true, false | true |",
      "| `AZRU_MODE` | mode \\| at the start | auto, manual | auto |",
      "| `MQTT_URL` | address of the broker | uri |  |",
      "| `MQTT_PASSWORD`, `MQTT_PASSWORD_FILE` | password of the broker's account | text |  |",
      "",
    ].join("\n"),
  );
});

it("documents itself as an example file that leaves open only what must be set", () => {
  const lines = exampleEnv(variables).split("\n");
  expect(lines).toContain("# AZRU_PORT=8000");
  expect(lines).toContain("# MQTT_PASSWORD=");
  expect(lines).toContain("MQTT_URL=");
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual(["MQTT_URL="]);
});
