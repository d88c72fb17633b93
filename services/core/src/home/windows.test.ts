import { expect, test } from "vitest";
import { createWindows } from "./windows.ts";

const minute = 60_000;
const startMs = Date.UTC(2026, 0, 15, 12);
const steady = { valve: 0.5, lift_k: 2 };

/** Says a temperature every five minutes from `startMs` on; whether a window is found open at each. */
function everyFiveMinutes(temperatures: readonly number[], heatedAt = (_: number) => steady) {
  const windows = createWindows(30 * minute);
  return temperatures.map((temperature, k) => {
    const timeMs = startMs + 5 * k * minute;
    windows.accept({ room: "bath", timeMs, metrics: { temperature } }, heatedAt(k));
    return windows.openIn("bath", timeMs)?.cause;
  });
}

test("a fall that a closed room does not make is a window, until the air rises again", () => {
  expect(everyFiveMinutes([20, 19.9, 18.9, 18.1, 17.9, 18, 18.5, 18.8])).toEqual([
    undefined,
    undefined,
    undefined,
    "fall",
    "fall",
    "fall",
    undefined,
    undefined,
  ]);
});

test("a slow fall is none, nor is one that the heat that was cut off explains", () => {
  const none = (found: readonly unknown[]) => expect(found.filter(Boolean)).toEqual([]);
  none(everyFiveMinutes([20, 19.6, 19.2, 18.8, 18.4, 18, 17.6]));
  const cutOff = (k: number) => ({ valve: k === 0 ? 1 : 0, lift_k: 2 });
  none(everyFiveMinutes([22, 20.5, 19.2, 19], cutOff));
  expect(everyFiveMinutes([22, 20.5, 19.2, 18], cutOff).at(-1)).toBe("fall");
});

test("a heater that takes turns is none: the room falls as far as its heat has lifted it", () => {
  // On for a quarter of an hour and off for one, 3 K up and down though the house's model knows of 1 K.
  const turns = (k: number) => ({ valve: k % 6 < 3 ? 1 : 0, lift_k: 1 });
  const swing = [19, 20.5, 22, 21, 20, 19.2];
  const found = everyFiveMinutes([...swing, ...swing, ...swing], turns);
  expect(found.filter(Boolean)).toEqual([]);
  expect(everyFiveMinutes([...swing, ...swing, 19, 20.5, 22, 19.5, 16.5, 14], turns).at(-1)).toBe("fall");
});

test("a reading of a broken sensor while it is heated hides no window later", () => {
  const turns = (k: number) => ({ valve: k < 6 ? 1 : 0, lift_k: 1 });
  const found = everyFiveMinutes([19, 19.5, -127, 20, 20.2, 20.3, 18, 15], turns);
  expect(found.at(-1)).toBe("fall");
});

test("after half an hour the room is heated again though its contact is silent", () => {
  const windows = createWindows(30 * minute);
  for (const [k, temperature] of [20, 17].entries()) {
    windows.accept({ room: "bath", timeMs: startMs + k * minute, metrics: { temperature } }, steady);
  }
  const open = windows.openIn("bath", startMs + minute);
  expect(open).toEqual({ cause: "fall", sinceMs: startMs, untilMs: startMs + 31 * minute });
  expect(windows.open(startMs + 30 * minute).size).toBe(1);
  expect(windows.openIn("bath", startMs + 31 * minute)).toBeUndefined();
});

test("a contact holds as long as it reports, and a fall counts for nothing beside it", () => {
  const windows = createWindows(30 * minute);
  const say = (k: number, window_open: number, temperature = 20) =>
    windows.accept(
      { room: "bath", timeMs: startMs + k * minute, metrics: { temperature, window_open } },
      steady,
    );
  say(0, 1);
  say(10, 1);
  expect(windows.openIn("bath", startMs + 39 * minute)).toEqual({ cause: "contact", sinceMs: startMs });
  expect(windows.openIn("bath", startMs + 41 * minute)).toBeUndefined();
  say(20, 0, 15);
  expect(windows.openIn("bath", startMs + 20 * minute)).toBeUndefined();
});
