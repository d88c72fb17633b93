/** Every MQTT topic and payload: a message or an InvalidMessageError, and what is accepted can be stored. */
import assert from "node:assert/strict";
import {
  actuatorPoint,
  type MpcPlan,
  mpcPoint,
  type ParsedTopic,
  parseTopic,
  planPoints,
  roomNameSchema,
  type SensorMetrics,
  sensorPoint,
  type TariffState,
  type Topic,
  type TopicKind,
  tariffPoint,
  timeMsOf,
  topicFilterOf,
  topicNameOf,
  topics,
  type ValveCommand,
} from "@azru/contracts";
import { InvalidMessageError } from "@azru/messaging";
import { createLogger } from "@azru/runtime";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, it } from "vitest";
import { z } from "zod";
import { damaged, payloads } from "../../packages/contracts/src/testing/arbitraries.ts";
import { decode } from "../../packages/messaging/src/message.ts";
import { checkPoint } from "../../packages/timeseries/src/point-rules.ts";
import { createRecorder } from "../../services/core/src/record/recorder.ts";
import { refusedOr } from "./errors.ts";
import { anyText, mutated } from "./mutations.ts";
import { patience_ms, runs } from "./runs.ts";

const kinds = Object.keys(topics) as TopicKind[];
const utf8 = new TextEncoder();

/** Names that are valid, rather unlike each other. */
const roomName = fc
  .string({
    unit: fc.constantFrom(
      "a",
      "Z",
      "9",
      "é",
      "e\u0301",
      "房",
      "ع",
      " ",
      "_",
      ".",
      "-",
      "'",
      "(",
      ")",
      ",",
      "&",
    ),
    minLength: 1,
    maxLength: 24,
  })
  .filter((name) => roomNameSchema.safeParse(name).success);

