import {
  houseOf,
  lossOf_w_k,
  modelOf,
  nextState,
  outputOf,
  type StateSpace,
  stateSpaceOf,
} from "@azru/house";
import { affineStep, createZone, emissionSystems } from "@azru/physics";
import { describe, expect, test } from "vitest";
import { heatLoss_w_k } from "../house.ts";
import { home, normals } from "../testing/twin.ts";
import { createHouseWatch, type Finding, type HouseWatch } from "./house-watch.ts";

const dtSeconds = 900;
const perDay = 96;
const building = {
  ...home("floorHeating"),
  heating: { emission: "floorHeating", supply: "electric", maxPower_w: 4500 },
} as const;
const { maxPower_w } = building.heating;

interface House {
  readonly model: StateSpace;
  readonly loss_w_k: number;
}

const zone = (parameters = building.zone): House => ({
  model: stateSpaceOf(affineStep(createZone(parameters), emissionSystems.floorHeating, dtSeconds)),
  loss_w_k: heatLoss_w_k(createZone(parameters)),
});
const { physics } = houseOf({ ...building, windows: [] } as never);
const ofFourStates: House = {
  model: modelOf({ ...houseOf(building as never), physics }, dtSeconds),
  loss_w_k: lossOf_w_k(physics),
};

interface Life {
  readonly truth?: House;
  readonly watched?: House;
  readonly days: number;
  /** From the step at which the fault begins on. */
  readonly sensor?: (air_c: number, steps: number) => number;
  readonly heat?: (ordered_w: number) => number;
  readonly faultFromDay?: number;
  readonly faultUntilDay?: number;
  readonly gains_w?: (hour: number, day: number) => number;
  /** Air that blows through an open window, changes an hour. */
  readonly open?: (day: number, hour: number) => number;
  readonly setpoint_c?: (day: number, hour: number) => number;
  /** The watch is made anew from what it remembers. */
  readonly restartAtDay?: number;
}

interface Found extends Finding {
  readonly day: number;
}

/** Lets a twin live in its own weather with a thermostat that reads the thermometer, and has it watched. */
function live(life: Life): {
  readonly watch: HouseWatch;
  readonly found: Found[];
  readonly endDay: number | undefined;
} {
  const { truth = zone(), watched = truth, days, faultFromDay = Number.POSITIVE_INFINITY } = life;
  const { faultUntilDay = Number.POSITIVE_INFINITY, gains_w = () => 0, setpoint_c = () => 19.5 } = life;
  const house = { ...watched, maxPower_w, floorArea_m2: building.zone.floorArea_m2 };
  let watch = createHouseWatch(house);
  const noise = normals(3);
  let x: ArrayLike<number> = new Float64Array(truth.model.b.length).fill(19.5);
  let [measured_c, swing, isOn] = [19.5, 0, false];
  const found: Found[] = [];
  let endDay: number | undefined;
  for (let k = 0; k < days * perDay; k++) {
    const day = k / perDay;
    const hour = (day * 24) % 24;
    if (k % perDay === 0) swing = 0.8 * swing + 2 * noise();
    const outdoors = {
      theta_e_c: 3 + swing + 3 * Math.sin(((hour - 9) / 12) * Math.PI),
      phi_sol_w: 1200 * Math.max(0, Math.sin(((hour - 8) / 9) * Math.PI)),
      phi_int_w: building.internalGains_w,
    };
    const wanted_c = setpoint_c(day, hour);
    isOn = measured_c < wanted_c - 0.5 || (isOn && measured_c < wanted_c + 0.5);
    const ordered_w = isOn ? maxPower_w : 0;
    const isFaulty = day >= faultFromDay && day < faultUntilDay;
    const heat_w = isFaulty && life.heat ? life.heat(ordered_w) : ordered_w;
    const acting = { ...outdoors, phi_int_w: outdoors.phi_int_w + gains_w(hour, day) };
    const changes = life.open?.(day, hour) ?? 0;
    const { model } =
      changes > 0
        ? zone({ ...building.zone, ventilation_ach: building.zone.ventilation_ach + changes })
        : truth;
    const air_c = outputOf(model, x, heat_w, acting);
    x = nextState(model, x, heat_w, acting);
    const read_c = isFaulty && life.sensor ? life.sensor(air_c, k - faultFromDay * perDay) : air_c;
    measured_c = read_c + 0.1 * noise();
    watch.advance({ ...outdoors, phi_HC_w: ordered_w, theta_air_c: measured_c });
    if (life.restartAtDay === (k + 1) / perDay)
      watch = createHouseWatch(house, JSON.parse(JSON.stringify(watch.memory)));
    const { finding } = watch;
    if (finding && finding.fault !== found.at(-1)?.fault) found.push({ ...finding, day });
    if (!finding && found.length > 0) endDay ??= day;
  }
  return { watch, found, endDay };
}

