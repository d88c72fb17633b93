import { expect, it } from "vitest";
import { createCommandWatch } from "./command-watch.ts";
import { contradictionOf } from "./zigbee/contradiction.ts";

const minute_ms = 60_000;

function watched() {
  const said: string[] = [];
  const note = (_: object, text: string) => said.push(text);
  const watch = createCommandWatch("valve", 2 * minute_ms, {
    info: note,
    warn: note,
    error: note,
    debug: note,
  });
  return { watch, said };
}

it("a device that contradicts is sent its command again, and it is said once that it does not take it", () => {
  const { watch, said } = watched();
  watch.sent(0);
  expect(watch.report("it is off", minute_ms)).toBe(false);
  let again = 0;
  for (let minute = 3; minute <= 63; minute += 3)
    if (watch.report("it is off", minute * minute_ms)) {
      again++;
      watch.sent(minute * minute_ms);
    }
  expect(again).toBe(4);
  expect(said).toEqual([
    "device contradicts its command: sent again",
    expect.stringMatching(/^device does not take its command/),
  ]);
  expect(watch.report("it is off", 72 * minute_ms)).toBe(true);
  expect(watch.report(undefined, 73 * minute_ms)).toBe(false);
  expect(said.at(-1)).toBe("device takes its command again");
});

it.each([
  [{ occupied_heating_setpoint: 19, system_mode: "heat" }, { occupied_heating_setpoint: 19.2 }, undefined],
  [
    { occupied_heating_setpoint: 19 },
    { occupied_heating_setpoint: 21 },
    "occupied_heating_setpoint is 21 instead of 19",
  ],
  [{ preset: "manual" }, { preset: "schedule" }, 'preset is "schedule" instead of "manual"'],
  [{ state: "ON" }, { state: "on" }, undefined],
  [{ current_heating_setpoint: 20 }, { preset: "off" }, "it is off"],
  [{ current_heating_setpoint: 20 }, { window_open: true }, "it says that a window is open"],
  [{ current_heating_setpoint: 20 }, { window: "OPEN" }, "it says that a window is open"],
  [{ current_heating_setpoint: 20 }, { window_detection: "ON", local_temperature: 18 }, undefined],
])("%j against the report %j", (message, report, contradiction) => {
  expect(contradictionOf({ message, tolerance: 0.25, opening_percent: 50 }, report)).toBe(contradiction);
});

it("a valve that is commanded shut and reports that it is fully open contradicts", () => {
  const sent = { message: { current_heating_setpoint: 7 }, tolerance: 0.25, opening_percent: 0 };
  expect(contradictionOf(sent, { position: 100 })).toBe("it is fully open");
  expect(contradictionOf({ ...sent, opening_percent: 80 }, { position: 100 })).toBeUndefined();
});
