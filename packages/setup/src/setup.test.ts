import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildingSchema,
  comfortSettingsSchema,
  roomsFileSchema,
  type SetupAnswers,
  setupAnswersSchema,
} from "@azru/contracts";
import { readBuilding } from "@azru/contracts/building-file";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  HomeFileError,
  homeEnvironment,
  homeFiles,
  readHomeFile,
  takeHomeFile,
  writeHomeFiles,
} from "./home-file.ts";
import {
  assumptionsOf,
  buildingOf,
  comfortSettingsOf,
  describedRooms,
  describedValves,
  findTown,
  heatLoss_w_k,
  towns,
  usualAnswers,
} from "./index.ts";

const house: SetupAnswers = { ...usualAnswers, dwelling: "house", floor_area_m2: 100, storeys: 2 };

const anyAnswers = fc
  .record({
    dwelling: fc.constantFrom("house" as const, "flat" as const),
    floor_area_m2: fc.integer({ min: 8, max: 1000 }),
    storeys: fc.integer({ min: 1, max: 4 }),
    year: fc.integer({ min: 1500, max: 2100 }),
    insulation: fc.constantFrom("as_built" as const, "improved" as const, "renovated" as const),
    glazing: fc.constantFrom("single" as const, "double" as const, "recent" as const),
    walls: fc.constantFrom("heavy" as const, "medium" as const, "light" as const, "unknown" as const),
    heater: fc.constantFrom("convector" as const, "panel" as const, "floorHeating" as const),
    power_kw: fc.option(fc.integer({ min: 1, max: 100 })),
    coolest_day_c: fc.integer({ min: 10, max: 22 }),
    warmest_day_c: fc.integer({ min: 23, max: 30 }),
    changed: fc.record({ opaque_u: fc.integer({ min: 1, max: 4 }) }, { requiredKeys: [] }),
  })
  .map((some): SetupAnswers => ({ ...usualAnswers, ...some, coolest_night_c: some.coolest_day_c - 2 }));

describe("a home from its answers", () => {
  test("always makes a building file and comfort settings that the core takes", () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        expect(setupAnswersSchema.parse(answers)).toEqual(answers);
        expect(buildingSchema.parse(buildingOf(answers))).toEqual(buildingOf(answers));
        expect(comfortSettingsSchema.parse(comfortSettingsOf(answers))).toEqual(comfortSettingsOf(answers));
      }),
    );
  });

  test("loses less the younger it is, the more it was insulated and the better its windows are", () => {
    const loss = (changes: Partial<SetupAnswers>) => heatLoss_w_k(buildingOf({ ...house, ...changes }));
    const byYear = [1930, 1970, 1985, 1995, 2003, 2010, 2015, 2023].map((year) => loss({ year }));
    expect(byYear.slice(1)).toEqual(byYear.slice(1).toSorted((a, b) => b - a));
    for (const year of [1930, 1970, 1985]) {
      expect(loss({ year, insulation: "improved" })).toBeLessThan(loss({ year }));
      expect(loss({ year, insulation: "renovated" })).toBeLessThan(loss({ year, insulation: "improved" }));
    }
    expect(loss({ glazing: "recent" })).toBeLessThan(loss({ glazing: "double" }));
    expect(loss({ dwelling: "flat", storeys: 1 })).toBeLessThan(loss({ storeys: 1 }));
  });

  test("of 100 m2 loses what French homes of its time are known to lose", () => {
    // W/K: an uninsulated house of the sixties some 400 to 600, one by the rules of 2012 some 80 to 130.
    expect(heatLoss_w_k(buildingOf({ ...house, year: 1965, glazing: "single" }))).toBeGreaterThan(400);
    expect(heatLoss_w_k(buildingOf({ ...house, year: 1965, glazing: "single" }))).toBeLessThan(600);
    expect(heatLoss_w_k(buildingOf({ ...house, year: 2015, glazing: "recent" }))).toBeGreaterThan(80);
    expect(heatLoss_w_k(buildingOf({ ...house, year: 2015, glazing: "recent" }))).toBeLessThan(130);
  });

  test("takes what somebody knows better, and sizes heaters that nobody knows for the coldest day", () => {
    const answers = { ...house, changed: { opaque_u: 0.1, south_share: 1 } };
    const building = buildingOf(answers);
    expect(building.zone.uWalls_w_m2k).toBe(0.1);
    expect(building.windows.map(({ azimuth_deg }) => azimuth_deg)).toEqual([0]);
    expect(assumptionsOf(answers).opaque_u).toBe(assumptionsOf(house).opaque_u);
    const power_w = buildingOf(house).heating.maxPower_w;
    expect(power_w / (26 * heatLoss_w_k(buildingOf(house)))).toBeCloseTo(1.3, 1);
    expect(buildingOf({ ...house, power_kw: 6.5 }).heating.maxPower_w).toBe(6500);
  });

  test("had the thermostat that was answered; one that lowers at night where nobody was asked yet", () => {
    expect(buildingOf({ ...house, thermostat: "electronic" }).thermostat.kind).toBe("electronic");
    const { thermostat: _, ...before } = house;
    expect(setupAnswersSchema.parse(before).thermostat).toBe("night_setback");
  });

  test("has the comfort that was asked for, from getting up to going to bed", () => {
    const { presets_c, schedule } = comfortSettingsOf({ ...house, coolest_day_c: 20, sleep: "00:30" });
    expect(presets_c).toEqual({ eco: 17, comfort: 20, boost: 22 });
    expect(schedule.sunday).toEqual([
      { time: "00:30", preset: "eco" },
      { time: "06:30", preset: "comfort" },
    ]);
  });

  test.each([
    [{ warmest_day_c: 19.5 }, "warmest_day_c"],
    [{ coolest_night_c: 20 }, "coolest_night_c"],
    [{ sleep: "06:30" }, "sleep"],
    [{ heat_pump: true }, "heat_pump"],
  ])("%o is refused at the field", (changes, field) => {
    const { error } = setupAnswersSchema.safeParse({ ...usualAnswers, ...changes });
    expect(error?.issues.map(({ path }) => path.join("."))).toContain(field);
  });
});

