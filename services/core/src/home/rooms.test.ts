import { expect, test } from "vitest";
import { createRooms } from "./rooms.ts";

const minute = 60_000;
const nowMs = Date.UTC(2026, 0, 15, 12);
const reading = (room: string, temperature: number, timeMs = nowMs) => ({
  room,
  timeMs,
  metrics: { temperature },
});

const logged: string[] = [];

function roomsWith(...readings: ReturnType<typeof reading>[]) {
  const rooms = createRooms({
    staleAfter_ms: 30 * minute,
    frozenAfter_ms: 12 * 60 * minute,
    heatingLift_k: 4,
    deciding: ["a", "b", "c"],
    mostRooms: 5,
    forgetAfter_ms: 60 * minute,
    log: { warn: (...words: unknown[]) => void logged.push(words.map(String).join(" ")) },
  });
  for (const each of readings) rooms.accept(each, nowMs);
  return rooms;
}

test("knows nothing before the first reading", () => {
  expect(roomsWith().zone(nowMs)).toBeUndefined();
  expect(roomsWith().states(nowMs)).toEqual([]);
});

test("one room is what it says, two are averaged, of more the median counts", () => {
  expect(roomsWith(reading("a", 20)).zone(nowMs)).toEqual({
    theta_air_c: 20,
    timeMs: nowMs,
    rooms: ["a"],
  });
  expect(roomsWith(reading("a", 20), reading("b", 21)).zone(nowMs)?.theta_air_c).toBe(20.5);
  const wild = roomsWith(reading("a", 20), reading("b", 20.4), reading("c", 54)).zone(nowMs);
  expect(wild?.theta_air_c).toBe(20.4);
});

test("a reading grows stale, and then only the others count", () => {
  const rooms = roomsWith(reading("a", 20, nowMs - 31 * minute), reading("b", 18, nowMs - 29 * minute));
  expect(rooms.zone(nowMs)).toMatchObject({ theta_air_c: 18, rooms: ["b"] });
  expect(rooms.states(nowMs)).toMatchObject([
    {
      room: "a",
      status: "stale",
      reason: "Its last reading is 31 minutes old, and no more than 30 minutes counts.",
      age_s: 1860,
      time: "2026-01-15T11:29:00.000Z",
    },
    { room: "b", status: "fresh", age_s: 1740 },
  ]);
  expect(rooms.zone(nowMs + 2 * minute)).toBeUndefined();
});

test("what no room can be is shown, but does not count", () => {
  const rooms = roomsWith(reading("a", 79), reading("b", -45), reading("c", 19));
  expect(rooms.zone(nowMs)).toMatchObject({ theta_air_c: 19, rooms: ["c"] });
  expect(rooms.states(nowMs).map(({ status }) => status)).toEqual(["implausible", "implausible", "fresh"]);
});

test("a sensor that says exactly the same for too long is frozen, until it says something else", () => {
  const rooms = roomsWith();
  const measure = (temperature: number, afterMs: number) => {
    rooms.accept(reading("a", temperature, nowMs + afterMs), nowMs + afterMs);
    rooms.accept(reading("b", 19 + afterMs / 1e9, nowMs + afterMs), nowMs + afterMs);
    return rooms.states(nowMs + afterMs).map(({ status }) => status);
  };
  for (let passed = 0; passed < 12 * 60; passed += 15) {
    expect(measure(20.4, passed * minute)).toEqual(["fresh", "fresh"]);
  }
  expect(measure(20.4, 12 * 60 * minute)).toEqual(["frozen", "fresh"]);
  expect(rooms.states(nowMs + 12 * 60 * minute)[0].reason).toBe(
    "It has said exactly 20.4 °C for 12 hours, and air is never that still.",
  );
  expect(rooms.zone(nowMs + 12 * 60 * minute)?.rooms).toEqual(["b"]);
  expect(measure(20.3, 12.25 * 60 * minute)).toEqual(["fresh", "fresh"]);
});

