import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import {
  checkBuilding,
  checkConfiguration,
  checkPrototypeVariables,
  loadDeclarations,
  usableConfig,
} from "./configuration.ts";

const declarations = await loadDeclarations();
const folder = mkdtempSync(join(tmpdir(), "azru-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("an empty environment is accepted by every service", () => {
  expect(checkConfiguration(declarations, {})).toEqual([
    { check: "configuration", status: "ok", message: "every service accepts the environment" },
  ]);
});

it("what is wrong is reported once, with those who refuse it", () => {
  const findings = checkConfiguration(declarations, { MQTT_URL: "localhost:1883", AZRU_MPC_THREADS: "0" });
  expect(findings.map(({ status }) => status)).toContain("problem");
  const threads = findings.find(({ message }) => message.startsWith("AZRU_MPC_THREADS"));
  expect(threads?.message).toMatch(/>=1, got "0"$/);
  expect(threads?.advice).toMatch(/^mpc will not start/);
  const url = findings.filter(({ message }) => message.startsWith("MQTT_URL"));
  expect(
    url
      .map(({ advice = "" }) => advice.replace(/ will not.*/, ""))
      .join(", ")
      .split(", ")
      .sort(),
  ).toEqual(["core", "home-assistant", "mpc", "sensor-simulator", "standalone", "valves"]);
});

it("what only the core can find is reported: a network without a token", () => {
  const [finding] = checkConfiguration(declarations, { AZRU_HTTP_HOST: "0.0.0.0" });
  expect(finding).toMatchObject({ status: "problem" });
  expect(finding?.message).toMatch(/^AZRU_API_TOKEN is missing/);
});

it("variables of the prototype are warned of, each with what stands for it", () => {
  const findings = checkPrototypeVariables({
    MQTT_BROKER_HOST: "pi.local",
    SIM_SPEED: "60",
    T_MIN: "19",
    T_MINUS: "10",
    MQTT_URL: "mqtt://pi.local",
  });
  expect(findings.map(({ status, message, advice }) => [status, message.split(" ")[0], advice])).toEqual([
    ["warning", "MQTT_BROKER_HOST", expect.stringContaining("MQTT_URL")],
    ["warning", "SIM_SPEED", expect.stringContaining("AZRU_SPEED")],
    ["warning", "T_MIN", expect.stringContaining("PUT /comfort")],
  ]);
});

it("a secret is not shown", () => {
  const findings = checkConfiguration(declarations, {
    AZRU_API_TOKEN: "too short",
    MQTT_PASSWORD_FILE: "hunter2",
  });
  expect(findings).toHaveLength(2);
  expect(JSON.stringify(findings)).not.toMatch(/too short|hunter2/);
});

it("the checks go on with what is right", () => {
  const core = declarations.find(({ service }) => service === "core")!;
  const config = usableConfig(core.variables, {
    AZRU_HTTP_PORT: "many",
    AZRU_SITE: "chalet",
    MQTT_PASSWORD_FILE: "/nowhere",
  });
  expect(config).toMatchObject({ httpPort: 8000, site: "chalet", mqttPassword: undefined });
});

it("the building is read", async () => {
  const medium = fileURLToPath(new URL("../../../examples/buildings/medium.json", import.meta.url));
  const { finding, building } = await checkBuilding(medium);
  expect(finding.message).toMatch(/^medium in Lyon, /);
  expect(building?.location.latitude_deg).toBe(45.76);
});

it("a building that is none is a problem, named by file and field", async () => {
  const file = join(folder, "home.json");
  writeFileSync(file, '{"name": 5}');
  expect((await checkBuilding(file)).finding).toMatchObject({
    status: "problem",
    message: expect.stringMatching(/home\.json: building\.name must be a string, got 5/),
  });
  expect((await checkBuilding(join(folder, "none.json"))).finding.message).toMatch(
    /none\.json cannot be read: ENOENT$/,
  );
});
