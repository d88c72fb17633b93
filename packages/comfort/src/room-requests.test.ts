import { expect, test } from "vitest";
import { defaultRequests, settled } from "./requests.ts";
import { isRoomOff, off_c, roomRequests, roomSetpoints_c } from "./room-requests.ts";

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
  expect(
    ["20:59", "21:00", "23:30", "03:00", "08:59", "09:00"].map((time) => isRoomOff({ off }, at(time))),
  ).toEqual([false, true, true, true, true, false]);
  expect(isRoomOff({}, at("03:00"))).toBe(false);
  const setpoints_c = roomSetpoints_c(home, { off }, { startMs: at("20:00"), step_ms: hour, count: 3 });
  expect([...setpoints_c]).toEqual([19, off_c, off_c]);
});

test("what was asked for in a room holds there, unless the home was asked later", () => {
  const asked = {
    preset: null,
    setpoint_c: 16,
    since: "2026-01-15T10:00:00.000Z",
    until: "2026-01-15T12:00:00.000Z",
  };
  const earlier = { ...asked, setpoint_c: 21, since: "2026-01-15T09:00:00.000Z" };
  const later = { ...earlier, since: "2026-01-15T10:30:00.000Z" };
  expect(roomRequests({ ...home, temporary: earlier }, { asked }).temporary?.setpoint_c).toBe(16);
  expect(roomRequests({ ...home, temporary: later }, { asked }).temporary?.setpoint_c).toBe(21);
  // 11:00 to 14:00 in Paris: it holds until 13:00.
  const grid = { startMs: at("11:00"), step_ms: hour, count: 3 };
  expect([...roomSetpoints_c(home, { asked }, grid)]).toEqual([16, 16, 19]);
});

test("a room that was switched off stays off; one that is asked to be warm is, in its hours off too", () => {
  const off = [{ from: "00:00", until: "23:00" }];
  const since = "2026-01-15T10:00:00.000Z";
  const switchedOff = { preset: "off", setpoint_c: off_c, since, until: null } as const;
  const warm = { preset: null, setpoint_c: 20, since, until: "2026-01-15T11:00:00.000Z" };
  const states = ["11:30", "12:30", "23:30"].map((time) =>
    [{ asked: switchedOff }, { off, asked: warm }, { off }].map((room) => isRoomOff(room, at(time))),
  );
  expect(states).toEqual([
    [true, false, true],
    [true, true, true],
    [true, false, false],
  ]);
  expect(roomRequests(home, { asked: switchedOff }).temporary).toBeNull();
});

test("what was asked for in a room is forgotten once its time is over", () => {
  const since = "2026-01-15T10:00:00.000Z";
  const rooms = {
    Salon: { preset: "boost", setpoint_c: 21, since, until: "2026-01-15T11:00:00.000Z" },
    Cave: { preset: "off", setpoint_c: off_c, since, until: null },
  } as const;
  expect(settled({ ...home, rooms }, at("11:59")).rooms).toEqual(rooms);
  expect(settled({ ...home, rooms }, at("12:00")).rooms).toEqual({ Cave: rooms.Cave });
});
