import {
  comfortSettingsSchema,
  controlModeBodySchema,
  controlPresenceBodySchema,
  controlPresetBodySchema,
  controlRoomBodySchema,
  controlSetpointBodySchema,
  controlVacationBodySchema,
  controlValveBodySchema,
  pushedTariffSchema,
  setupAnswersSchema,
} from "@azru/contracts";
import { brokers } from "@azru/messaging/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { describedIn } from "../testing/described-home.ts";
import { type LiveCore, silent, startMs, startTestHome, type TestHome } from "../testing/test-home.ts";

const bodies = {
  "put /setup": setupAnswersSchema,
  "put /tariff": pushedTariffSchema,
  "put /comfort": comfortSettingsSchema,
  "post /control/preset": controlPresetBodySchema,
  "post /control/setpoint": controlSetpointBodySchema,
  "post /control/room": controlRoomBodySchema,
  "post /control/presence": controlPresenceBodySchema,
  "post /control/vacation": controlVacationBodySchema,
  "post /control/valve": controlValveBodySchema,
  "post /control/mode": controlModeBodySchema,
};

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly responses: Record<string, unknown>;
  readonly requestBody?: { readonly content: Record<string, { readonly example?: unknown }> };
}

let home: TestHome;
let live: LiveCore;
let app: FastifyInstance;

beforeAll(async () => {
  home = await startTestHome(brokers[0]);
  const device = await home.device();
  live = await home.core({ mpcTimeout_ms: 100 });
  await device.decision(startMs, { temperature: 17 });
  app = await createApp({
    core: live.core,
    registry: live.registry,
    version: "1.2.3",
    setup: describedIn(home.folder),
    log: silent,
  });
});

afterAll(async () => {
  await app.close();
  await home.stop();
});

async function operations(): Promise<[name: string, Operation][]> {
  const { paths } = (await app.inject("/docs/json")).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );
}

test("every operation has an id of its own, says whether it needs the token, and that it may be refused", async () => {
  const all = await operations();
  expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length);
  for (const [name, { security = [], responses }] of all) {
    expect(security, name).toHaveLength(/^get /.test(name) ? 0 : 1);
    expect(Object.keys(responses), name).toContain("429");
  }
});

test("says that nothing is asked for on a core without a token, and the token on one that has it", async () => {
  const [, open] = (await operations()).find(([name]) => name === "post /control/valve")!;
  expect(open.security).toEqual([{}]);
  const closed = await createApp({
    ...{ core: live.core, registry: live.registry, version: "1.2.3", log: silent },
    token: "a token that nobody guesses",
  });
  const { paths } = (await closed.inject("/docs/json")).json();
  await closed.close();
  expect(paths["/control/valve"].post.security).toEqual([{ token: [] }]);
});

test("the example of each body is what holds now, and is accepted", async () => {
  const examples = (await operations()).flatMap(([name, { requestBody }]) =>
    requestBody ? [[name, requestBody.content["application/json"].example] as const] : [],
  );
  expect(examples.map(([name]) => name).sort()).toEqual(Object.keys(bodies).sort());
  for (const [name, example] of examples) {
    expect(() => bodies[name as keyof typeof bodies].parse(example), name).not.toThrow();
  }
  const byName = Object.fromEntries(examples);
  expect(byName["put /comfort"]).toEqual(live.core.comfort.response.settings);
  const before = live.core.state().decision?.valve_position;
  expect(byName["post /control/valve"]).toEqual({ valve_position: before, duration_min: 60 });
  expect(before).toBeGreaterThan(0);
});

test("sent unchanged, the example of the comfort settings changes none of them", async () => {
  const before = live.core.comfort.response.settings;
  const [, { requestBody }] = (await operations()).find(([name]) => name === "put /comfort")!;
  const answer = await app.inject({
    method: "PUT",
    url: "/comfort",
    headers: { host: "localhost" },
    payload: requestBody!.content["application/json"].example as object,
  });
  expect(answer.statusCode).toBe(200);
  expect(live.core.comfort.response.settings).toEqual(before);
});

test("names problem details by the type that they are sent with, and has no tuple that OpenAPI 3.1 does not know", async () => {
  const { body } = await app.inject("/docs/json");
  const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, Operation>> };
  const refusal = paths["/control/valve"].post.responses[400] as { content: object };
  expect(Object.keys(refusal.content)).toEqual(["application/problem+json"]);
  const sent = await app.inject({ method: "POST", url: "/control/valve", body: { valve_position: 130 } });
  expect(sent.headers["content-type"]).toMatch(/^application\/problem\+json/);
  const notReady = paths["/ready"].get.responses[503] as { content: object };
  expect(Object.keys(notReady.content)).toEqual(["application/json"]);
  expect(body).not.toMatch(/"items":\[/);
});