/** Hours until the first finding. */
const delay_h = ({ found: [first] }: { readonly found: readonly Found[] }, fromDay = 10) =>
  first === undefined ? Number.POSITIVE_INFINITY : (first.day - fromDay) * 24;

describe("a thermometer that is wrong", () => {
  test.each([
    [5, 3.1],
    [30, 1.1],
  ])(
    "says %d for good: it is doubted within %f h, and expected is what the house has",
    (stuck_c, within_h) => {
      const life = live({ days: 11, faultFromDay: 10, sensor: () => stuck_c });
      expect(life.found.map(({ fault }) => fault)).toEqual(["thermometer"]);
      expect(delay_h(life)).toBeLessThanOrEqual(within_h);
      expect(life.found[0].measured_c).toBeCloseTo(stuck_c, 0);
      expect(Math.abs(life.found[0].expected_c - stuck_c)).toBeGreaterThan(8);
    },
  );

  test("is trusted again when it reads what the house has", () => {
    const { watch, endDay } = live({ days: 13, faultFromDay: 10, faultUntilDay: 10.1, sensor: () => 30 });
    expect(watch.finding).toBeUndefined();
    expect(endDay).toBeLessThan(10.6);
  });

  test("stays doubted though it stays where it is", () => {
    const { watch } = live({ days: 14, faultFromDay: 10, sensor: () => 30 });
    expect(watch.finding?.fault).toBe("thermometer");
  });

  test("is doubted still after a restart, and trusted again when it is right", () => {
    const stuck = { days: 13, faultFromDay: 10, restartAtDay: 11, sensor: () => 30 };
    const still = live(stuck);
    expect(still.found.length).toBe(1);
    expect(still.watch.finding?.fault).toBe("thermometer");
    expect(live({ ...stuck, faultUntilDay: 11.5 }).watch.finding).toBeUndefined();
  });

  test.each([
    ["one state", zone(), undefined],
    ["four states", ofFourStates, undefined],
    ["one state, after a restart", zone(), 11],
  ])(
    "that drifts down by 2.4 K a day is doubted before it is 8 K off, in a house of %s",
    (_, truth, restartAtDay) => {
      const sensor = (air_c: number, steps: number) => air_c - (2.4 / perDay) * steps;
      const life = live({ truth, days: 14, faultFromDay: 10, sensor, ...(restartAtDay && { restartAtDay }) });
      expect(life.found[0]?.fault).toBe("thermometer");
      expect(delay_h(life)).toBeLessThan((8 / 2.4) * 24);
    },
  );

  test("is forgotten where the house that was suspected had other states", () => {
    const { memory } = live({ days: 11, faultFromDay: 10, sensor: () => 30 }).watch;
    expect(memory.suspected).toBeDefined();
    const house = { ...ofFourStates, maxPower_w, floorArea_m2: building.zone.floorArea_m2 };
    for (const kept of [memory, { ...memory, suspected: undefined }]) {
      const other = createHouseWatch(house, kept);
      expect(other.memory).toEqual(createHouseWatch(house).memory);
      expect(other.house).toBeUndefined();
    }
  });

  test.each([
    ["one state", zone(), undefined],
    ["four states", ofFourStates, undefined],
    ["one state, after a restart", zone(), 13],
  ])(
    "that drifts up by 2.4 K a day is doubted before it is 12 K off, in a house of %s",
    (_, truth, restartAtDay) => {
      const sensor = (air_c: number, steps: number) => air_c + (2.4 / perDay) * steps;
      const life = live({ truth, days: 15, faultFromDay: 10, sensor, ...(restartAtDay && { restartAtDay }) });
      expect(life.found.map(({ fault }) => fault)).toEqual(["thermometer"]);
      expect(delay_h(life)).toBeLessThan((12 / 2.4) * 24);
      expect(life.watch.finding?.measured_c).toBeGreaterThan(life.watch.finding!.expected_c + 5);
      expect(life.watch.mayBeStove).toBe(false);
      expect(life.watch.mayLoseMore).toBe(false);
    },
  );

  test("that has drifted up holds the room by the model before it is doubted, as no stove does", () => {
    const drifting = { days: 12.3, faultFromDay: 10 };
    const sensor = (air_c: number, steps: number) => air_c + (2.4 / perDay) * steps;
    const { watch } = live({ ...drifting, sensor });
    expect(watch.finding).toBeUndefined();
    expect(watch.isSuspicious).toBe(true);
    expect(watch.mayBeStove).toBe(false);
  });

  test("that says ever less is found before it is 10 K off", () => {
    const life = live({ days: 18, faultFromDay: 10, sensor: (air_c, steps) => air_c - 0.05 * steps });
    expect(delay_h(life)).toBeLessThan((10 / 0.05) * (24 / perDay) * 4);
  });
});

