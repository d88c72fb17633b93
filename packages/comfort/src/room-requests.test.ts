import { expect, test } from "vitest";
import { defaultRequests } from "./requests.ts";
import { isOff, off_c, roomRequests, roomSetpoints_c } from "./room-requests.ts";

const home = defaultRequests({ comfort: { min_c: 19, max_c: 24 } }, 0);
const at = (time: string) => Date.parse(`2026-01-15T${time}:00+01:00`);
const hour = 3_600_000;

test("a room's own temperatures take the place of the home's, the rest stays", () => {
  const { settings } = roomRequests(home, { presets_c: { comfort: 17 }, warmest_c: 20 });
  expect(settings.presets_c).toEqual({ eco: 17, comfort: 17, boost: home.settings.presets_c.boost });
  expect(settings.warmest).toMatchObject({ day_c: 20, night_c: 20 });
  expect(roomRequests(home, {})).toEqual({ ...home, settings: { ...home.settings, away_c: null } });
});

test("a temperature asked for by hand moves each room as much, a preset means the room's own", () => {
  const temporary = {
    preset: null,
    setpoint_c: 21,
    since: "2026-01-15T10:00:00.000Z",
    until: "2026-01-15T12:00:00.000Z",
  };
  const bedroom = { presets_c: { comfort: 17, boost: 18 } };
  expect(roomRequests({ ...home, temporary }, bedroom).temporary?.setpoint_c).toBe(19);
  const boost = { ...temporary, preset: "boost" as const };
  expect(roomRequests({ ...home, temporary: boost }, bedroom).temporary?.setpoint_c).toBe(18);
});

test("off over midnight", () => {
  const off = [{ from: "21:00", until: "09:00" }];
  expect(["20:59", "21:00", "23:30", "03:00", "08:59", "09:00"].map((time) => isOff(off, at(time)))).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(isOff(undefined, at("03:00"))).toBe(false);
  const setpoints_c = roomSetpoints_c(home, { off }, { startMs: at("20:00"), step_ms: hour, count: 3 });
  expect([...setpoints_c]).toEqual([19, off_c, off_c]);
});