/** Says one temperature a minute from `nowMs` on; what the room is found to be at each. */
function minuteByMinute(...temperatures: number[]) {
  const rooms = roomsWith();
  const found = temperatures.map((temperature, k) => {
    const atMs = nowMs + k * minute;
    rooms.accept(reading("a", temperature, atMs), atMs);
    return rooms.zone(atMs)?.theta_air_c;
  });
  return { rooms, found };
}

test("a jump that no room's air makes does not count, and what comes before and after does", () => {
  const { rooms, found } = minuteByMinute(20, 31, 20.1, 31, 31.2, 20.2, 8, 20.2);
  expect(found).toEqual([20, undefined, 20.1, undefined, undefined, 20.2, undefined, 20.2]);
  rooms.accept(reading("a", 31, nowMs + 8 * minute), nowMs + 8 * minute);
  expect(rooms.states(nowMs + 8 * minute)).toMatchObject([
    {
      status: "implausible",
      reason: "It went from 20.2 to 31 °C within 60 s, and counts again when it stays there for 5 minutes.",
    },
  ]);
});

test("a jump that stays for five minutes is accepted, whether the sensor reports it again or not", () => {
  const { found } = minuteByMinute(20, 31, 31, 30.9, 31, 31, 31.1, 31.2);
  const none = undefined;
  expect(found).toEqual([20, none, none, none, none, none, 31.1, 31.2]);
  const { rooms } = minuteByMinute(20, 31);
  expect(rooms.zone(nowMs + 5 * minute)).toBeUndefined();
  expect(rooms.zone(nowMs + 6 * minute)?.theta_air_c).toBe(31);
});

/** Says a temperature each so many minutes; what the room is found to be just before and at each. */
function seldom(every: number, ...temperatures: number[]) {
  const rooms = roomsWith();
  return temperatures.map((temperature, k) => {
    const atMs = nowMs + k * every * minute;
    const justBefore = rooms.zone(atMs - 1000)?.theta_air_c;
    rooms.accept(reading("a", temperature, atMs), atMs);
    return [justBefore, rooms.zone(atMs)?.theta_air_c];
  });
}

test("one bad reading of a sensor that reports seldom never counts, and the good one after it does", () => {
  const none = undefined;
  for (const every of [6, 10, 15])
    expect(seldom(every, 20, 0.5, 20.1, 20.2)).toEqual([
      [none, 20],
      [20, none],
      [none, 20.1],
      [20.1, 20.2],
    ]);
});

test("a jump that a sensor which reports seldom repeats is accepted, and so is one that is followed by silence", () => {
  expect(seldom(10, 20, 0.5, 0.4).at(-1)).toEqual([undefined, 0.4]);
  const rooms = roomsWith(reading("a", 20, nowMs - 12 * minute), reading("a", 0.5));
  expect(rooms.zone(nowMs + 11 * minute)).toBeUndefined();
  expect(rooms.zone(nowMs + 12 * minute)?.theta_air_c).toBe(0.5);
});

test("a good reading after a bad one that time alone confirmed counts at once", () => {
  const rooms = roomsWith(reading("a", 20), reading("a", 0.5, nowMs + minute));
  const laterMs = nowMs + 9 * minute;
  expect(rooms.zone(laterMs)?.theta_air_c).toBe(0.5);
  rooms.accept(reading("a", 20.1, laterMs), laterMs);
  expect(rooms.zone(laterMs)?.theta_air_c).toBe(20.1);
});

test("an opened window, the sun and the heating at full power count at once", () => {
  const window = [20, 16.5, 14.2, 12.9];
  expect(minuteByMinute(...window).found).toEqual(window);
  const heating = [18, 24.9, 25.5];
  expect(minuteByMinute(...heating).found).toEqual(heating);
});