describe("a heater", () => {
  test.each([
    ["one state", zone()],
    ["four states", ofFourStates],
  ])("that does not heat a house of %s is found within hours, and it is not the thermometer", (_, truth) => {
    const life = live({ truth, days: 12, faultFromDay: 10, heat: () => 0 });
    expect(life.found.map(({ fault }) => fault)).toEqual(["noHeat"]);
    expect(delay_h(life)).toBeLessThan(20);
  });

  test("that gives half of its heat is found within three days, and how much it gives", () => {
    const life = live({ days: 16, faultFromDay: 10, heat: (ordered_w) => ordered_w / 2 });
    expect(life.found[0]?.fault).toBe("noHeat");
    expect(delay_h(life)).toBeLessThan(72);
    expect(life.watch.finding?.felt).toBeGreaterThan(0.3);
    expect(life.watch.finding?.felt).toBeLessThan(0.7);
  });

  test("that does not stop is found within hours", () => {
    const life = live({ days: 12, faultFromDay: 10, heat: () => maxPower_w });
    expect(life.found[0]?.fault).toBe("unaskedHeat");
    expect(delay_h(life)).toBeLessThan(10);
  });

  test("that heats again is found to", () => {
    const { watch, endDay } = live({ days: 13, faultFromDay: 10, faultUntilDay: 11, heat: () => 0 });
    expect(watch.finding).toBeUndefined();
    expect(endDay).toBeGreaterThan(11);
    expect(endDay).toBeLessThan(11.5);
  });
});

describe("nothing is found in", () => {
  const evenings_w = (hour: number) => (hour > 17 && hour < 22 ? 600 : 100);
  test("60 days of a usual home", () => {
    expect(live({ days: 60, gains_w: evenings_w }).found).toEqual([]);
  });

  test.each([1.3, 1 / 1.3])(
    "60 days of a house whose losses the model has wrong by a factor %f",
    (factor) => {
      const { zone: parameters } = building;
      const watched = zone({
        ...parameters,
        uWalls_w_m2k: parameters.uWalls_w_m2k * factor,
        uWindows_w_m2k: parameters.uWindows_w_m2k * factor,
        ventilation_ach: parameters.ventilation_ach * factor,
        infiltration_ach: parameters.infiltration_ach * factor,
      });
      expect(live({ watched, days: 60, gains_w: evenings_w }).found).toEqual([]);
    },
  );

  test("a window that is opened for an hour every morning", () => {
    expect(live({ days: 20, open: (_, hour) => (hour >= 8 && hour < 9 ? 4 : 0) }).found).toEqual([]);
  });

  test("a week in which nobody is at home", () => {
    const setpoint_c = (day: number) => (day > 10 && day < 17 ? 14 : 19.5);
    expect(live({ days: 25, gains_w: evenings_w, setpoint_c }).found).toEqual([]);
  });

  test.each([-3, 2.5])("a thermometer that is moved to another room, %f K from the first", (off_k) => {
    expect(live({ days: 20, faultFromDay: 10, sensor: (air_c) => air_c + off_k }).found).toEqual([]);
  });

  test("a fire that goes out each night, from the tenth day on, which may be one", () => {
    const gains_w = (hour: number, day: number) => (day > 10 && hour >= 12 && hour < 23 ? 1300 : 0);
    const { found, watch } = live({ days: 25, gains_w });
    expect(found).toEqual([]);
    expect([watch.isSuspicious, watch.mayBeStove]).toEqual([true, true]);
  });

  test.each([600, 1200])("a heater of %d W that is switched on once and stays on", (heat_w) => {
    const gains_w = (_: number, day: number) => (day > 10.4 ? heat_w : 0);
    expect(live({ days: 30, gains_w }).found).toEqual([]);
  });

  test("a fire that burns every evening", () => {
    const gains_w = (hour: number) => (hour >= 18 && hour < 22 ? 2500 : 0);
    expect(live({ days: 20, gains_w }).found).toEqual([]);
  });
});

test("without a temperature nothing is expected of the house", () => {
  const watch = createHouseWatch({ ...zone(), maxPower_w, floorArea_m2: 100 });
  watch.advance({ theta_e_c: 0, phi_sol_w: 0, phi_int_w: 0, phi_HC_w: 1000 });
  expect(watch.house).toBeUndefined();
  expect(watch.finding).toBeUndefined();
});
