import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isReservedRoom } from "./room-name.ts";
import { anySite, matchTopic, parseTopic, siteOf, topicFilterOf, topicNameOf, topics } from "./topics.ts";

describe("topic names", () => {
  it("are those of the public contract", () => {
    expect(topicNameOf(topics.sensorMetrics, "home", { room: "living-room" })).toBe(
      "home/sensors/living-room/metrics",
    );
    expect(topicNameOf(topics.valveSet, "home", { room: "salle à manger" })).toBe(
      "home/salle à manger/valve/set",
    );
    expect(topicNameOf(topics.status, "flat-3", { service: "core" })).toBe("flat-3/sys/status/core");
    expect(topicNameOf(topics.clock, "home", {})).toBe("home/sys/clock");
    expect(topicNameOf(topics.mpcRequest, "home", {})).toBe("home/mpc/request");
    expect(topicNameOf(topics.mpcPlan, "home", {})).toBe("home/mpc/plan");
    expect(topicNameOf(topics.tariff, "home", {})).toBe("home/tariff");
    expect(topicNameOf(topics.forecast, "home", {})).toBe("home/forecast");
  });

  it("become filters where a parameter is left open", () => {
    expect(topicFilterOf(topics.sensorMetrics, "home")).toBe("home/sensors/+/metrics");
    expect(topicFilterOf(topics.valveSet, "home")).toBe("home/+/valve/set");
    expect(topicFilterOf(topics.valveSet, "home", { room: "bath" })).toBe("home/bath/valve/set");
    expect(topicFilterOf(topics.mpcRequest, anySite)).toBe("+/mpc/request");
  });

  it("begin with the site that they belong to", () => {
    expect(siteOf("flat-3/mpc/request")).toBe("flat-3");
    for (const name of ["", "/mpc/request", "+/mpc/request", "$SYS/broker"]) {
      expect(siteOf(name)).toBeUndefined();
    }
  });

  it.each([
    "",
    "a/b",
    "+",
    "#",
    "$SYS",
    " x",
    "x ",
    "a\u0000b",
    "sys",
    "sensors",
    "mpc",
    "constructor",
    "r".repeat(65),
  ])("refuse the room %j", (room) => {
    expect(() => topicNameOf(topics.valveSet, "home", { room })).toThrow(/^room must .* got/);
    expect(() => topicFilterOf(topics.valveSet, "home", { room })).toThrow(RangeError);
  });

  it("refuse an unsafe site", () => {
    expect(() => topicNameOf(topics.clock, "a/#", {})).toThrow(/^site must .*, got "a\/#"$/);
    expect(() => topicNameOf(topics.clock, anySite, {})).toThrow(/^site must .*, got "\+"$/);
  });
});

describe("parsing a topic name", () => {
  it("gives back what it was built from", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/).filter((n) => !isReservedRoom(n));
    fc.assert(
      fc.property(name, name, (site, room) => {
        expect(parseTopic(site, topicNameOf(topics.sensorMetrics, site, { room }))).toEqual({
          kind: "sensorMetrics",
          room,
        });
        expect(parseTopic(site, topicNameOf(topics.valveSet, site, { room }))).toEqual({
          kind: "valveSet",
          room,
        });
        expect(parseTopic(site, topicNameOf(topics.status, site, { service: room }))).toEqual({
          kind: "status",
          service: room,
        });
        expect(parseTopic(site, topicNameOf(topics.tariff, site, {}))).toEqual({ kind: "tariff" });
      }),
    );
  });

  it("knows its own topics alone, whatever the name", () => {
    const level = fc.oneof(
      fc.constantFrom("home", "sensors", "sys", "metrics", "valve", "set", "+", "#", ""),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(level, { maxLength: 6 }), (levels) => {
        const name = levels.join("/");
        const parsed = parseTopic("home", name);
        if (parsed === undefined) return;
        const { kind, ...params } = parsed;
        expect(topicNameOf(topics[kind], "home", params as never)).toBe(name);
      }),
      { numRuns: 3000 },
    );
    expect(parseTopic("home", "other/sensors/bath/metrics")).toBeUndefined();
    expect(matchTopic(topics.valveSet, "home", "home/sys/valve/set")).toBeUndefined();
  });
});
