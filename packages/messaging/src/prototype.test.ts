/** Messages as Azru's Python prototype and the devices written for it send them. */
import { readFileSync } from "node:fs";
import { parseTopic, topics } from "@azru/contracts";
import { describe, expect, it } from "vitest";
import { decode } from "./message.ts";

interface Case {
  readonly topic: string;
  readonly payload: unknown;
  readonly want: string;
}

const cases = readFileSync(new URL("prototype-messages.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

/** What is understood of each, in the order of the file. */
const understood = [
  { payload: "2026-11-27T17:24:51.000Z", leftOut: [] },
  {
    room: "chambre",
    payload: {
      temperature: 19.42,
      mass_temperature: 19.9,
      external_temperature: 4.1,
      power_consumption: 1350,
      valve_position: 30,
      sim_time: "2026-11-27T17:24:51.000Z",
    },
    leftOut: [],
  },
  {
    room: "chambre",
    payload: { valve_position: 42.5, planned_power: 1912.5, source: "mpc" },
    leftOut: [],
  },
  { room: "salon", payload: { temperature: 20.1 }, leftOut: ["battery"] },
  { room: "salon", payload: { temperature: 20.1 }, leftOut: ["power_consumption"] },
  { room: "salon", payload: { temperature: 20.1 }, leftOut: ["external_temperature"] },
  { room: "salon", payload: { temperature: 20.1 }, leftOut: [] },
  { room: "Salon (nord)", payload: { temperature: 20.1 }, leftOut: [] },
];

function bytesOf(payload: unknown): Uint8Array {
  return Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
}

describe("messages written for the prototype", () => {
  it("are all tried", () => expect(cases).toHaveLength(understood.length));

  it.each(cases.map((one, i) => ({ ...one, wanted: understood[i] })))(
    "$topic $payload: $want",
    ({ topic: name, payload, wanted }) => {
      const parsed = parseTopic("home", name);
      expect(parsed).toBeDefined();
      const { kind, ...params } = parsed!;
      expect({ ...params, ...decode(topics[kind], bytesOf(payload)) }).toMatchObject(wanted);
    },
  );
});

describe("a message with a bad field", () => {
  const metrics = (payload: unknown) => decode(topics.sensorMetrics, bytesOf(payload));
  const command = (payload: unknown) => decode(topics.valveSet, bytesOf(payload));

  it.each([
    ["a comma", { temperature: "20,5" }, { temperature: 20.5 }],
    [
      "spaces",
      { temperature: " 20.5 ", power_consumption: "1350" },
      { temperature: 20.5, power_consumption: 1350 },
    ],
    ["null", { temperature: 20.5, battery: null }, { temperature: 20.5 }],
    [
      "microseconds, in summer",
      { temperature: 20, sim_time: "2026-07-01T08:00:00.123456" },
      { temperature: 20, sim_time: "2026-07-01T06:00:00.123Z" },
    ],
  ])("is read with %s", (_, sent, read) => {
    expect(metrics(sent)).toEqual({ payload: read, leftOut: [] });
  });

  it("keeps all the good ones and says what was wrong with the others", () => {
    expect(
      metrics({
        temperature: 20,
        battery: 255,
        solar_power: "unknown",
        mass_temperature: 21,
        sim_time: "noon",
      }),
    ).toEqual({
      payload: { temperature: 20, mass_temperature: 21 },
      leftOut: ["solar_power", "battery", "sim_time"],
      reason: expect.stringMatching(/battery must be <= 100, got 255/),
    });
  });

  it.each([
    ["no temperature", {}, "temperature is missing"],
    [
      "a temperature that is none",
      { temperature: "unavailable", battery: 50 },
      'temperature must be a number, got "unavailable"',
    ],
    [
      "a temperature beyond all bounds",
      { temperature: 850, battery: 255 },
      "temperature must be <= 80, got 850",
    ],
  ])("is refused with %s", (_, sent, reason) => {
    expect(() => metrics(sent)).toThrow(reason);
  });

  it("reads no clock in an hour that spring skips", () => {
    expect(() => decode(topics.clock, Buffer.from("2026-03-29T02:30:00"))).toThrow("with an offset");
  });

  it("is followed by a valve, but for what says whether the command still holds", () => {
    expect(command({ valve_position: "42.5", source: "python", colour: "red", planned_power: -3 })).toEqual({
      payload: { valve_position: 42.5, source: "mpc" },
      leftOut: ["planned_power", "source", "colour"],
      reason: expect.any(String),
    });
    for (const field of ["issued_at", "valid_until", "id"])
      expect(() => command({ valve_position: 42, [field]: "?" }), field).toThrow(field);
    expect(() => command({ valve_position: 142 })).toThrow("valve_position must be <= 100");
  });
});
