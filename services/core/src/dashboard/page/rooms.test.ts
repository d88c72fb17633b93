import { expect, test } from "vitest";
import { createFormat } from "./format.ts";
import { roomRows } from "./rooms.ts";
import { textsOf } from "./texts.ts";

const room = (name: string, temperature: number, more = {}) => ({
  room: name,
  decides: false,
  time: "2026-01-15T12:00:00Z",
  age_s: 0,
  status: "fresh" as const,
  metrics: { temperature },
  ...more,
});
const heating = { setpoint: 19, max: 23, off: false, valve_position: 40, power: 1500 };
const texts = textsOf("en", "heating");
const format = createFormat("en", "heating");

test("heated rooms come first, each with its setpoint; others are only shown", () => {
  const rows = roomRows(
    [
      room("attic", 3.2),
      room("Salon (nord)", 19.4, { decides: true, heating }),
      room("bath", 20, {
        decides: true,
        status: "stale",
        heating: { ...heating, off: true, valve_position: 0 },
      }),
    ],
    texts,
    format,
  );
  expect(rows.map(({ room: name, heating: how }) => [name, how])).toEqual([
    ["Salon (nord)", format.percent(40)],
    ["bath", format.percent(0)],
    ["attic", texts.roomShown],
  ]);
  expect(rows[0]).toMatchObject({ temperature: format.temperature(19.4), setpoint: format.temperature(19) });
  expect(rows[1]).toMatchObject({ temperature: texts.unknownTemperature, setpoint: texts.roomOff });
});

test("a home of one room has no table of rooms", () => {
  expect(roomRows([room("living-room", 19, { decides: true })], texts, format)).toEqual([]);
});