/** A flat with five radiators on pilot wires in three rooms, two of which have a thermometer. */
const pilotWires: SetupAnswers = {
  ...usualAnswers,
  rooms: ["Salon", "Cuisine", "Chambre d'amis"],
  thermometers: [
    { room: "Salon", name: "thermomètre salon" },
    { room: "Chambre d'amis", name: "thermomètre amis" },
  ],
  radiators: [
    { room: "Salon", name: "radiateur fenêtre", rated_w: 1500, closed: null, property: null },
    { room: "Salon", name: "radiateur porte", rated_w: 1000, closed: null, property: null },
    { room: "Cuisine", name: "radiateur cuisine", rated_w: 1000, closed: null, property: null },
    { room: "Chambre d'amis", name: "relais amis", rated_w: 1250, closed: "off", property: "state_l1" },
    { room: "Chambre d'amis", name: "radiateur amis", rated_w: 500, closed: null, property: null },
  ],
  subscribed_kva: 6,
};

describe("radiators on pilot wires", () => {
  test("are in the room that has a thermometer, or else in the first, with the power of them all", () => {
    expect(setupAnswersSchema.parse(pilotWires)).toEqual(pilotWires);
    expect(buildingOf({ ...pilotWires, power_kw: 9 }).heating.maxPower_w).toBe(5300); // to a tenth of a kW
    expect(describedValves(pilotWires)).toEqual({
      power: { subscribed_kva: 6, base_load_w: 1500 },
      rooms: {
        Salon: {
          sensors: [{ name: "thermomètre salon" }],
          pilot_wires: [
            { name: "radiateur fenêtre", rated_w: 1500 },
            { name: "radiateur porte", rated_w: 1000 },
            { name: "radiateur cuisine", rated_w: 1000 },
          ],
        },
        "Chambre d'amis": {
          sensors: [{ name: "thermomètre amis" }],
          pilot_wires: [
            { name: "relais amis", rated_w: 1250, closed: "off", property: "state_l1" },
            { name: "radiateur amis", rated_w: 500 },
          ],
        },
      },
    });
    expect(describedRooms(pilotWires)).toEqual({ rooms: { Salon: {}, "Chambre d'amis": {} } });
  });

  test("all follow the first room where that alone has a thermometer", () => {
    const { thermometers } = pilotWires;
    const one = { ...pilotWires, thermometers: thermometers.slice(0, 1) };
    expect(describedRooms(one)).toBeUndefined();
    expect(Object.keys(describedValves(one)?.rooms ?? {})).toEqual(["Salon"]);
    expect([describedRooms(usualAnswers), describedValves(usualAnswers)]).toEqual([undefined, undefined]);
  });

  test("heat their own room alone, where the first has none", () => {
    const guests = pilotWires.radiators.slice(3);
    expect(describedRooms({ ...pilotWires, radiators: guests })).toEqual({ rooms: { "Chambre d'amis": {} } });
  });

  test.each([
    ["radiators.0.room", { radiators: [{ ...pilotWires.radiators[0], room: "Grenier" }] }],
    ["radiators.1.name", { radiators: [pilotWires.radiators[0], pilotWires.radiators[0]] }],
    ["radiators.0.name", { radiators: [{ ...pilotWires.radiators[0], name: "thermomètre salon" }] }],
    ["radiators.0.rated_w", { subscribed_kva: 3, base_load_w: 1600 }],
    [
      "radiators.3.closed",
      { radiators: pilotWires.radiators.with(3, { ...pilotWires.radiators[3], closed: "eco" }) },
    ],
    ["radiators.0.property", { radiators: [{ ...pilotWires.radiators[0], property: "state_l1" }] }],
    ["thermometers", { thermometers: pilotWires.thermometers.slice(1) }],
    ["thermometers.1.room", { thermometers: [pilotWires.thermometers[0], { room: "Salon", name: "x" }] }],
    ["radiators", { heater: "waterRadiator" }],
  ] satisfies [string, Partial<SetupAnswers>][])("%s is refused where it cannot work", (field, changes) => {
    const { error } = setupAnswersSchema.safeParse({ ...pilotWires, ...changes });
    expect(error?.issues.map(({ path }) => path.join("."))).toContain(field);
  });
});

