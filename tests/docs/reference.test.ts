import { readFileSync } from "node:fs";
import specs from "@asyncapi/specs";
import * as contracts from "@azru/contracts";
import { validate } from "@readme/openapi-parser";
import { Ajv, type SchemaObject } from "ajv";
import addFormats from "ajv-formats";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { referenceFiles } from "../../scripts/reference/files.ts";

const committed = (name: string) =>
  readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), "utf8");

let files: Awaited<ReturnType<typeof referenceFiles>>;
beforeAll(async () => {
  files = await referenceFiles();
});

test.each(["asyncapi.yaml", "mqtt.md", "openapi.json", "http.md", "series.md"])(
  "docs/reference/%s says what the contracts and the API say (pnpm docs:reference writes it)",
  (name) => {
    expect(committed(name)).toBe(files.get(name));
  },
);

test("asyncapi.yaml is AsyncAPI 3.0", () => {
  // The specification's schema brings its own copy of draft 7.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  const isAsyncApi = ajv.compile(specs.schemas["3.0.0"] as SchemaObject);
  expect(isAsyncApi(parse(committed("asyncapi.yaml"))), ajv.errorsText(isAsyncApi.errors)).toBe(true);
  expect(isAsyncApi({ asyncapi: "3.0.0", info: { title: "no version" } })).toBe(false);
});

test("asyncapi.yaml has every topic that the contracts define, one that no service's users need too", () => {
  const { channels } = parse(committed("asyncapi.yaml")) as { channels: Record<string, { address: string }> };
  const addresses = Object.values(channels).map(({ address }) => address.replace(/^\{site\}\//, ""));
  const defined = Object.values(contracts)
    .flatMap((one: unknown) => (typeof one === "object" && one !== null ? [one, ...Object.values(one)] : []))
    .filter(
      (one): one is contracts.Topic =>
        typeof one === "object" && one !== null && "retain" in one && "path" in one,
    );
  expect(defined.length).toBeGreaterThan(20);
  for (const { path } of defined) expect(addresses).toContain(path.replaceAll(/:(\w+)/g, "{$1}"));
});

test("asyncapi.yaml's payload schemas judge as the contracts do", () => {
  const { channels, components } = parse(committed("asyncapi.yaml"));
  expect(Object.keys(channels)).toEqual(expect.arrayContaining(Object.keys(contracts.topics)));
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const isCommand = ajv.compile(components.messages.valveSet.payload);
  const isMeasurement = ajv.compile(components.messages.sensorMetrics.payload);
  expect(isCommand({ valve_position: 40, source: "mpc" })).toBe(true);
  expect(isCommand({ valve_position: 140, source: "mpc" })).toBe(false);
  expect(isMeasurement({ temperature: 20.4, humidity: 40 })).toBe(true);
  expect(isMeasurement({ humidity: 40 })).toBe(false);
});

test("openapi.json is OpenAPI 3.1", async () => {
  const result = await validate(JSON.parse(committed("openapi.json")));
  expect(result).toMatchObject({ valid: true, specification: "OpenAPI" });
  const { info: _, ...headless } = JSON.parse(committed("openapi.json"));
  expect(await validate(headless)).toMatchObject({ valid: false });
});