/** What may arrive on a topic: nearly valid messages of its kind and others, and noise. */
function arriving(kind: TopicKind): fc.Arbitrary<Uint8Array> {
  const { encoding } = topics[kind];
  const textOf = (payload: unknown) =>
    encoding === "text" && typeof payload === "string" ? payload : (JSON.stringify(payload) ?? "");
  const valid: fc.Arbitrary<unknown> = payloads[kind];
  return fc.oneof(
    {
      weight: 4,
      arbitrary: damaged(valid)
        .map(textOf)
        .map((text) => utf8.encode(text)),
    },
    { weight: 4, arbitrary: mutated(valid.map(textOf)).map((text) => utf8.encode(text)) },
    {
      weight: 1,
      arbitrary: damagedTexts(valid)
        .map(textOf)
        .map((text) => utf8.encode(text)),
    },
    { weight: 1, arbitrary: fc.json().map((text) => utf8.encode(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  );
}

/** Every text of a message replaced by another of any kind: the contract decides which ones it takes. */
function damagedTexts(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const text = fc.oneof(
    anyText,
    fc.constantFrom(
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
      "2026-02-29T00:00:00Z",
      "2026-03-29T02:30:00+23:59",
    ),
  );
  return fc.tuple(valid, text, fc.nat()).map(([payload, replacement, at]) => {
    const json = JSON.stringify(payload) ?? "null";
    const texts = [...json.matchAll(/(?<=[:[,])"(?:[^"\\]|\\.)*"(?=[\]},])/g)];
    if (texts.length === 0) return payload;
    const { index, 0: old } = texts[at % texts.length];
    return JSON.parse(json.slice(0, index) + JSON.stringify(replacement) + json.slice(index + old.length));
  });
}

function hasOnlyFiniteNumbers(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(hasOnlyFiniteNumbers);
}

/** Has the core's recorder write the points of a message, into the rules that both stores apply. */
function record(kind: TopicKind, payload: unknown, room: string): void {
  const refusals: unknown[] = [];
  const store = {
    write(points: Parameters<typeof checkPoint>[0][]) {
      try {
        for (const point of points) checkPoint(point);
      } catch (error) {
        refusals.push(error);
      }
    },
  };
  const recorder = createRecorder(
    store as Parameters<typeof createRecorder>[0],
    createLogger({ service: "fuzz", level: "silent" }),
  );
  const nowMs = Date.UTC(2026, 0, 15);
  if (kind === "sensorMetrics") {
    const metrics = payload as SensorMetrics;
    const timeMs = metrics.sim_time === undefined ? nowMs : timeMsOf(metrics.sim_time);
    recorder.write([sensorPoint(room, metrics, timeMs)]);
  }
  if (kind === "valveSet") recorder.write([actuatorPoint(room, payload as ValveCommand, nowMs)]);
  if (kind === "mpcPlan") {
    const plan = payload as MpcPlan;
    recorder.write([mpcPoint(plan, 12.5, nowMs), ...(plan.status === "optimal" ? planPoints(plan) : [])]);
  }
  if (kind === "tariff")
    for (const rate of (payload as TariffState).rates)
      recorder.write([tariffPoint(rate, timeMsOf(rate.start))]);
  if (refusals.length > 0) throw refusals[0];
}

/** Long messages take their time. */
const casesOf: Readonly<Record<TopicKind, number>> = {
  sensorMetrics: 15_000,
  valveSet: 15_000,
  clock: 15_000,
  status: 10_000,
  mpcRequest: 1_500,
  mpcPlan: 1_500,
  tariff: 2_500,
  forecast: 2_500,
  homeState: 5_000,
  homePrices: 2_500,
  controlMode: 5_000,
  controlValve: 5_000,
  controlPreset: 5_000,
  controlSetpoint: 5_000,
  controlRoom: 5_000,
  controlTariff: 5_000,
  controlWarmest: 5_000,
  controlVacation: 5_000,
  controlOptimize: 5_000,
};

describe.each(kinds)("messages of %s", (kind) => {
  const topic: Topic = topics[kind];
  // An independent reading of the published schema: its bounds hold for all that is accepted.
  const isWithinSchema = new Ajv2020({
    strict: false,
    formats: { "date-time": true, date: true },
    validateFormats: false,
  }).compile(z.toJSONSchema(topic.schema));

  it("are accepted or refused in one line that names the topic, never a crash", {
    timeout: patience_ms,
  }, () => {
    let accepted = 0;
    fc.assert(
      fc.property(arriving(kind), roomName, (bytes, room) => {
        const payload = refusedOr(
          () => decode(topic, bytes).payload,
          [InvalidMessageError],
          new RegExp(`^${topic.path.replaceAll("/", "\\/")}\\S* .`, "u"),
        );
        if (payload === undefined) return;
        accepted++;
        assert.ok(hasOnlyFiniteNumbers(payload));
        assert.ok(isWithinSchema(payload), JSON.stringify(isWithinSchema.errors));
        const text = JSON.stringify(payload);
        assert.equal(JSON.stringify(topic.schema.parse(JSON.parse(text))), text);
        record(kind, payload, room);
      }),
      runs(casesOf[kind]),
    );
    assert.ok(accepted > 0, "the cases were all refused: they test too little");
  });

  it("that are valid are accepted and stored", { timeout: patience_ms }, () => {
    fc.assert(
      fc.property(payloads[kind] as fc.Arbitrary<unknown>, roomName, (payload, room) => {
        const text = topic.encoding === "text" ? String(payload) : JSON.stringify(payload);
        record(kind, decode(topic, utf8.encode(text)).payload, room);
      }),
      runs(300),
    );
  });
});

describe("topic names", () => {
  const level = fc.oneof(
    fc.constantFrom(
      "home",
      "sensors",
      "sys",
      "status",
      "clock",
      "metrics",
      "valve",
      "set",
      "mpc",
      "request",
      "plan",
      "tariff",
      "forecast",
      "+",
      "#",
      "",
      "$SYS",
      "$share",
    ),
    roomName,
    anyText,
  );
  const name = fc.array(level, { maxLength: 6 }).map((levels) => levels.join("/"));

  it("are taken apart or none of ours, whatever they are", { timeout: patience_ms }, () => {
    fc.assert(
      fc.property(fc.constantFrom("home", "chalet 2"), name, (site, rest) => {
        const topicName = `${site}/${rest}`;
        const parsed = parseTopic(site, topicName);
        if (parsed) assert.equal(nameAgain(site, parsed), topicName);
        assert.equal(parseTopic("elsewhere", topicName), undefined);
      }),
      runs(100_000),
    );
  });

  it("are made of safe levels alone, and come back as they were", { timeout: patience_ms }, () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), level, level, level, (kind, site, room, service) => {
        const topic: Topic = topics[kind];
        const params = { room, service };
        const made = refusedOr(
          () => topicNameOf(topic, site, params as never),
          [RangeError],
          /^(site|room|service) must .+, got ".*"$/su,
        );
        if (made === undefined) return;
        assert.doesNotMatch(made, /[+#\0]|^\$|\/\//);
        const parsed = parseTopic(site, made);
        assert.ok(parsed);
        assert.equal(parsed.kind, kind);
        assert.equal(nameAgain(site, parsed), made);
        assert.equal(topicFilterOf(topic, site).split("/").length, made.split("/").length);
      }),
      runs(50_000),
    );
  });
});

function nameAgain(site: string, { kind, ...params }: ParsedTopic): string {
  return topicNameOf(topics[kind] as Topic, site, params as never);
}