test("towns are found whatever their accents and hyphens, and places by their coordinates", () => {
  expect(findTown("saint etienne")?.latitude_deg).toBe(45.43);
  expect(findTown("St-Étienne")).toBe(findTown("Saint-Étienne"));
  expect(findTown("45,76 ; 4,84")).toEqual({ name: "45.76, 4.84", latitude_deg: 45.76, longitude_deg: 4.84 });
  expect([findTown("Nulle-Part"), findTown("98, 4")]).toEqual([undefined, undefined]);
  expect(towns.length).toBeGreaterThan(700);
});

describe("the home file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "azru-setup-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is read as it was written, and stands for the variables of the services", async () => {
    expect([readHomeFile(folder), homeEnvironment(folder)]).toEqual([undefined, {}]);
    const answers: SetupAnswers = { ...house, rooms: ["salon", "chambre"], contract: "peak" };
    writeHomeFiles(folder, answers, 0);
    expect(readHomeFile(folder)).toEqual({ answers, written_at: "1970-01-01T00:00:00.000Z" });
    const { building } = homeFiles(folder);
    expect(homeEnvironment(folder)).toEqual({
      AZRU_BUILDING: building,
      AZRU_ROOM: "salon",
      AZRU_TARIFF: "peak",
    });
    expect(await readBuilding(building)).toEqual(buildingOf(answers));
    expect(existsSync(homeFiles(folder).valves)).toBe(false);
    writeHomeFiles(folder, { ...answers, contract: "pushed" }, 0);
    expect(homeEnvironment(folder)).toMatchObject({ AZRU_TARIFF: "pushed" });
  });

  test("has a valves and a rooms file while radiators are named, and no longer", () => {
    const { valves, rooms } = homeFiles(folder);
    expect(writeHomeFiles(folder, pilotWires, 0)).toEqual(expect.arrayContaining([valves, rooms]));
    expect(homeEnvironment(folder)).toMatchObject({ AZRU_VALVES: valves, AZRU_ROOMS: rooms });
    expect(parse(readFileSync(valves, "utf8"))).toEqual(describedValves(pilotWires));
    expect(roomsFileSchema.parse(parse(readFileSync(rooms, "utf8")))).toEqual(describedRooms(pilotWires));
    writeHomeFiles(folder, { ...pilotWires, radiators: [] }, 1);
    expect([valves, rooms].map((file) => existsSync(file))).toEqual([false, false]);
    expect(Object.keys(homeEnvironment(folder))).not.toContain("AZRU_VALVES");
  });

  test("stands for what a service reads, where its environment does not say otherwise", () => {
    writeHomeFiles(folder, pilotWires, 0);
    const environment = { AZRU_DATA_DIR: folder, AZRU_ROOM: "mine" };
    const names = ["AZRU_ROOM", "AZRU_VALVES"];
    expect(takeHomeFile("valves", names, environment)).toEqual(["AZRU_ROOM"]);
    expect(environment).toEqual({
      AZRU_DATA_DIR: folder,
      AZRU_ROOM: "mine",
      AZRU_VALVES: homeFiles(folder).valves,
    });
  });

  test.each([
    ["{", "is not JSON: answer the questions of set-up anew, or remove the file"],
    ['{"answers": {}}', "home.answers."],
  ])("that is %s is refused by its name, with what to do", (text, message) => {
    mkdirSync(join(folder, "home"));
    writeFileSync(homeFiles(folder).home, text);
    expect(() => readHomeFile(folder)).toThrow(HomeFileError);
    expect(() => readHomeFile(folder)).toThrow(message);
  });
});
