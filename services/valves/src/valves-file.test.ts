import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@azru/runtime";
import { describedValves, usualAnswers, valvesDraftOf } from "@azru/setup";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valvesFile } from "./valves-file.ts";

const example = fileURLToPath(new URL("../../../examples/valves/valves.example.yaml", import.meta.url));
const frenchExample = fileURLToPath(new URL("../../../examples/valves/fil-pilote.yaml", import.meta.url));

describe("the valves file", () => {
  it("has an example that is right, also with what is commented out", async () => {
    const { rooms } = await valvesFile.read(example);
    expect(rooms["living-room"].valves.map(({ name }) => name)).toEqual([
      "living room valve left",
      "living room valve right",
    ]);
    const all = valvesFile.parse(readFileSync(example, "utf8").replaceAll(/^ {2}# /gm, "  "), "all");
    expect(all.rooms.bathroom.relays).toHaveLength(2);
  });

  it("has an example of a French home that is right", async () => {
    const { rooms, power } = await valvesFile.read(frenchExample);
    expect(power).toEqual({ subscribed_kva: 9, base_load_w: 1500 });
    expect(rooms["living-room"].pilot_wires.map(({ closed, low, safe }) => closed ?? low ?? safe)).toEqual([
      undefined,
      undefined,
      undefined,
      "off",
      "off",
    ]);
    const all = valvesFile.parse(readFileSync(frenchExample, "utf8").replaceAll(/^ {2}# /gm, "  "), "all");
    expect(all.power?.meter).toEqual({ name: "linky", property: "apparent_power" });
  });

  it.each([
    ["panel", "pilot_wires"],
    ["waterRadiator", "valves"],
    ["floorHeating", "relays"],
  ] as const)("is drafted by set-up for %s, with what drives it", (heater, drivers) => {
    const answers = { ...usualAnswers, heater, rooms: ["séjour", "l'entrée"], power_kw: 3 };
    for (const language of ["en", "fr"] as const) {
      const draft = valvesDraftOf(answers, language);
      const { séjour } = valvesFile.parse(draft, "draft").rooms;
      expect(séjour[drivers]).toHaveLength(drivers === "relays" ? 1 : 2);
      expect(
        valvesFile.parse(draft.replaceAll(/^# (?=power| {2})/gm, ""), "draft").power?.subscribed_kva,
      ).toBe(drivers === "pilot_wires" ? 9 : undefined);
    }
  });

  it("is what set-up writes of the radiators that were named", () => {
    const described = describedValves({
      rooms: ["Salon"],
      thermometers: [{ room: "Salon", name: "thermomètre" }],
      radiators: [
        { room: "Salon", name: "module", rated_w: 1500, closed: null, property: null },
        { room: "Salon", name: "relais", rated_w: 1000, closed: "off", property: "state_l1" },
        { room: "Salon", name: "relais", rated_w: 1000, closed: "off", property: "state_l2" },
      ],
      subscribed_kva: 9,
      base_load_w: 1500,
    });
    const { power, rooms } = valvesFile.parse(JSON.stringify(described), "described");
    expect(power).toMatchObject({ subscribed_kva: 9, base_load_w: 1500 });
    expect(rooms.Salon.pilot_wires.map(({ rated_w, closed }) => [rated_w, closed])).toEqual([
      [1500, undefined],
      [1000, "off"],
      [1000, "off"],
    ]);
  });

  it("may be JSON", () => {
    const text = JSON.stringify({ rooms: { bath: { relays: [{ topic: "shelly/command" }] } } });
    expect(valvesFile.parse(text, "x.json").rooms.bath.relays[0]).toMatchObject({
      on: "ON",
      period_minutes: 15,
    });
  });

  it.each([
    ["rooms: [", /^AZRU_VALVES x\.yaml: line 1 is no YAML: .* \(see docs\/valves\.md\)$/],
    ["", /x\.yaml: value must be an object, got null/],
    ["rooms: {}", /rooms must name at least one room/],
    ["rooms: { bath: {} }", /rooms\.bath must have at least one sensor, valve or relay/],
    ["rooms: { bath: { valves: [{ name: a+b }] } }", /rooms\.bath\.valves\[0\]\.name must be .*got "a\+b"/],
    ["rooms: { bath: { valves: [{ name: a, colour: 1 }] } }", /valves\[0\] has no field "colour"/],
    [
      "rooms: { bath: { valves: [{ name: a, safe_setpoint_c: 50 }] } }",
      /safe_setpoint_c must be <= 35, got 50/,
    ],
    ["rooms: { sys: { valves: [{ name: a }] } }", /rooms\.sys is no name for a room: it must not be one of/],
    ["rooms: { bath: { relays: [{}] } }", /relays\[0\] must have either a name .* or a topic/],
    ["rooms: { bath: { pilot_wires: [{ topic: a/b }] } }", /pilot_wires\[0\] needs closed, the order/],
    ["rooms: { bath: { pilot_wires: [{ name: a, low: comfort }] } }", /pilot_wires\[0\]\.low must be/],
    [
      "rooms: { bath: { pilot_wires: [{ name: a, low: eco, closed: eco }] } }",
      /low has no effect beside closed/,
    ],
    [
      "rooms: { bath: { pilot_wires: [{ name: a, safe: eco, closed: eco }] } }",
      /safe has no effect beside closed/,
    ],
    [
      "power: { subscribed_kva: 9 }\nrooms: { bath: { pilot_wires: [{ name: a }] } }",
      /pilot_wires\[0\] needs rated_w, what the/,
    ],
    [
      "power: { subscribed_kva: 9 }\nrooms: { bath: { pilot_wires: [{ name: a, rated_w: 900, low: eco }] } }",
      /pilot_wires\[0\]\.low must not be eco with a power limit/,
    ],
    ["rooms: { bath: { temperature: x, valves: [{ name: a }] } }", /temperature must name one of .*got "x"/],
    [
      "rooms: { bath: { valves: [{ name: a }] }, hall: { sensors: [{ name: a }] } }",
      /rooms\.hall has the device "a" that bath already has/,
    ],
    ["silence_minutes: soon\nrooms: { bath: { valves: [{ name: a }] } }", /silence_minutes must be a number/],
  ])("is refused in one line that says what to do: %s", (text, complaint) => {
    expect(() => valvesFile.parse(text, "x.yaml")).toThrow(complaint);
    expect(() => valvesFile.parse(text, "x.yaml")).toThrow(ConfigError);
  });

  it("that is missing is named, with what to do", async () => {
    await expect(valvesFile.read("no/such.yaml")).rejects.toThrow(
      /no\/such\.yaml cannot be read: ENOENT; copy examples\/valves\/valves\.example\.yaml there/,
    );
  });

  it("is read or refused, whatever is in it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          valvesFile.parse(text, "x.yaml");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect((error as Error).message).not.toContain("\n");
        }
      }),
      { numRuns: 500 },
    );
  });
});