test("what a sensor said half an hour ago or beyond reason is not held against it", () => {
  const rooms = roomsWith(reading("a", 20, nowMs - 31 * minute), reading("a", 8));
  expect(rooms.zone(nowMs)?.theta_air_c).toBe(8);
  expect(minuteByMinute(79, 20, -45, 20.1).found).toEqual([undefined, 20, undefined, 20.1]);
});

test("a sensor that reports seldom is not frozen", () => {
  const rooms = roomsWith(reading("a", 20));
  const laterMs = nowMs + 24 * 60 * minute;
  rooms.accept(reading("a", 20, laterMs), laterMs);
  expect(rooms.states(laterMs)).toMatchObject([{ status: "fresh" }]);
});

test("a reading that arrives late does not replace a newer one", () => {
  const rooms = roomsWith(reading("a", 20));
  expect(rooms.accept(reading("a", 10, nowMs - minute), nowMs)).toBe(false);
  expect(rooms.zone(nowMs)?.theta_air_c).toBe(20);
});

test("after the clock jumped back, old readings from the future give way", () => {
  const rooms = roomsWith(reading("a", 20));
  const earlierMs = nowMs - 24 * 60 * minute;
  expect(rooms.zone(earlierMs)).toBeUndefined();
  expect(rooms.accept(reading("a", 17, earlierMs), earlierMs)).toBe(true);
  expect(rooms.zone(earlierMs)?.theta_air_c).toBe(17);
});

test("a room that does not decide is shown, and forgotten after a long silence", () => {
  const rooms = roomsWith(reading("a", 20), reading("attic", 3));
  expect(rooms.zone(nowMs)).toMatchObject({ theta_air_c: 20, rooms: ["a"] });
  expect(rooms.states(nowMs)).toMatchObject([
    { room: "a", decides: true },
    { room: "attic", decides: false },
  ]);
  expect(rooms.states(nowMs + 61 * minute).map(({ room }) => room)).toEqual(["a"]);
  expect(roomsWith(reading("attic", 3)).zone(nowMs)).toBeUndefined();
});

test("rooms beyond the limit are refused, counted and logged once; those that decide always have a place", () => {
  logged.length = 0;
  const rooms = roomsWith(...Array.from({ length: 100 }, (_, i) => reading(`invented ${i}`, 30)));
  expect(rooms.states(nowMs).map(({ room }) => room)).toEqual(["invented 0", "invented 1"]);
  expect(rooms.refused).toBe(98);
  expect(logged).toEqual([expect.stringContaining("AZRU_MAX_ROOMS")]);
  for (const room of ["a", "b", "c"]) expect(rooms.accept(reading(room, 20), nowMs)).toBe(true);
  const laterMs = nowMs + 61 * minute;
  expect(rooms.accept(reading("attic", 3, laterMs), laterMs)).toBe(true);
  expect(rooms.states(laterMs).map(({ room }) => room)).toEqual(["a", "b", "c", "attic"]);
});

test("each time that a sensor is found not to be trusted is counted once, by why", () => {
  const rooms = roomsWith(reading("a", 79));
  rooms.zone(nowMs);
  rooms.zone(nowMs + minute);
  expect(rooms.states(nowMs)[0].reason).toBe("It says 79 °C, and a room's air is between -30 and 55 °C.");
  rooms.accept(reading("a", 20, nowMs + 2 * minute), nowMs + 2 * minute);
  rooms.zone(nowMs + 2 * minute);
  expect(rooms.states(nowMs + 2 * minute)[0]).not.toHaveProperty("reason");
  rooms.zone(nowMs + 60 * minute);
  rooms.zone(nowMs + 61 * minute);
  rooms.accept(reading("a", 80, nowMs + 62 * minute), nowMs + 62 * minute);
  rooms.zone(nowMs + 62 * minute);
  expect(rooms.distrusted).toEqual({ stale: 1, frozen: 0, implausible: 2, doubted: 0 });
});
